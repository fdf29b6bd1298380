"""What may remain, and why: the whole list. The decision (docs/adr/0027) says the same."""

from dataclasses import dataclass

from tests.exposed.person import CHAT


@dataclass(frozen=True)
class Remains:
    """A column in which a sign of the person may stand."""

    column: str
    sign: str
    because: str
    """A sentence of the decision, word for word."""


_ROOM = "A chat's own row (`chat_sessions`) names the chat: we answer there."
_FILE = "So do its files on their way (`chat_files`, thirty days)"
_REPLY = "and its replies without a ticket (`deliveries`, seven days)."
REMAINS = (
    Remains("chat_sessions.address", str(CHAT), _ROOM),
    Remains("chat_files.address", str(CHAT), _FILE),
    Remains("deliveries.recipient_ref", str(CHAT), _REPLY),
    Remains("deliveries.lane", str(CHAT), _REPLY),
)
