"""When the next message may go: one timetable in the database for all workers.

Telegram allows about 30 messages a second over all, one a second in a chat, 20 a minute in a
group (Bot FAQ, "Hitting limits"). A slot is taken before each message, so that no worker has to
know of the others; whoever would wait long gives the delivery back and holds nobody up.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from core.database import borrowed
from core.runtime import Runtime
from intake.channel import DeliveryError, Reason

OVERALL = timedelta(seconds=1 / 28)
CHAT = timedelta(seconds=1)
GROUP = timedelta(seconds=3)
PATIENCE = timedelta(seconds=4)
"""A wait up to this is slept through; a longer one is told to the delivery's row."""
WATCHFUL = timedelta(seconds=30)
"""Refused in two chats within this time, we slow down in all of them."""

_TAKE = """
INSERT INTO send_rate AS r (key, next_at) VALUES ($1, $2::timestamptz + $3)
    ON CONFLICT (key) DO UPDATE SET next_at = greatest(r.next_at, $2) + $3
 WHERE r.next_at <= $2::timestamptz + $4
RETURNING next_at - $3::interval AS at
"""
_BUSY = "SELECT next_at FROM send_rate WHERE key = $1"
_HOLD = """
INSERT INTO send_rate AS r (key, next_at) VALUES ($1, $2)
    ON CONFLICT (key) DO UPDATE SET next_at = greatest(r.next_at, $2)
"""
_WARN = """
INSERT INTO send_rate AS r (key, next_at) VALUES ($1, $2::timestamptz + $3)
    ON CONFLICT (key) DO UPDATE SET next_at = $2::timestamptz + $3
RETURNING (SELECT next_at > $2 FROM send_rate WHERE key = $1) AS again
"""

Sleep = Callable[[float], Awaitable[None]]


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
        is_group = chat.startswith("-")
        await self._slot(self._lane(chat), GROUP if is_group else CHAT)
        await self._slot(self._lane(), OVERALL)

    async def refused(self, chat: str, wait: timedelta) -> None:
        """Let this chat rest as long as Telegram said; all of them if it says so twice."""
        now = self.runtime.clock()
        async with borrowed(self.runtime.database) as connection:
            await connection.execute(_HOLD, self._lane(chat), now + wait)
            if await connection.fetchval(_WARN, self._lane("warned"), now, WATCHFUL):
                await connection.execute(_HOLD, self._lane(), now + wait)

    async def _slot(self, lane: str, spacing: timedelta) -> None:
        now = self.runtime.clock()
        async with borrowed(self.runtime.database) as connection:
            at = await connection.fetchval(_TAKE, lane, now, spacing, PATIENCE)
            busy = None if at else await connection.fetchval(_BUSY, lane)
        if at is None:
            span = max((busy or now) - now, spacing)
            raise DeliveryError(Reason.THROTTLED, "our own pace", retry_after=span)
        if at > now:
            await self.sleep((at - now).total_seconds())

    def _lane(self, chat: str = "") -> str:
        return f"telegram:{self.bot}:{chat}"
