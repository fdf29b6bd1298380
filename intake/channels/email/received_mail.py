"""One mail as it is decided on: understood, with its envelope and all that was found out."""

import asyncio
import dataclasses
from dataclasses import dataclass, field
from uuid import UUID

from core.ground.base import Json
from core.ground.text import clean_line
from core.hospital.directory import Directory
from core.reading import correspondence
from core.runtime import Runtime
from intake.channel import Raw
from intake.channels.email import dmarc
from intake.channels.email.authenticity import UNKNOWN, Authenticity, said_by
from intake.channels.email.mailboxes import Mailboxes
from intake.channels.email.raw_mail import fingerprint
from intake.channels.email.settings import ReceivingSettings, place
from intake.channels.email.thread import Clues, Thread
from intake.channels.email.tokens import Tokens
from intake.channels.email.understanding.mail import Mail

_REMARK_CHARACTERS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedMail:
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
        """Return what was repaired in the mail, and sentences of ours, for staff."""
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


async def examine(
    raw: Raw, mail: Mail, *, runtime: Runtime, mailboxes: Mailboxes, tokens: Tokens
) -> ReceivedMail:
    """Find out all that there is to know: who sent it, how sure that is, which ticket it is of.

    Raises DatabaseAwayError.
    """
    directory = await runtime.directory.fresh()
    sender = (mail.sender.address or "").lower()
    recipients = _texts(raw.envelope.get("recipients"))
    authenticity = await _authenticity(raw, mail, mailboxes.receiving)
    clues = Clues(runtime.database, tokens, mail, recipients, authenticity, sender)
    return ReceivedMail(
        raw=raw,
        mail=mail,
        digest=fingerprint(raw.content).digest,
        envelope_sender=str(raw.envelope.get("sender") or ""),
        recipients=recipients,
        directory=directory,
        authenticity=authenticity,
        thread=await clues.follow(),
        staff_id=await correspondence.staff_by_email(runtime.database, sender) if sender else None,
        is_from_us=mailboxes.knows(sender, directory),
    )


async def _authenticity(raw: Raw, mail: Mail, settings: ReceivingSettings) -> Authenticity:
    peer = str(raw.envelope.get("peer") or "")
    ours = peer in settings.servers
    if settings.authserv_id and ours:
        said = said_by(settings.authserv_id, mail.headers)
        if said.by:
            return said
    if not settings.resolver or not mail.readable:
        return UNKNOWN
    origin = dmarc.Origin(
        peer="" if ours else peer,
        helo=str(raw.envelope.get("helo") or ""),
        sender=str(raw.envelope.get("sender") or ""),
        from_domain=(mail.sender.address or "").rpartition("@")[2],
    )
    ask = dmarc.resolver_at(*place(settings.resolver))
    try:
        async with asyncio.timeout(dmarc.CHECK_SECONDS):
            return await asyncio.to_thread(dmarc.check, raw.content, origin, ask)
    except TimeoutError:
        return dataclasses.replace(UNKNOWN, dmarc="temperror", by="kiss")


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()
