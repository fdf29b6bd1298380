"""Whether a report could be taken now: found out by doing what a report needs, and soon.

Asked over a connection of its own, because a pool lends one only after its waits: rows are written
that need new room and are taken back, and a commit has to reach the disk. However many ask at a
moment, it is found out once.
"""

import asyncio
import time
from dataclasses import dataclass
from typing import Final

import asyncpg

from core.ground.database import DatabaseAwayError, passing_faults, plain_url

ANSWER_SECONDS: Final = 1.2
"""How long the database may take; a report would wait longer, and be told to come back."""
SHARED_SECONDS: Final = 1.0
"""How old an answer may be: so often is it found out at most."""

_PROBE: Final = """
BEGIN;
SAVEPOINT report;
INSERT INTO rate_limits (key, busy_until)
SELECT 'ready ' || gen_random_uuid() || repeat(md5(n::text), 30), 'epoch'
  FROM generate_series(1, 8) AS n;
ROLLBACK TO SAVEPOINT report;
COMMIT
"""
"""As many rows as fill a page, so that the table has to grow; then a commit, which is written."""


@dataclass(slots=True)
class Readiness:
    """What one process knows of it."""

    url: str
    _connection: "asyncpg.Connection[asyncpg.Record] | None" = None
    _asking: asyncio.Task[str] | None = None
    _asked_at: float = 0.0

    async def trouble(self) -> str:
        """Say in a word or two why no report could be taken; empty where it could."""
        stale = time.monotonic() - self._asked_at > SHARED_SECONDS
        if self._asking is None or (self._asking.done() and stale):
            self._asked_at = time.monotonic()
            self._asking = asyncio.create_task(self._ask(), name="readiness")
        return await asyncio.shield(self._asking)

    async def close(self) -> None:
        """Ask no more."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
        self._drop()

    async def _ask(self) -> str:
        try:
            with passing_faults():
                async with asyncio.timeout(ANSWER_SECONDS):
                    await self._write()
        except DatabaseAwayError as error:
            self._drop()
            return _in_words(error)
        except asyncpg.PostgresError:  # not of our shape, or somebody locked us out: no report
            self._drop()
            return "refuses"
        return ""

    async def _write(self) -> None:
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(plain_url(self.url), timeout=ANSWER_SECONDS)
        await self._connection.execute(_PROBE)

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()


def _in_words(error: DatabaseAwayError) -> str:
    if error.is_full:
        return "full"
    if isinstance(error.__cause__, asyncpg.ReadOnlySQLTransactionError):
        return "read only"
    return "silent" if isinstance(error.__cause__, TimeoutError) else "away"
