"""The Runtime: everything a process works with, made where its event loop starts."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from core.bell import Bell
from core.clock import Clock
from core.database import AWAY, Database, open_database, plain_url
from core.directory_store import DirectoryStore
from core.settings import Settings
from core.storage import Storage


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """Handed to whoever needs it; nothing of it is global, nothing of it changes."""

    settings: Settings
    clock: Clock
    secret: bytes
    database: Database
    directory: DirectoryStore
    storage: Storage
    bell: Bell


@contextlib.asynccontextmanager
async def open_runtime(
    settings: Settings, url: str, *, clock: Clock | None = None
) -> AsyncIterator[Runtime]:
    """Open everything on the running loop; close it, and carry the last rings, at the end.

    `url` is the database's, given apart because the bundled server's is known only once it runs.
    """
    from core.schema import metadata  # here, since some nouns know the runtime

    metadata()  # whoever writes one table needs to know those it refers to
    database = await open_database(url, settings)
    bell = Bell()
    carrier = asyncio.create_task(bell.carry(plain_url(url)), name="bell")
    try:
        yield Runtime(
            settings=settings,
            clock=clock or settings.clock(),
            secret=settings.secret(),
            database=database,
            directory=DirectoryStore(database.pool, plain_url(url), settings.database_timeout),
            storage=Storage.open(
                settings.storage_url or str(settings.data / "files"), spool=settings.data / "spool"
            ),
            bell=bell,
        )
    finally:
        carrier.cancel()
        await asyncio.gather(carrier, return_exceptions=True)
        with contextlib.suppress(*AWAY):  # a hint; the database may be gone already
            async with asyncio.timeout(1):
                await bell.flush(database.pool)
        await database.close()
