"""Keeps a clock at the database's time: every new connection is asked, and one every so often."""

import asyncio
from typing import Final

import asyncpg

from core.ground.clock import DatabaseClock
from core.ground.database import CLIENT_FAULTS, POOL_WAIT

FIRST_WAIT: Final = 1.0
"""Seconds that an opening waits for a database that does not even refuse."""
ANSWER_WAIT: Final = 1.0
"""Seconds that an answer may take."""
EVERY_SECONDS: Final = 15.0
"""How soon it is noticed that somebody set the clock of the database's host."""
SOON_SECONDS: Final = 0.5
"""How often a database that has not answered yet is asked."""

_FAULTS: Final = (OSError, asyncpg.PostgresError, *CLIENT_FAULTS)


async def ask(
    clock: DatabaseClock,
    connection: "asyncpg.Connection[asyncpg.Record]",
    wait: float | None = None,
) -> None:
    """Ask the database for its time, for so many seconds at most, over a connection of one's own.

    Raises what asyncpg does.
    """
    told = clock.asking()
    told(await connection.fetchval("SELECT clock_timestamp()", timeout=wait))


async def look(
    clock: DatabaseClock, pool: "asyncpg.Pool[asyncpg.Record]", wait: float = POOL_WAIT
) -> None:
    """Ask once, waiting so many seconds for a connection; a database that is away changes nothing.

    What is answered after more than a second says too little to be waited for.
    """
    try:
        async with pool.acquire(timeout=wait) as connection:
            await ask(clock, connection, ANSWER_WAIT)
    except _FAULTS:
        return


async def follow(
    clock: DatabaseClock, pool: "asyncpg.Pool[asyncpg.Record]", every_seconds: float = EVERY_SECONDS
) -> None:
    """Ask again and again, until cancelled."""
    while True:
        await asyncio.sleep(every_seconds if clock.was_told else SOON_SECONDS)
        await look(clock, pool)
