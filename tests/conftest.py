"""One real PostgreSQL for the whole run: the first xdist worker that asks starts it for all."""

import asyncio
import fcntl
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Browser
from sqlalchemy.ext.asyncio import create_async_engine

from core.ground.database import Database, alchemy_url, open_database, plain_url
from core.ground.settings import Settings
from core.opening import open_runtime
from core.runtime import Runtime
from intake import embedded
from intake.commands.opening import Urls
from migrations.roles import application_of
from migrations.upgrade import upgrade
from tests import browsing, builders, cleaning
from tests.memory import Memory

FOLDER = "KISS_TEST_POSTGRES"
"""Environment variable by which the workers learn the controller's folder."""

TIMEOUT = 30
"""Seconds for an answer of the database: a machine that many share may stand still for a while."""

SERVER = pytest.StashKey[tuple[embedded.Server, int]]()


def pytest_configure(config: pytest.Config) -> None:
    """Choose the folder once; under root PostgreSQL is another account and must be able to pass."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.mkdtemp(prefix="kiss-tests-")
        Path(folder).chmod(0o755)
        os.environ[FOLDER] = folder
    config.pluginmanager.register(Memory(), "memory")


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
        shutil.rmtree(os.environ.pop(FOLDER), ignore_errors=True)  # a killed worker may still end


@pytest.fixture(scope="session")
def worker_database(postgres_server: embedded.Server, worker_id: str) -> Urls:
    """Migrate one database per worker, with the invented hospital in it and a copy beside it."""
    name = f"worker_{worker_id}"
    postgres_server.create_database(name)
    url, owner = postgres_server.dsn(name), postgres_server.owner_dsn(name)

    async def make() -> None:
        engine = create_async_engine(alchemy_url(owner))
        await upgrade(engine, application_of(url))
        await engine.dispose()
        await builders.seed(plain_url(url))
        await cleaning.remember(plain_url(owner))

    asyncio.run(make())
    return Urls(application=url, owner=owner)


@pytest.fixture
def owner_url(worker_database: Urls) -> str:
    """Give the test the rights of whoever owns the tables, for what the application may not do."""
    assert worker_database.owner
    return worker_database.owner


@pytest.fixture
async def database_url(worker_database: Urls, owner_url: str) -> str:
    """Give the test a database that holds the invented hospital and nothing else."""
    await cleaning.clean(plain_url(owner_url))
    return worker_database.application


@pytest.fixture
def hands() -> builders.Hands:
    """Give the test a clock moved by hand; it starts on a Monday at 10:00 WIB."""
    return builders.Hands()


@pytest.fixture(scope="session")
async def prepared(worker_database: Urls) -> AsyncIterator[Database]:
    """Open an engine for a worker's whole run: what it compiled once serves every test."""
    opened = await open_database(
        worker_database.application, Settings(database_timeout=TIMEOUT), builders.Hands()
    )
    yield opened
    await opened.close()


@pytest.fixture
async def runtime(
    database_url: str, prepared: Database, tmp_path: Path, hands: builders.Hands
) -> AsyncIterator[Runtime]:
    """Open the core on the test's own database, folder and clock, with connections of its own."""
    settings = Settings(
        data=tmp_path,
        secret_key="a secret for tests, and long enough",
        database_timeout=TIMEOUT,
    )
    before = asyncio.all_tasks()
    async with open_runtime(settings, database_url, clock=hands) as opened:
        ours = prepared.at(hands)
        database = replace(opened.database, engine=ours.engine, sessions=ours.sessions)
        yield replace(opened, database=database)
    await prepared.engine.dispose()
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    assert not left, f"still running, to somebody else's surprise: {left}"


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Start one real Chromium for a worker's whole run; each tab has a context of its own."""
    async with browsing.browser() as started:
        yield started
