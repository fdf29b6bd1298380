"""One mail as the reception sees it: understood, with its envelope and all that was found out."""

from dataclasses import dataclass, field
from uuid import UUID

from core.ground.base import Json
from core.ground.text import clean_line
from core.hospital.directory import Directory
from intake.channel import Raw
from intake.channels.email.authenticity import Authenticity
from intake.channels.email.thread import Thread
from intake.channels.email.understanding.mail import Mail

_REMARK_CHARACTERS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """Everything that decisions are made on."""

    raw: Raw
    mail: Mail
    digest: str
    """The key under which it is filed: equal for every copy of the mail."""
    envelope_sender: str
    recipients: tuple[str, ...]
    directory: Directory
    authenticity: Authenticity
    thread: Thread = field(default_factory=Thread)
    staff_id: UUID | None = None
    """The member of staff whose address the mail names as its sender; proves nothing."""
    is_from_us: bool = False
    """Whether it names one of our own mailboxes as its sender."""

    @property
    def sender(self) -> str:
        """The person's address, lower case; empty where there is none."""
        return (self.mail.sender.address or "").lower()

    @property
    def language(self) -> str:
        """The language of sentences for staff."""
        return self.directory.hospital.language

    def remarks(self, *own: str) -> tuple[str, ...]:
        """Return what was repaired in the mail, and sentences of the reception, for staff."""
        said = (*own, *self.mail.problems)
        return tuple(clean_line(text)[:_REMARK_CHARACTERS] for text in said)

    def facts(self, **more: object) -> Json:
        """Return what is kept with the message, to be shown to staff."""
        mail: Json = {
            "message_id": self.mail.message_id,
            "from": clean_line(self.mail.sender.address or ""),
            "authenticity": self.authenticity.facts(),
        }
        if self.mail.automatic:
            mail["automatic"] = self.mail.automatic
        mail |= {name: value for name, value in more.items() if value}
        return {"mail": mail}
