"""Which processes of an installation run, and with which doors and keys: told by locks they hold.

A process holds a shared advisory lock for each word that is true of it, on a connection of its own.
PostgreSQL shows who holds what, and lets go as soon as the process is gone: nothing has to be
written down, believed for a while, or swept away.
"""

import asyncio
import contextlib
import logging
import zlib
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass

import asyncpg

from core.ground.database import CLIENT_FAULTS, Database, borrowed, plain_url

logger = logging.getLogger(__name__)

_SPACE = 0x4B495350  # "KISP": tells these locks from others'
_PATIENCE = 5.0
_AGAIN = 1.0
"""Seconds until a lost connection is made anew."""
_UNSIGNED = 0xFFFFFFFF
"""PostgreSQL shows as an unsigned number what it takes as a signed one."""
_HOLD = "SELECT pg_advisory_lock_shared($1, n) FROM unnest($2::int[]) AS n"
_HELD = """
SELECT pid, array_agg(objid::bigint) AS held
  FROM pg_locks
 WHERE locktype = 'advisory' AND classid = $1 AND objsubid = 2 AND granted
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
 GROUP BY pid
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningProcess:
    """What one process says of itself, or what was asked of all of them."""

    parts: frozenset[str]
    """The `kiss` command it is: `run`, `web`, `worker`, or a door's own."""
    doors: frozenset[str]
    """The channels that it holds open."""
    keys: frozenset[str]
    """The ids of the keys that it knows."""

    def words(self) -> frozenset[str]:
        """Return the words for which it holds locks."""
        kinds = (("part", self.parts), ("door", self.doors), ("key", self.keys))
        return frozenset(f"{kind} {name}" for kind, names in kinds for name in names)


@contextlib.asynccontextmanager
async def present(database: Database, presence: RunningProcess) -> AsyncIterator[None]:
    """Be seen as such a process while the block lasts.

    Without the database nothing is said, and nothing else is disturbed.
    """
    task = asyncio.create_task(_kept_present(database, presence.words()), name="presence")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def present_now(database: Database, asked: RunningProcess) -> tuple[RunningProcess, ...]:
    """Return each process that is present, with what of the asked is true of it.

    Raises DatabaseAwayError.
    """
    async with borrowed(database) as connection:
        rows = await connection.fetch(_HELD, _SPACE)
    return tuple(
        RunningProcess(
            parts=_true(asked.parts, "part", row["held"]),
            doors=_true(asked.doors, "door", row["held"]),
            keys=_true(asked.keys, "key", row["held"]),
        )
        for row in rows
    )


def _true(names: frozenset[str], kind: str, held: Collection[int]) -> frozenset[str]:
    return frozenset(name for name in names if _number(f"{kind} {name}") & _UNSIGNED in held)


async def _kept_present(database: Database, words: Collection[str]) -> None:
    url = plain_url(database.engine.url.render_as_string(hide_password=False))
    while True:
        try:
            await _present_once(url, sorted(map(_number, words)))
        except (OSError, asyncpg.PostgresError, *CLIENT_FAULTS) as error:
            logger.info("presence: connection lost (%s)", type(error).__name__)
        await asyncio.sleep(_AGAIN)


async def _present_once(url: str, numbers: list[int]) -> None:
    connection = await asyncpg.connect(url, timeout=_PATIENCE, command_timeout=_PATIENCE)
    try:
        await connection.execute(_HOLD, _SPACE, numbers)
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        if not connection.is_closed():
            await lost.wait()
    finally:
        connection.terminate()


def _number(word: str) -> int:
    return zlib.crc32(word.encode()) - (1 << 31)
