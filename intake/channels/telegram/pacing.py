"""When the next message may go: one timetable in the database for all workers.

Telegram allows about 30 messages a second over all, one a second in a chat, 20 a minute in a
group (Bot FAQ, "Hitting limits"). A slot is taken before each message, so that no worker has to
know of the others; whoever would wait long gives the delivery back and holds nobody up.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.ground.database import borrowed
from core.ground.errors import DeliveryError, Reason
from core.ground.rate_limits import TELEGRAM, TELEGRAM_CHAT, TELEGRAM_GROUP
from core.ground.stored_buckets import Bucket
from core.runtime import Runtime

PATIENCE = timedelta(seconds=4)
"""A wait up to this is slept through; a longer one is told to the delivery's row."""
LONGEST_REST = timedelta(hours=1)
"""A row further away is brought back to this: a clock that was ahead wrote it, or Telegram asked
for more, and will say so again."""
WATCHFUL = timedelta(seconds=30)
"""Refused in two chats within this time, we slow down in all of them."""

_TAKE = """
WITH overall AS (                                             -- a slot among all messages,
    INSERT INTO rate_limits AS r (key, busy_until)            -- if the chat itself is free
    SELECT $1, $3::timestamptz + $4
     WHERE NOT EXISTS (SELECT FROM rate_limits c WHERE c.key = $2 AND c.busy_until > $3)
        ON CONFLICT (key) DO UPDATE SET busy_until = greatest(r.busy_until, $3) + $4
     WHERE r.busy_until <= $3::timestamptz + $6
    RETURNING busy_until - $4::interval AS at
), chat AS (                                                  -- the chat rests from then on,
    INSERT INTO rate_limits AS c (key, busy_until)            -- unless another worker was faster
    SELECT $2, at + $5::interval FROM overall
        ON CONFLICT (key) DO UPDATE SET busy_until = excluded.busy_until WHERE c.busy_until <= $3
    RETURNING busy_until - $5::interval AS at
)
SELECT (SELECT at FROM chat) AS at,
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

Sleep = Callable[[float], Awaitable[None]]
"""Sleeps for seconds of the runtime's clock, which in a test may run faster than the wall's."""


@dataclass(frozen=True, slots=True)
class Pacing:
    """The timetable of one bot."""

    runtime: Runtime
    bot: str
    sleep: Sleep = asyncio.sleep

    async def wait(self, chat: str) -> None:
        """Wait for the slot of a message to this chat.

        Raises DeliveryError (throttled, with the time to wait) where it is too far away.
        """
        while True:
            now = self.runtime.clock()
            at, busy_until = await self._take(chat, now)
            if at is not None:
                if at > now:
                    await self.sleep((at - now).total_seconds())
                return
            span = max((busy_until or now) - now, TELEGRAM.refill)
            if span > LONGEST_REST:
                span = LONGEST_REST
                await self._bring_back(chat, now + span)
            if span > PATIENCE:
                raise DeliveryError(Reason.THROTTLED, "our own pace", retry_after=span)
            await self.sleep(span.total_seconds())

    async def refused(self, chat: str, wait: timedelta) -> None:
        """Let this chat rest as long as Telegram said; all of them if it says so twice."""
        now = self.runtime.clock()
        async with borrowed(self.runtime.database) as connection:
            await connection.execute(_HOLD, self._key(self._bucket(chat)), now + wait)
            warned = Bucket(TELEGRAM, (self.bot, "warned"))
            if await connection.fetchval(_WARN, self._key(warned), now, WATCHFUL):
                await connection.execute(_HOLD, self._key(self._overall), now + wait)

    async def _take(self, chat: str, now: datetime) -> tuple[datetime | None, datetime | None]:
        """Take a slot and return its moment; without one, until when there is none."""
        both = (self._overall, self._bucket(chat))
        keys, refills = map(self._key, both), (bucket.limit.refill for bucket in both)
        async with borrowed(self.runtime.database) as connection:
            row = await connection.fetchrow(_TAKE, *keys, now, *refills, PATIENCE)
        return (row["at"], row["busy_until"]) if row else (None, None)

    async def _bring_back(self, chat: str, latest: datetime) -> None:
        keys = [self._key(self._overall), self._key(self._bucket(chat))]
        async with borrowed(self.runtime.database) as connection:
            await connection.execute(_BRING_BACK, keys, latest)

    @property
    def _overall(self) -> Bucket:
        return Bucket(TELEGRAM, (self.bot,))

    def _bucket(self, chat: str) -> Bucket:
        return Bucket(TELEGRAM_GROUP if chat.startswith("-") else TELEGRAM_CHAT, (self.bot, chat))

    def _key(self, bucket: Bucket) -> str:
        return bucket.key(self.runtime.secret)
