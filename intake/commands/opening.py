"""Opens the settings, the database and the core for any command."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from core.ground.settings import Settings
from core.opening import open_runtime
from core.runtime import Runtime
from intake import embedded
from intake.commands.failures import MISCONFIGURED, Failed
from intake.embedded.cluster_folder import locate
from migrations.upgrade import OF_A_FORMER_BUILD, SchemaState, state_of

T = TypeVar("T")

DATABASE = "kiss"
"""Name of the database in the bundled server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Urls:
    """The ways into one database; `owner` is None where nothing names whoever owns the tables."""

    application: str
    owner: str | None = None
    server: embedded.Server | None = None
    """The bundled server, for whoever stays and has to look after it."""


@contextlib.contextmanager
def database(settings: Settings) -> Iterator[str]:
    """Hand out the application's URL: DATABASE_URL, else the bundled server's of KISS_DATA.

    A server that already runs is attached to; else it runs for the length of the block. A data
    folder that holds no database yet is refused.
    """
    with urls(settings) as found:
        yield found.application


@contextlib.contextmanager
def urls(settings: Settings, *, create: bool = False) -> Iterator[Urls]:
    """Hand out the owner's URL as well; with `create`, a database is made where there is none."""
    if settings.database_url is not None:
        yield Urls(application=settings.database_url, owner=settings.database_owner_url)
        return
    if not create and locate(settings.data) is None:
        raise Failed(
            f"There is no database in {settings.data.resolve()} yet. `kiss run` makes one; "
            "KISS_DATA names another folder, DATABASE_URL a PostgreSQL of your own.",
            MISCONFIGURED,
        )
    with embedded.running(settings.data) as server:
        server.create_database(DATABASE)
        yield urls_of(server)


def urls_of(server: embedded.Server) -> Urls:
    """Return the ways into the bundled server's database."""
    return Urls(application=server.dsn(DATABASE), owner=server.owner_dsn(DATABASE), server=server)


def work(job: Callable[[Runtime], Awaitable[T]]) -> T:
    """Do one thing with the core of this installation and return what came of it."""
    settings = Settings()
    with database(settings) as url:
        return asyncio.run(_with_runtime(settings, url, job))


def is_there(settings: Settings) -> bool:
    """Whether there is a database that processes of ours may be connected to right now."""
    return settings.database_url is not None or embedded.describe(settings.data).running


async def demand_current(runtime: Runtime) -> None:
    """Refuse to work on a database of another shape than this release knows."""
    found = await state_of(runtime.database)
    if found is not SchemaState.CURRENT:
        raise Failed(_NOT_CURRENT[found], MISCONFIGURED)


async def _with_runtime(settings: Settings, url: str, job: Callable[[Runtime], Awaitable[T]]) -> T:
    async with open_runtime(settings, url) as runtime:
        await demand_current(runtime)
        return await job(runtime)


_NOT_CURRENT = {
    SchemaState.EMPTY: "The database is empty. `kiss migrate` makes its tables.",
    SchemaState.OLDER: (
        "The database is older than this release. `kiss migrate` brings it up to date."
    ),
    SchemaState.NEWER: "The database was migrated by a newer release. Start that one.",
    SchemaState.FORMER: OF_A_FORMER_BUILD,
    SchemaState.CLOSED: (
        "The role of DATABASE_URL may not read the tables. `kiss migrate` with DATABASE_OWNER_URL "
        "lets it."
    ),
}
