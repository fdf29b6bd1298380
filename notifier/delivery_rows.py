"""What is written on a delivery's row, each step one statement.

`attempts` rises with every claim and fences the rest: whoever comes back late, after somebody
else claimed the row, changes nothing. All times are the injected clock's.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.ground.database import borrowed
from core.runtime import Runtime

SEND_LEASE = timedelta(seconds=90)
"""How long a worker may hold a delivery: the actor's time limit and a margin."""

_LEASE = """
WITH due AS MATERIALIZED (  -- chosen once: an IN (… LIMIT …) may be asked again for every row
    SELECT d.id FROM deliveries d
     WHERE d.status = 'pending' AND d.next_attempt_at <= $1
       AND NOT EXISTS (                                   -- in order within a lane
           SELECT FROM deliveries e
            WHERE e.lane = d.lane AND e.seq < d.seq
              AND e.status IN ('pending', 'queued', 'sending'))
     ORDER BY d.next_attempt_at, d.seq
     LIMIT greatest(0, $3 - (SELECT count(*) FROM deliveries WHERE status = 'queued'))
       FOR UPDATE SKIP LOCKED
)
UPDATE deliveries SET status = 'queued', lease_until = $1::timestamptz + $2, updated_at = $1
  FROM due WHERE deliveries.id = due.id
RETURNING deliveries.id, deliveries.seq
"""

_CLAIM = """
UPDATE deliveries d SET status = 'sending', attempts = d.attempts + 1, lease_until = $3,
                        updated_at = $2
 WHERE d.id = $1 AND d.status = 'queued'
RETURNING d.id, d.ticket_id, d.event_id, d.channel, d.recipient_ref, d.audience, d.template,
          d.language, d.payload, d.attempts, d.created_at,
          coalesce((SELECT e.at FROM events e WHERE e.id = d.event_id), d.created_at) AS since,
          (SELECT c.patience FROM channels c WHERE c.name = d.channel) AS patience
"""

_SENT = """
UPDATE deliveries d SET status = 'sent', provider_id = $3, sent_at = $4, lease_until = NULL,
                        updated_at = $4
 WHERE d.id = $1 AND d.attempts = $2 AND d.status IN ('pending', 'queued', 'sending')
RETURNING EXISTS (SELECT FROM deliveries f WHERE f.lane = d.lane AND f.status = 'pending'
                                             AND f.id <> d.id) AS has_more
"""  # pending, queued: our lease ran out, but nobody sent it a second time yet

_LATER = """
UPDATE deliveries SET status = $3, next_attempt_at = $4, last_error = $5, lease_until = NULL,
                      updated_at = $6
 WHERE id = $1 AND attempts = $2 AND status = 'sending'
RETURNING id
"""

_SWEEP = """
UPDATE deliveries
   SET status = 'pending', lease_until = NULL, updated_at = $1,
       next_attempt_at = CASE status WHEN 'queued' THEN $1::timestamptz
           ELSE $1::timestamptz + least(interval '5 seconds' * 2 ^ least(attempts, 20),
                                        interval '1 hour') END,
       last_error = CASE status WHEN 'queued' THEN last_error
           ELSE 'unclear: the worker did not come back' END
 WHERE id IN (SELECT id FROM deliveries
               WHERE status IN ('queued', 'sending') AND lease_until < $1
               ORDER BY lease_until LIMIT 1000 FOR UPDATE SKIP LOCKED)
RETURNING id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A delivery in this worker's hands."""

    id: UUID
    ticket_id: UUID | None
    event_id: UUID | None
    channel: str
    recipient_ref: str
    audience: str
    template: str
    language: str
    payload: Mapping[str, Any]
    attempts: int
    created_at: datetime
    since: datetime
    """When the news happened; patience counts from here."""
    patience: str = "hours"
    """How long it is tried: a name in `core/jobs/retry_schedule.py`."""


async def lease(runtime: Runtime, span: timedelta, most: int) -> list[UUID]:
    """Queue what is due, each lane's first one only, until `most` are queued in all.

    Committed when it returns; two relays never get the same row.
    """
    async with borrowed(runtime.database) as connection:
        rows = await connection.fetch(_LEASE, runtime.clock(), span, most)
    return [row["id"] for row in sorted(rows, key=lambda row: row["seq"])]


async def claim(runtime: Runtime, delivery_id: UUID) -> Claimed | None:
    """Take a queued delivery, or None where somebody else did: a broker may repeat itself."""
    now = runtime.clock()
    async with borrowed(runtime.database) as connection:
        row = await connection.fetchrow(_CLAIM, delivery_id, now, now + SEND_LEASE)
    if row is None:
        return None
    return Claimed(**{**row, "payload": json.loads(row["payload"])})


async def mark_sent(runtime: Runtime, claimed: Claimed, provider_id: str) -> None:
    """Write that the provider accepted it, unless somebody else claimed it since."""
    async with borrowed(runtime.database) as connection:
        has_more = await connection.fetchval(
            _SENT, claimed.id, claimed.attempts, provider_id, runtime.clock()
        )
    if has_more:
        runtime.bell.ring("deliveries")


async def mark_later(runtime: Runtime, claimed: Claimed, at: datetime, error: str) -> None:
    """Give it back, to be tried again at that moment."""
    await _mark(runtime, claimed, "pending", at, error)


async def mark_cancelled(runtime: Runtime, claimed: Claimed, why: str) -> None:
    """Write that nobody wants it any more."""
    await _mark(runtime, claimed, "cancelled", runtime.clock(), why)


async def sweep(runtime: Runtime) -> int:
    """Give back what a broker lost or a dead worker held; return how many rows."""
    async with borrowed(runtime.database) as connection:
        rows = await connection.fetch(_SWEEP, runtime.clock())
    if rows:
        runtime.bell.ring("deliveries")
    return len(rows)


async def _mark(
    runtime: Runtime, claimed: Claimed, status: str, next_attempt_at: datetime, error: str
) -> None:
    async with borrowed(runtime.database) as connection:
        await connection.execute(
            _LATER,
            claimed.id,
            claimed.attempts,
            status,
            next_attempt_at,
            error,
            runtime.clock(),
        )
