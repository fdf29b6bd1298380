"""The one way to work off due rows: handed out, held by one worker, settled, given back.

A relay calls `hand_out` and tells a broker the ids; a worker enters `held` with an id and ends
with `settle`. A row is truth: what a broker loses is handed out again after `QUEUED_LEASE`, what
a dead worker held comes back after `HELD_LEASE`. Every claim has an id of its own, which fences
the rest: whoever comes back late, after somebody else claimed the row, changes nothing.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from core.ground.database import DatabaseAwayError, bare_connection, borrowed
from core.jobs import statements
from core.jobs.queue import (
    HELD_LEASE,
    MOST_LOSSES,
    QUEUED_LEASE,
    RENEWED_EVERY,
    TOO_FAR_AWAY,
    TOO_LONG_A_LEASE,
    JobQueue,
)
from core.runtime import Runtime

if TYPE_CHECKING:
    import asyncpg

_RENEWED_SOON = 1.0
"""Seconds until a worker says again that it lives, where the database could not be told."""
_OWN = frozenset({"attempts", "losses", "since", "patience"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A row in this worker's hands."""

    id: UUID
    claim: UUID
    attempts: int
    """This one counted."""
    losses: int
    since: datetime
    """When it was made, or opened again; patience counts from here."""
    patience: str
    """How long it is tried: a name in `core/jobs/retry_schedule.py`."""
    row: Mapping[str, Any]
    """What the queue's `reads` name."""

    @property
    def is_poison(self) -> bool:
        """Whether so many workers died of it, one after the other, that no other should try."""
        return self.losses >= MOST_LOSSES


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of a held row. `pending` again needs `next_attempt_at`."""

    status: str
    next_attempt_at: datetime | None = None
    error: str | None = None
    """A code for staff, never words of a person; None leaves the last one as it is."""
    counts: bool = True
    """Whether it was an attempt; a fault of ours, such as a store that is away, is none."""
    results: Mapping[str, object] = field(default_factory=dict)
    """Values for the queue's `results`."""


@dataclass(frozen=True, slots=True)
class Jobs:
    """The rows of one queue. Every verb is committed when it returns, or DatabaseAwayError."""

    runtime: Runtime
    queue: JobQueue

    async def hand_out(self, most: int) -> list[UUID]:
        """Queue what is due, each lane's first one only, until `most` are queued in all.

        Two that ask at the same moment never get the same row.
        """
        return await self._ids(statements.HAND_OUT, most)

    async def hand_out_again(self, most: int) -> list[UUID]:
        """Name what waits in a broker for so long that the broker may have lost it.

        To be told once more: a message told twice claims nothing the second time.
        """
        return await self._ids(statements.HAND_OUT_AGAIN, most) if most > 0 else []

    @contextlib.asynccontextmanager
    async def held(self, row_id: UUID) -> AsyncIterator[Held | None]:
        """Claim a queued row and keep others away while the block lasts, however long.

        None where somebody else has it: a broker may repeat itself. What the block leaves
        unsettled comes back when the lease has run out.
        """
        claimed = await self._claimed(row_id)
        if claimed is None:
            yield None
            return
        renewing = asyncio.create_task(self._keep_renewing(claimed))
        try:
            yield claimed
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)

    async def settle(self, held: Held, what: Settled) -> bool:
        """Write what became of it; False where somebody else claimed it since."""
        async with borrowed(self.runtime.database) as connection:
            has_more = await self._settle(connection, held, what)
        if has_more:
            self.runtime.bell.ring(self.queue.topic)
        return has_more is not None

    async def settle_within(self, session: AsyncSession, held: Held, what: Settled) -> bool:
        """Do what `settle` does as part of a transaction that the caller commits."""
        return await self._settle(await bare_connection(session), held, what) is not None

    async def sweep(self) -> int:
        """Give back what dead workers held; return how many rows."""
        now, sql = self.runtime.clock(), self.queue.sql
        async with borrowed(self.runtime.database) as connection:
            back = await connection.fetch(sql(statements.SWEEP), now)
            await connection.execute(
                sql(statements.NEARER_LEASE), now, TOO_LONG_A_LEASE, HELD_LEASE
            )
            await connection.execute(sql(statements.NEARER_ATTEMPT), now, TOO_FAR_AWAY)
        if back:
            self.runtime.bell.ring(self.queue.topic)
        return len(back)

    async def _ids(self, statement: str, most: int) -> list[UUID]:
        now, sql = self.runtime.clock(), self.queue.sql(statement)
        async with borrowed(self.runtime.database) as connection:
            rows = await connection.fetch(sql, now, QUEUED_LEASE, most)
        return [row["id"] for row in sorted(rows, key=lambda row: row["seq"])]

    async def _claimed(self, row_id: UUID) -> Held | None:
        claim, now = uuid4(), self.runtime.clock()
        sql = self.queue.sql(statements.CLAIM)
        async with borrowed(self.runtime.database) as connection:
            row = await connection.fetchrow(sql, row_id, now, HELD_LEASE, claim)
        if row is None:
            return None
        return Held(
            id=row_id,
            claim=claim,
            **{name: row[name] for name in _OWN},
            row={name: value for name, value in row.items() if name not in _OWN},
        )

    async def _settle(
        self, connection: "asyncpg.Connection[asyncpg.Record]", held: Held, what: Settled
    ) -> bool | None:
        now = self.runtime.clock()
        found: bool | None = await connection.fetchval(
            self.queue.sql(statements.SETTLE),
            held.id,
            held.claim,
            what.status,
            what.next_attempt_at or now,
            what.error,
            now,
            what.counts,
            *(what.results.get(column) for column in self.queue.results),
        )
        return found

    async def _keep_renewing(self, held: Held) -> None:
        wait, sql = RENEWED_EVERY.total_seconds(), self.queue.sql(statements.RENEW)
        while True:
            await asyncio.sleep(wait)
            try:
                async with borrowed(self.runtime.database) as connection:
                    now = self.runtime.clock()
                    await connection.execute(sql, held.id, held.claim, now, HELD_LEASE)
            except DatabaseAwayError:
                wait = _RENEWED_SOON
            else:
                wait = RENEWED_EVERY.total_seconds()


def json_of(value: object) -> Any:  # noqa: ANN401 - JSON is whatever it is
    """Read a jsonb value of a held row, which comes as text."""
    return json.loads(str(value))
