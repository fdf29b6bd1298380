"""One update of a chat, as its channel understood it."""

from dataclasses import dataclass
from typing import Literal

from intake.dialogue.events import Event
from intake.language import Language

Outcome = Literal["done", "repeated", "set aside"]
"""What became of an update; whatever it is, it is committed and may be confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatUpdate:
    """An update. `key` is the channel's own: told twice, heard once."""

    key: str
    address: str
    events: tuple[Event, ...]
    """What the person did, in its order. None: it is noted, and nothing comes of it."""
    raw: bytes = b""
    """Kept only if nobody could make sense of it."""
    answers: str | None = None
    """The message that the person replied to, by its id in the channel."""
    first_name: str = ""
    """Offered as a button where a name is asked; never stored otherwise."""
    language: Language | None = None
    """What the person's client speaks; decides only how a new chat begins."""
    waits: bool = True
    """Whether its client shows an answer that comes by itself a moment later."""
    shown: str = ""
    """The words as they look in a log of the chat, where the channel keeps one."""
