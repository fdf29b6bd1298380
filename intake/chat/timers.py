"""Rings the timers that the dialogue asked for: a reminder, the end of a draft."""

import asyncio
import logging
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.chats.session import ChatSession, ChatTimer
from core.ground.database import DatabaseAwayError, transaction
from intake.chat.conversation import Conversation, place_of
from intake.dialogue.events import Timer

logger = logging.getLogger(__name__)

LOOK_SECONDS = 5.0


@dataclass(slots=True)
class Timers:
    """Rings the timers of one channel; each rings once, whatever the number of processes."""

    conversation: Conversation
    look_seconds: float = LOOK_SECONDS

    async def run(self) -> None:
        """Ring what is due, until cancelled."""
        while True:
            try:
                while await self.ring_one():
                    pass
            except DatabaseAwayError:
                pass  # it is due still when the database is back
            await asyncio.sleep(self.look_seconds)

    async def ring_one(self) -> bool:
        """Ring the timer that is due longest; False if none is."""
        runtime = self.conversation.desk.runtime
        talk = None
        async with transaction(runtime.database) as session:
            chat = await self._due(session)
            if chat is None:
                return False
            name = await self._take(session, chat)
            if name is None:
                return True  # another process was faster
            key = f"timer:{name}"
            try:
                async with session.begin_nested():
                    event = Timer(name=name)
                    talk = await self.conversation.happen(session, chat, event, key)
            except Exception as error:  # noqa: BLE001 - one bad chat must not stop the others
                logger.error("chat: a timer failed: %s", place_of(error))  # noqa: TRY400 - no words
        self.conversation.ring(talk)
        return True

    async def _due(self, session: AsyncSession) -> ChatSession | None:
        """Lock the chat first, as updates do; one that is busy now is left for the next look."""
        query = (
            select(ChatSession)
            .join(ChatTimer, ChatTimer.session_id == ChatSession.id)
            .where(
                ChatSession.channel == self.conversation.channel,
                ChatTimer.at <= self.conversation.desk.runtime.clock(),
            )
            .order_by(ChatTimer.at)
            .limit(1)
            .with_for_update(of=ChatSession, skip_locked=True)
        )
        found: ChatSession | None = await session.scalar(query)
        return found

    async def _take(self, session: AsyncSession, chat: ChatSession) -> str | None:
        now = self.conversation.desk.runtime.clock()
        query = (
            select(ChatTimer.name)
            .where(ChatTimer.session_id == chat.id, ChatTimer.at <= now)
            .order_by(ChatTimer.at, ChatTimer.name)
            .limit(1)
        )
        name: str | None = await session.scalar(query)
        if name is not None:
            own = (ChatTimer.session_id == chat.id, ChatTimer.name == name)
            await session.execute(delete(ChatTimer).where(*own))
        return name
