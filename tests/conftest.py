"""One real PostgreSQL for the whole run: the first xdist worker that asks starts it for all."""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from intake import embedded

FOLDER = "KISS_TEST_POSTGRES"
"""Environment variable by which the workers learn the controller's folder."""

SERVER = pytest.StashKey[tuple[embedded.Server, int]]()


def pytest_configure(config: pytest.Config) -> None:
    """Choose the folder once; under root PostgreSQL is another account and must be able to pass."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.mkdtemp(prefix="kiss-tests-")
        Path(folder).chmod(0o755)
        os.environ[FOLDER] = folder


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> embedded.Server:
    """Give everybody one server; make your own database in it. It outlives every worker."""
    folder = Path(os.environ[FOLDER])
    users = os.open(folder / "users", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(users, fcntl.LOCK_SH)
    server = embedded.start(
        folder / "data", state=folder / "state", settings={"max_connections": 300}
    )
    pytestconfig.stash[SERVER] = server, users
    return server


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server after its last user, and remove the folder after the last worker."""
    server, users = config.stash.get(SERVER, (None, None))
    if server is not None and users is not None:
        if server.owned:
            fcntl.flock(users, fcntl.LOCK_EX)  # waits for the others, outside any test's time
            server.stop()
        os.close(users)
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(FOLDER))
