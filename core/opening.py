"""Opens the Runtime, once for each event loop."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from functools import partial

from core.ground.bell import Bell
from core.ground.carrier import Carrier
from core.ground.clock import Clock, DatabaseClock, Machine
from core.ground.database import AWAY, Greet, open_database, plain_url
from core.ground.faults import asked_for
from core.ground.following import FIRST_WAIT, ask, follow, look
from core.ground.readiness import Readiness
from core.ground.refusal_ledger import RefusalLedger
from core.ground.refusals import Refusals
from core.ground.settings import Settings
from core.ground.spool import machine_of
from core.ground.storage import Storage
from core.ground.waiting_files import WaitingFiles
from core.hospital.directory_store import DirectoryStore
from core.runtime import Runtime
from core.schema import metadata


@contextlib.asynccontextmanager
async def open_runtime(
    settings: Settings, url: str, *, clock: Clock | None = None, machine: Machine | None = None
) -> AsyncIterator[Runtime]:
    """Open everything on the running loop; close it, and carry the last rings, at the end.

    `url` is the database's, given apart because the bundled server's is known only once it runs.
    Without a `clock` it is the database's time, told by the steady steps of the `machine`; one
    whose database is away begins with the time on its own wall.
    """
    secret = settings.secret()  # before anything is open: a key that can be guessed opens nothing
    asked_for()  # a process that is to fail on purpose says at once if it cannot
    metadata()  # whoever writes one table needs to know those it refers to
    following: DatabaseClock | None = None
    greet: Greet | None = None
    if clock is None:
        following = DatabaseClock(machine)
        clock, greet = settings.shifted(following), partial(ask, following)
    database = await open_database(url, settings, clock, greet)
    bell, readiness = Bell(), Readiness(url)
    spool = settings.data / "spool"
    ledger = WaitingFiles(database=database, machine=machine_of(spool), clock=clock)
    storage = Storage.open(
        settings.storage_url or str(settings.data / "files"),
        spool=spool,
        ledger=ledger,
        clock=clock,
    )
    refusals = Refusals()
    refused = RefusalLedger(database=database, refusals=refusals, clock=clock)
    tasks = [
        asyncio.create_task(refused.keep(), name="refusals"),
        asyncio.create_task(bell.carry(plain_url(url)), name="bell"),
        asyncio.create_task(Carrier(storage, ledger).run(), name="files"),
    ]
    try:
        if following:
            await look(following, database.pool, FIRST_WAIT)
            tasks.append(asyncio.create_task(follow(following, database.pool), name="clock"))
        yield Runtime(
            settings=settings,
            clock=clock,
            secret=secret,
            database=database,
            directory=DirectoryStore(database.pool, plain_url(url), settings.database_timeout),
            storage=storage,
            bell=bell,
            refusals=refusals,
            readiness=readiness,
        )
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await readiness.close()
        await storage.close()
        await refused.end()
        with contextlib.suppress(*AWAY):  # a hint; the database may be gone already
            async with asyncio.timeout(1):
                await bell.flush(database.pool)
        await database.close()
