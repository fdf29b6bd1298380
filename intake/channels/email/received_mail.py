"""One mail as it is decided on: understood, with its envelope and all that was found out."""

import asyncio
import dataclasses
from dataclasses import dataclass, field
from uuid import UUID

from core.ground.base import Json
from core.ground.setting_shapes import place
from core.ground.text import clean_line
from core.hospital.directory import Directory
from core.reading import correspondence
from core.runtime import Runtime
from core.tickets.conversation import Conversation
from intake.channel import Raw
from intake.channels.email import dmarc
from intake.channels.email.authenticity import UNKNOWN, Authenticity, said_by
from intake.channels.email.mailboxes import Mailboxes
from intake.channels.email.own_traces import OwnTraces
from intake.channels.email.raw_mail import fingerprint
from intake.channels.email.settings import ReceivingSettings
from intake.channels.email.thread import Clues, Thread
from intake.channels.email.tokens import Tokens
from intake.channels.email.trust import Standing, standing_of
from intake.channels.email.understanding.mail import Mail, Person
from intake.language import translate
from intake.set_aside import released

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
    traces: OwnTraces = field(default_factory=OwnTraces)
    """What of ours it carries."""
    is_own_notice: bool = False
    """Whether its own Message-ID is one that we signed."""
    answers_ours: bool = False
    """Whether it answers a notice of ours, by a signed Message-ID in its headers."""
    answers_alarm: bool = False
    """Whether it answers an alarm of the review desk, by a signed Message-ID or bounce address."""
    standing: Standing
    """Whose words it brings, and whether somebody trusts the way it came."""

    @property
    def sender(self) -> str:
        """The person's address, lower case; empty where there is none."""
        return (self.mail.sender.address or "").lower()

    @property
    def conversation(self) -> Conversation:
        """Where it stands among other mails; a mail without an id has its fingerprint for one."""
        answers = (*self.mail.references, *self.mail.in_reply_to)
        return Conversation(
            own=self.mail.message_id or self.digest, answers=tuple(dict.fromkeys(answers))
        )

    def on(self, thread: Thread) -> "ReceivedMail":
        """Return it as a mail of one of its tickets.

        Where our signature names that, it is filed there under a key of its own: of two copies one
        may name a ticket that the other does not.
        """
        key = self.digest if thread.told is None else f"{self.digest}:{thread.ticket_id}"
        return dataclasses.replace(self, thread=thread, digest=key)

    @property
    def addressed(self) -> tuple[str, ...]:
        """The addresses it was sent to by SMTP, then those that its headers name; lower case.

        A copy that came to another of our mailboxes with the same bytes is kept once.
        """
        people = (*self.mail.to, *self.mail.cc)
        named_too = (one.address.lower() for one in people if one.address)
        return tuple(dict.fromkeys((*self.recipients, *named_too)))

    @property
    def answers_any(self) -> bool:
        """Whether it says that it answers another mail."""
        return bool(self.mail.in_reply_to or self.mail.references)

    @property
    def language(self) -> str:
        """The language of sentences for staff."""
        return self.directory.hospital.language

    def remarks(self, *own: str) -> tuple[str, ...]:
        """Return what was repaired in the mail, and sentences of ours, for staff."""
        waited = released(self.raw, self.directory)
        mended = (translate(self.language, problem) for problem in self.mail.problems)
        said = (*own, *waited, *mended)
        return tuple(clean_line(text)[:_REMARK_CHARACTERS] for text in said)

    def facts(self, **more: object) -> Json:
        """Return what is kept with the message, to be shown to staff."""
        mail: Json = {
            "message_id": self.mail.message_id,
            "answers": list(self.conversation.bounded),
            "from": clean_line(self.mail.sender.address or ""),
            "authenticity": self.authenticity.facts(),
        }
        if self.mail.automatic:
            mail["automatic"] = self.mail.automatic
        mail |= {name: value for name, value in more.items() if value}
        return {"mail": mail}


def named(person: Person) -> str:
    """Return a name with its address, as staff read them: one line, never verified."""
    name, address = clean_line(person.name), clean_line(person.address or "-")
    return f"{name} <{address}>" if name and name != address else address


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
    clues = Clues(runtime, tokens, mail, recipients, authenticity, raw.received_at, sender)
    thread, traces = await clues.follow(), OwnTraces.of(tokens, mail, raw.content)
    named = (*traces.deliveries, *filter(None, map(tokens.bounced_delivery, recipients)))
    if thread.ticket_id is None and traces:
        carried = await traces.lead(runtime, sender, authenticity)
        thread = thread if carried.leads_nowhere else carried
    return ReceivedMail(
        raw=raw,
        mail=mail,
        digest=fingerprint(raw.content).digest,
        envelope_sender=str(raw.envelope.get("sender") or ""),
        recipients=recipients,
        directory=directory,
        authenticity=authenticity,
        thread=thread,
        staff_id=await correspondence.staff_by_email(runtime.database, sender) if sender else None,
        is_from_us=mailboxes.knows(sender, directory),
        traces=traces,
        is_own_notice=tokens.delivery_of(mail.message_id or "") is not None,
        answers_ours=any(map(tokens.delivery_of, (*mail.in_reply_to, *mail.references))),
        answers_alarm=thread.leads_nowhere
        and await correspondence.is_alarm(runtime.database, named),
        standing=standing_of(
            mail,
            directory.trusted,
            envelope=str(raw.envelope.get("sender") or ""),
            disowned=authenticity.failed,
            is_ours=lambda address: mailboxes.knows(address, directory),
            is_own_domain=lambda domain: mailboxes.is_own_domain(domain, directory),
        ),
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
