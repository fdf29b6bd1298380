"""Events: everything that can happen to a conversation, whatever the chat channel.

The channel turns its own updates into these; whoever looked something up for the dialogue
tells it the result the same way (`Scanned`, `Found`, `Filed`).
"""

from dataclasses import dataclass
from typing import Literal

from intake.dialogue.facts import Ticket
from intake.dialogue.state import Said

MediaKind = Literal["photo", "file", "voice", "video", "video_note", "audio"]
NewsKind = Literal["received", "passed_on", "question", "answer", "resolved", "reopened", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The person opened the chat, perhaps by a link that carries a payload (`u_…`, `t_…`)."""

    payload: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A slash command, without the slash."""

    name: str
    argument: str = ""
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Typed words. `reply_to` is the ticket whose message the person answered, if any."""

    text: str
    message: str | None = None
    reply_to: str | None = None
    opens: Ticket | None = None
    """The report whose tracking code stood in the words, where the code is covered now."""
    parts: tuple[Said, ...] = ()
    """The messages of one breath, whose words these are; none for a single message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button, by the id, subject and version it was shown with."""

    id: str
    about: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file, photo, voice note or the like. `ref` is how the channel fetches it later."""

    kind: MediaKind
    ref: str
    size: int = 0
    caption: str = ""
    seconds: int = 0
    name: str = ""
    group: str | None = None
    message: str | None = None
    reply_to: str | None = None
    opens: Ticket | None = None
    """As of `Text`, by its caption."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A shared contact. `own` only if the channel vouches that it is the sender's number."""

    phone: str
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A shared place, in degrees."""

    latitude: float
    longitude: float
    message: str | None = None
    reply_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """An earlier message was edited. `ticket` if that message already is on a ticket."""

    message: str
    text: str
    ticket: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsupported:
    """A sticker, poll, dice, game: something that carries no report."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChat:
    """Anything that arrived in a group or channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """The person blocked the bot, or it was removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unblocked:
    """The person allowed messages again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """A time that the dialogue asked for with `Schedule` has come."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketNews:
    """Staff did something that the person should hear about."""

    ticket: Ticket
    kind: NewsKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A poster's code was read: its unit, or None where the code is unknown or switched off."""

    unit: str | None
    qr_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer to `ReadTicketLink`: the ticket, or None."""

    ticket: Ticket | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """The answer to `Submit`: the ticket that this draft became."""

    draft_id: str
    ticket: Ticket


Event = (
    Start
    | Command
    | Text
    | Press
    | Media
    | Contact
    | Location
    | Edited
    | Unsupported
    | GroupChat
    | Blocked
    | Unblocked
    | Timer
    | TicketNews
    | Scanned
    | Found
    | Filed
)

BY_PERSON = (Start, Command, Text, Press, Media, Contact, Location, Edited, Unsupported)
"""Events that a person causes; the others come from the clock, the desk or the adapter."""
