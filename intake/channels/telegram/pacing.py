"""When the next message may go: one timetable in the database for all workers.

Telegram allows about 30 messages a second over all, one a second in a chat, 20 a minute in a
group (Bot FAQ, "Hitting limits"). A slot is taken before each message, so that no worker has to
know of the others; whoever would wait long gives the delivery back and holds nobody up.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from core.ground.errors import DeliveryError, Reason
from core.ground.rate_limits import TELEGRAM, TELEGRAM_CHAT, TELEGRAM_GROUP
from core.ground.slots import Slots
from core.ground.stored_buckets import Bucket
from core.runtime import Runtime

PATIENCE = timedelta(seconds=4)
"""A wait up to this is slept through; a longer one is told to the delivery's row."""
LONGEST_REST = timedelta(hours=1)
"""A row further away is brought back to this: a clock that was ahead wrote it, or Telegram asked
for more, and will say so again."""
WATCHFUL = timedelta(seconds=30)
"""Refused in two chats within this time, we slow down in all of them."""

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
            slot = await self._slots.take(self._bucket(chat), now, PATIENCE)
            if slot.at is not None:
                if slot.at > now:
                    await self.sleep((slot.at - now).total_seconds())
                return
            span = max((slot.busy_until or now) - now, TELEGRAM.refill)
            if span > LONGEST_REST:
                span = LONGEST_REST
                await self._slots.bring_back(self._bucket(chat), now + span)
            if span > PATIENCE:
                self.runtime.refusals.note(self._bucket(chat).limit)
                raise DeliveryError(Reason.THROTTLED, "our own pace", retry_after=span)
            await self.sleep(span.total_seconds())

    async def refused(self, chat: str, wait: timedelta) -> None:
        """Let this chat rest as long as Telegram said; all of them if it says so twice."""
        now = self.runtime.clock()
        await self._slots.rest(self._bucket(chat), now, wait, watchful=WATCHFUL)

    @property
    def _slots(self) -> Slots:
        return Slots(
            self.runtime.database,
            self.runtime.secret,
            overall=Bucket(TELEGRAM, (self.bot,)),
            warned=Bucket(TELEGRAM, (self.bot, "warned")),
        )

    def _bucket(self, chat: str) -> Bucket:
        return Bucket(TELEGRAM_GROUP if chat.startswith("-") else TELEGRAM_CHAT, (self.bot, chat))
