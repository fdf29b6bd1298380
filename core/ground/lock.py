"""One process at a time: an advisory lock held on a connection of its own.

The lock lasts exactly as long as the connection; whoever holds it is told when that is lost.
"""

import asyncio
import contextlib
import zlib
from collections.abc import AsyncIterator

import asyncpg

from core.ground.database import Database, passing_faults, plain_url

_PATIENCE = 5.0


@contextlib.asynccontextmanager
async def alone(database: Database, space: int, name: str) -> AsyncIterator[asyncio.Event | None]:
    """Hold the lock of a name; hand out an event that is set when it is lost, None if it is taken.

    `space` tells one kind of lock from others in PostgreSQL's two-number space. Raises
    DatabaseAwayError.
    """
    url = database.engine.url.render_as_string(hide_password=False)
    with passing_faults():
        connection = await asyncpg.connect(
            plain_url(url), timeout=_PATIENCE, command_timeout=_PATIENCE
        )
        try:
            lost = asyncio.Event()
            connection.add_termination_listener(lambda _: lost.set())
            number = zlib.crc32(name.encode()) - (1 << 31)
            taken = await connection.fetchval("SELECT pg_try_advisory_lock($1, $2)", space, number)
            yield lost if taken else None
        finally:
            connection.terminate()
