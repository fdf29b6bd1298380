"""How replies leave a chat: written in the step that says them, so that none is lost."""

from typing import Protocol

from pydantic import TypeAdapter

from core.chats.step import ChatStep
from core.ground.base import Json
from intake.chat.update import ChatUpdate
from intake.dialogue.replies import Say
from intake.language import DEFAULT_LANGUAGE, Language

TEMPLATE = "chat"
"""The template of a delivery whose payload is one message of the dialogue."""
LEAVE = "chat-leave"
"""The template of a delivery that leaves a group."""

_SAY = TypeAdapter(Say)


class ReplyOutbox(Protocol):
    """What a channel does with what is said in a chat."""

    async def note(self, chat: ChatStep, heard: ChatUpdate) -> None:
        """Keep what the person said, where the channel has no log of its own."""

    async def say(self, chat: ChatStep, says: list[Say], lang: Language) -> None:
        """Let these messages go out, in this order, once the step is committed."""

    async def leave(self, chat: ChatStep) -> None:
        """Leave a group, after everything said so far."""


class Nowhere:
    """The outbox of a rehearsal: nothing of it leaves."""

    async def note(self, chat: ChatStep, heard: ChatUpdate) -> None:
        """Keep nothing."""

    async def say(self, chat: ChatStep, says: list[Say], lang: Language) -> None:
        """Say nothing; the talk still has it."""

    async def leave(self, chat: ChatStep) -> None:
        """Stay."""


class Deliveries:
    """The outbox of a channel with a provider: every message is a delivery, sent by a worker."""

    async def note(self, chat: ChatStep, heard: ChatUpdate) -> None:
        """Keep nothing: the person's own client has it."""

    async def say(self, chat: ChatStep, says: list[Say], lang: Language) -> None:
        """Add one pending delivery a message; they share the chat's lane."""
        for say in says:
            await chat.send(TEMPLATE, lang, dump_say(say))

    async def leave(self, chat: ChatStep) -> None:
        """Add a delivery that leaves."""
        await chat.send(LEAVE, DEFAULT_LANGUAGE, {})


def dump_say(say: Say) -> Json:
    """Return a message as JSON: keys, facts, buttons."""
    dumped: Json = _SAY.dump_python(say, mode="json")
    return dumped


def load_say(payload: object) -> Say:
    """Read what `dump_say` wrote; ValueError for anything else."""
    return _SAY.validate_python(payload)
