"""How replies leave a chat: written in the transaction of the step, so that none is lost."""

from datetime import datetime
from typing import Protocol

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from core.chats.session import ChatSession
from core.ground.base import Json
from core.ground.clock import Clock
from core.notices.delivery import Delivery
from intake.chat.update import ChatUpdate
from intake.dialogue.replies import Say
from intake.language import Language

TEMPLATE = "chat"
"""The template of a delivery whose payload is one message of the dialogue."""
LEAVE = "chat-leave"
"""The template of a delivery that leaves a group."""

_SAY = TypeAdapter(Say)


class ReplyOutbox(Protocol):
    """What a channel does with what is said in a chat."""

    async def note(self, session: AsyncSession, chat: ChatSession, heard: ChatUpdate) -> None:
        """Keep what the person said, where the channel has no log of its own."""

    async def say(
        self, session: AsyncSession, chat: ChatSession, says: list[Say], lang: Language
    ) -> None:
        """Let these messages go out, in this order, once the transaction is committed."""

    async def leave(self, session: AsyncSession, chat: ChatSession) -> None:
        """Leave a group, after everything said so far."""


class Nowhere:
    """The outbox of a rehearsal: nothing of it leaves."""

    async def note(self, session: AsyncSession, chat: ChatSession, heard: ChatUpdate) -> None:
        """Keep nothing."""

    async def say(
        self, session: AsyncSession, chat: ChatSession, says: list[Say], lang: Language
    ) -> None:
        """Say nothing; the talk still has it."""

    async def leave(self, session: AsyncSession, chat: ChatSession) -> None:
        """Stay."""


class Deliveries:
    """The outbox of a channel with a provider: every message is a delivery, sent by a worker."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def note(self, session: AsyncSession, chat: ChatSession, heard: ChatUpdate) -> None:
        """Keep nothing: the person's own client has it."""

    async def say(
        self, session: AsyncSession, chat: ChatSession, says: list[Say], lang: Language
    ) -> None:
        """Add one pending delivery a message; they share the chat's lane."""
        now = self._clock()
        for say in says:
            session.add(_delivery(chat, TEMPLATE, lang, now, dump_say(say)))
            await session.flush()

    async def leave(self, session: AsyncSession, chat: ChatSession) -> None:
        """Add a delivery that leaves."""
        session.add(_delivery(chat, LEAVE, "id", self._clock(), {}))
        await session.flush()


def dump_say(say: Say) -> Json:
    """Return a message as JSON: keys, facts, buttons."""
    dumped: Json = _SAY.dump_python(say, mode="json")
    return dumped


def load_say(payload: object) -> Say:
    """Read what `dump_say` wrote; ValueError for anything else."""
    return _SAY.validate_python(payload)


def _delivery(
    chat: ChatSession, template: str, lang: str, now: datetime, payload: Json
) -> Delivery:
    return Delivery(
        channel=chat.channel,
        recipient_ref=chat.address,
        template=template,
        language=lang,
        payload=payload,
        next_attempt_at=now,
    )
