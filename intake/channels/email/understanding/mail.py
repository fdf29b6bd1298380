"""The understood mail: frozen values, and the JSON contract of `kiss parse-mail`."""

from dataclasses import dataclass, field
from typing import Any, Literal

Automatic = Literal["auto-reply", "bulk", "list", "loop", "calendar"]
ReportKind = Literal["feedback", "read", "delivery"]
Sign = Literal[
    "our-header",
    "auto-submitted",
    "answering-program",
    "precedence-auto",
    "precedence-list",
    "precedence-bulk",
    "inbox-rule",
    "list-id",
    "list-post",
    "list-unsubscribe",
    "list-other",
    "wants-no-answer",
    "failed-recipients",
    "invitation",
    "read-receipt",
    "absence-subject",
    "machine-sender",
    "daemon-sender",
    "null-sender",
    "delivery-report",
]
"""What `automatic.py` sees in a mail: evidence, of which none proves anything alone."""
Reason = Literal[
    "unknown-user",
    "unknown-host",
    "moved",
    "mailbox-full",
    "size",
    "policy",
    "temporary",
    "other",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A display name and an address; either may be missing, neither is ever verified."""

    name: str = ""
    address: str | None = None

    def as_contract(self) -> dict[str, Any]:
        """Return `{"name": str, "address": str | null}`."""
        return {"name": self.name, "address": self.address}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file of the mail with its decoded bytes; name and type are the sender's claims."""

    filename: str
    content_type: str
    inline: bool
    content_id: str | None
    sha256: str
    data: bytes = field(repr=False)

    def as_contract(self) -> dict[str, Any]:
        """Return everything but the bytes themselves."""
        return {
            "filename": self.filename,
            "content_type": self.content_type,
            "size": len(self.data),
            "inline": self.inline,
            "content_id": self.content_id,
            "sha256": self.sha256,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """The mail that was passed on: the outermost one if several are nested."""

    sender: Person
    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    subject: str = ""
    date: str = ""
    text: str = ""

    def as_contract(self) -> dict[str, Any]:
        """Return the object under "forwarded"."""
        return {
            "from": self.sender.as_contract(),
            "to": [person.as_contract() for person in self.to],
            "cc": [person.as_contract() for person in self.cc],
            "subject": self.subject,
            "date": self.date,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A message of ours that did not arrive. `hard`: this address will never work."""

    recipients: tuple[str, ...]
    status: str | None
    reason: Reason
    hard: bool
    original_message_id: str | None = None
    """Message-ID of the returned mail, to find the delivery it belongs to."""

    def as_contract(self) -> dict[str, Any]:
        """Return the object under "bounce"."""
        return {
            "recipients": list(self.recipients),
            "status": self.status,
            "reason": self.reason,
            "hard": self.hard,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineReport:
    """What one mail system tells another of a mail: unwanted, read, delivered."""

    kind: ReportKind
    feedback: str = ""
    """The Feedback-Type of RFC 5965 and RFC 6591, lower case: `abuse`, `fraud`, `not-spam`, …"""
    original_ids: tuple[str, ...] = ()
    """Message-IDs by which it names the mail it is about."""
    original_paths: tuple[str, ...] = ()
    """Envelope senders by which it names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Everything understood from one raw message. No text in it holds NUL or lone surrogates."""

    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    sender: Person = Person()
    """The person the mail is from (JSON "from"): the first usable of From, Reply-To, …"""
    transmitter: Person | None = None
    """The Sender header (RFC 5322 §3.6.2), JSON "sender"."""
    reply_to: tuple[Person, ...] = ()
    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    subject: str = ""
    date: str | None = None
    text: str = ""
    html: str | None = None
    reply: str = ""
    letter: str = ""
    """What a first mail says: `reply`, with its signature and whatever only may be a quotation."""
    forwarded: Forwarded | None = None
    attachments: tuple[Attachment, ...] = ()
    automatic: Automatic | None = None
    """What it looks like, by any single sign."""
    signs: frozenset[Sign] = frozenset()
    """Every sign that a machine had a hand in it."""
    bounce: Bounce | None = None
    report: MachineReport | None = None
    """What it reports on another mail, where it is such a report and no bounce."""
    answerable: bool = True
    """May any automatic answer go out (RFC 3834 §2)?"""
    return_path: str | None = None
    """Address of the Return-Path header; "" for the null sender `<>`, None if there is none."""
    headers: tuple[tuple[str, str], ...] = ()
    """Every top header, name in lower case, decoded to one safe line, in the mail's order."""
    readable: bool = True
    """False: nothing but the headers could be read; staff needs the original."""
    problems: tuple[str, ...] = ()

    def as_contract(self) -> dict[str, Any]:
        """Return the JSON object that `kiss parse-mail` prints."""
        return {
            "message_id": self.message_id,
            "in_reply_to": list(self.in_reply_to),
            "references": list(self.references),
            "from": self.sender.as_contract(),
            "sender": self.transmitter.as_contract() if self.transmitter else None,
            "reply_to": [person.as_contract() for person in self.reply_to],
            "to": [person.as_contract() for person in self.to],
            "cc": [person.as_contract() for person in self.cc],
            "subject": self.subject,
            "date": self.date,
            "text": self.text,
            "html": self.html,
            "reply": self.reply,
            "forwarded": self.forwarded.as_contract() if self.forwarded else None,
            "attachments": [attachment.as_contract() for attachment in self.attachments],
            "automatic": self.automatic,
            "bounce": self.bounce.as_contract() if self.bounce else None,
            "problems": list(self.problems),
        }
