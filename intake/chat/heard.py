"""One update of a chat, as its channel understood it."""

from dataclasses import dataclass, field
from typing import Literal

from intake.dialogue.events import Event
from intake.language import Language

Outcome = Literal["done", "repeated", "set aside"]
"""What became of an update; whatever it is, it is committed and may be confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An update. `key` is the channel's own: told twice, heard once."""

    key: str
    address: str
    event: Event | None
    """None: it is noted, and nothing comes of it (a pinned message, a picture of the chat)."""
    before: tuple[Event, ...] = ()
    """What happened just before in the same update: the link by which the chat was opened."""
    raw: bytes = b""
    """Kept only if nobody could make sense of it."""
    answers: str | None = None
    """The message that the person replied to, by its id in the channel."""
    first_name: str = ""
    """Offered as a button where a name is asked; never stored otherwise."""
    language: Language | None = None
    """What the person's client speaks; decides only how a new chat begins."""
    shown: str = ""
    """How the update looks in a log of the chat, where the channel keeps one."""
    file_names: tuple[str, ...] = field(default=())
