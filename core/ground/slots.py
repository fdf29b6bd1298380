"""Slots: one timetable in the database, for messages of which a provider takes so many a second.

A slot is taken before each message, so that no worker has to know of the others.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.ground.database import Database, borrowed
from core.ground.secret import Secret
from core.ground.stored_buckets import Bucket

_TAKE = """
WITH overall AS (                                             -- a slot among all messages,
    INSERT INTO rate_limits AS r (key, busy_until)            -- if the recipient is free
    SELECT $1, $3::timestamptz + $4
     WHERE NOT EXISTS (SELECT FROM rate_limits c WHERE c.key = $2 AND c.busy_until > $3)
        ON CONFLICT (key) DO UPDATE SET busy_until = greatest(r.busy_until, $3) + $4
     WHERE r.busy_until <= $3::timestamptz + $6
    RETURNING busy_until - $4::interval AS at
), own AS (                                                   -- who rests from then on,
    INSERT INTO rate_limits AS c (key, busy_until)            -- unless another worker was faster
    SELECT $2, at + $5::interval FROM overall
        ON CONFLICT (key) DO UPDATE SET busy_until = excluded.busy_until WHERE c.busy_until <= $3
    RETURNING busy_until - $5::interval AS at
)
SELECT (SELECT at FROM own) AS at,
       (SELECT max(busy_until) FROM rate_limits
         WHERE key = $2 OR (key = $1 AND busy_until > $3::timestamptz + $6)) AS busy_until
"""
_HOLD = """
INSERT INTO rate_limits AS r (key, busy_until) VALUES ($1, $2)
    ON CONFLICT (key) DO UPDATE SET busy_until = greatest(r.busy_until, $2)
"""
_WARN = """
INSERT INTO rate_limits AS r (key, busy_until) VALUES ($1, $2::timestamptz + $3)
    ON CONFLICT (key) DO UPDATE SET busy_until = $2::timestamptz + $3
RETURNING (SELECT busy_until > $2 FROM rate_limits WHERE key = $1) AS again
"""
_BRING_BACK = "UPDATE rate_limits SET busy_until = $2 WHERE key = ANY($1) AND busy_until > $2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """When a message may go, or, where there is no moment for it yet, until when there is none."""

    at: datetime | None
    busy_until: datetime | None


@dataclass(frozen=True, slots=True)
class Slots:
    """The timetable of one sender. Every verb raises DatabaseAwayError."""

    database: Database
    secret: Secret
    overall: Bucket
    """What all its messages share."""
    warned: Bucket
    """Remembers for a while that the provider refused something."""

    async def take(self, own: Bucket, now: datetime, patience: timedelta) -> Slot:
        """Take the next slot of a recipient, if it is no further away than `patience`."""
        both = (self.overall, own)
        keys, refills = map(self._key, both), (bucket.limit.refill for bucket in both)
        async with borrowed(self.database) as connection:
            row = await connection.fetchrow(_TAKE, *keys, now, *refills, patience)
        return Slot(at=row["at"], busy_until=row["busy_until"])

    async def rest(
        self, own: Bucket, now: datetime, wait: timedelta, *, watchful: timedelta
    ) -> None:
        """Let a recipient rest; all of them, if somebody had to within the time `watchful`."""
        async with borrowed(self.database) as connection:
            await connection.execute(_HOLD, self._key(own), now + wait)
            if await connection.fetchval(_WARN, self._key(self.warned), now, watchful):
                await connection.execute(_HOLD, self._key(self.overall), now + wait)

    async def bring_back(self, own: Bucket, latest: datetime) -> None:
        """Let a rest end no later than that: what is longer a wrong clock has written."""
        keys = [self._key(self.overall), self._key(own)]
        async with borrowed(self.database) as connection:
            await connection.execute(_BRING_BACK, keys, latest)

    def _key(self, bucket: Bucket) -> str:
        return bucket.key(self.secret)
