"""Rings the timers that the dialogue asked for: a reminder, the end of a draft."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta

from core.chats.step import ChatStep
from core.ground.database import DatabaseAwayError
from intake.chat.conversation import Conversation, place_of
from intake.dialogue.events import Timer
from intake.dialogue.facts import Limits
from intake.dialogue.screens import SCREENS

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0


def lives() -> dict[str, timedelta]:
    """Return how long each state lasts that ends by itself."""
    limits = Limits()
    own = {name: screen.ends for name, screen in SCREENS.items() if screen.ends.act}
    return {name: ends.after(limits) for name, ends in own.items()}


@dataclass(slots=True)
class Timers:
    """Rings the timers of one channel; each rings once, whatever the number of processes."""

    conversation: Conversation
    look_seconds: float = LOOK_SECONDS

    async def run(self) -> None:
        """Ring what is due, until cancelled."""
        given = False
        while True:
            try:
                if not given:
                    await self.conversation.chats.give_timers("end", lives())
                    given = True
                while await self.ring_one():
                    pass
            except DatabaseAwayError:
                pass  # it is due still when the database is back
            await asyncio.sleep(self.look_seconds)

    async def ring_one(self) -> bool:
        """Ring the timer that is due longest; False if none is. Raises DatabaseAwayError."""
        async with self.conversation.chats.due() as chat:
            if chat is None:
                return False
            name = await chat.take_timer()
            if name is not None:  # else another process was faster
                await self._ring(chat, name)
        return True

    async def _ring(self, chat: ChatStep, name: str) -> None:
        try:
            async with chat.all_or_nothing():
                await self.conversation.happen(chat, Timer(name=name), f"timer:{name}")
        except DatabaseAwayError:
            raise  # not the chat's fault: the timer is due still
        except Exception as error:  # noqa: BLE001 - one bad chat must not stop the others
            logger.error("chat: a timer failed: %s", place_of(error))  # noqa: TRY400 - no words
