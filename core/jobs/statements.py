"""The statements by which every queue is worked off, each one transaction.

QUEUE, HELD, UNDER_WAY, PATIENCE, READS and RESULTS stand for what a `JobQueue` says of itself.
"""

from typing import Final

HAND_OUT: Final = """
WITH due AS MATERIALIZED (  -- chosen once: an IN (… LIMIT …) may be asked again for every row
    SELECT q.id FROM QUEUE q
     WHERE q.status = 'pending' AND q.next_attempt_at <= $1
       AND NOT EXISTS (                                   -- in order within a lane
           SELECT FROM QUEUE e
            WHERE e.lane = q.lane AND e.seq < q.seq AND e.status IN UNDER_WAY)
     ORDER BY q.next_attempt_at, q.seq
     LIMIT greatest(0, $3 - (SELECT count(*) FROM QUEUE WHERE status = 'queued'))
       FOR UPDATE SKIP LOCKED
)
UPDATE QUEUE q SET status = 'queued', lease_until = $1::timestamptz + $2, updated_at = $1
  FROM due WHERE q.id = due.id
RETURNING q.id, q.seq
"""
"""Queue what is due now, each lane's first row only: now, lease, how many in all."""

HAND_OUT_AGAIN: Final = """
WITH late AS MATERIALIZED (
    SELECT id FROM QUEUE WHERE status = 'queued' AND lease_until < $1
     ORDER BY lease_until LIMIT $3 FOR UPDATE SKIP LOCKED
)
UPDATE QUEUE q SET lease_until = $1::timestamptz + $2, updated_at = $1
  FROM late WHERE q.id = late.id
RETURNING q.id, q.seq
"""
"""Renew what waits in a broker for so long that it may be lost: now, lease, how many."""

CLAIM: Final = """
UPDATE QUEUE q SET status = HELD, attempts = q.attempts + 1, held_by = $4,
                   lease_until = $2::timestamptz + $3, updated_at = $2
 WHERE q.id = $1 AND q.status = 'queued'
RETURNING q.attempts, q.losses, coalesce(q.reopened_at, q.created_at) AS since,
          PATIENCE AS patience, READS
"""
"""Take a queued row in hand: id, now, lease, the claim's own id."""

RENEW: Final = """
UPDATE QUEUE SET lease_until = $3::timestamptz + $4
 WHERE id = $1 AND held_by = $2 AND status = HELD
"""
"""Say that its worker lives: id, the claim, now, lease."""

SETTLE: Final = """
UPDATE QUEUE q
   SET status = $3, next_attempt_at = $4, last_error = coalesce($5, last_error),
       updated_at = $6, lease_until = NULL, losses = 0,
       attempts = attempts - CASE WHEN $7 THEN 0 ELSE 1 END RESULTS
 WHERE id = $1 AND held_by = $2 AND status IN UNDER_WAY
RETURNING EXISTS (SELECT FROM QUEUE f
                   WHERE f.lane = q.lane AND f.status = 'pending' AND f.id <> q.id) AS has_more
"""
"""Write what became of a row, unless somebody else claimed it since.

id, the claim, status, next attempt, error, now, whether it counts, then the results. The row may
be pending or queued: the lease ran out, but nobody else claimed it yet.
"""

SWEEP: Final = """
UPDATE QUEUE
   SET status = 'pending', lease_until = NULL, updated_at = $1, losses = losses + 1,
       next_attempt_at = $1::timestamptz + CASE losses WHEN 0 THEN interval '0'
           ELSE interval '30 seconds' * 4 ^ (losses - 1) * (0.5 + random()) END,
       last_error = 'unclear: the worker did not come back'
 WHERE id IN (SELECT id FROM QUEUE WHERE status = HELD AND lease_until < $1
               ORDER BY lease_until LIMIT 1000 FOR UPDATE SKIP LOCKED)
RETURNING id
"""
"""Give back what workers held that are not heard of any more: now.

The first time at once: most die of something else. Then further and further apart, and spread by
half, so that what takes its workers down does not come back together with what was beside it.
"""

NEARER_LEASE: Final = """
UPDATE QUEUE SET lease_until = $1::timestamptz + $3, updated_at = $1
 WHERE status IN ('queued', HELD) AND lease_until > $1::timestamptz + $2
"""
"""Bring back a lease that a wrong clock wrote: now, how far is too far, how long it is then."""

NEARER_ATTEMPT: Final = """
UPDATE QUEUE SET next_attempt_at = $1, updated_at = $1
 WHERE status = 'pending' AND next_attempt_at > $1::timestamptz + $2
"""
"""Make due what a wrong clock wrote far away: now, how far is too far."""
