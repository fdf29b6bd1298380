"""What a channel hands in: a report in the person's words, and all that is known around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from core.ground import email_address, storable

KINDS = ("information", "complaint", "suggestion", "satisfaction")
LANGUAGES = ("id", "en")
FOR_WHOM = ("self", "family", "visitor", "staff")
FILE_STATUSES = ("stored", "quarantined", "pending", "failed")

LIMITS: dict[str, int] = {
    # secondary fields are shortened to so many characters, with a remark; the words never are
    "title": 255,
    "name": 120,
    "email": email_address.LONGEST,
    "phone": 32,
    "address": 500,
    "user_agent": 300,
    "file_name": 255,
    "mime_type": 255,
    "reason": 255,
    "content_id": 255,
    # longer than any channel's; what is cut off an address would make it another's
    "contact": email_address.LONGEST,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitter:
    """Who reports, as far as they want to say."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    address: str | None = None

    @property
    def is_unknown(self) -> bool:
        """Whether nothing at all is known."""
        return not (self.name or self.email or self.phone or self.address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where news of the ticket is to go: an address in a channel's own form."""

    channel: str
    address: str
    confirmed: bool = False
    """Whether its owner has shown that it is theirs (they wrote to us from it)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file already durable in storage, or one still to be fetched (`remote_ref`)."""

    name: str
    path: str = ""
    size: int = 0
    mime_type: str = "application/octet-stream"
    status: str = "stored"
    reason: str | None = None
    display_path: str | None = None
    remote_ref: str | None = None
    content_id: str | None = None

    @property
    def names(self) -> frozenset[str]:
        """What makes two files the same: content or handle; for want of both, the name."""
        handles = {handle for handle in (self.path, self.remote_ref) if handle}
        return frozenset(handles or {f"lost:{self.name}"})


class Again(StrEnum):
    """What a channel knows of a key that comes again with something else (`told_again`)."""

    MERGE = "merge"
    """The answer may have been lost on its way: what is new is added to the ticket."""
    ANOTHER = "another"
    """Whoever sends it has seen the receipt: other words are another report."""
    LEAVE = "leave"
    """Nothing is done; the receipt says what differs, and somebody can be asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One report as a channel understood it. `key` is the sender's own: told twice, one ticket."""

    channel: str
    key: str
    words: str
    html: str | None = None
    kind: str = "complaint"
    title: str | None = None
    language: str = "id"
    received_at: datetime | None = None
    """When it arrived at our door; None is now."""
    occurred_at: datetime | None = None

    qr_token: str | None = None
    unit_code: str | None = None
    unit_id: UUID | None = None
    recipient: str | None = None
    """The mailbox it was sent to, in lower case."""
    category: str | None = None
    """Code of the category the person chose."""

    submitter: Submitter = field(default_factory=Submitter)
    anonymous: bool = False
    for_whom: str | None = None
    addresses: tuple[Address, ...] = ()
    """In the order in which they are tried."""
    call_back: bool = True
    """Whether the submitter's telephone may be used for news, after every other address."""
    acknowledged: bool = False
    """The channel itself tells the person at once, so no notice of receipt goes out."""
    files: tuple[StoredFile, ...] = ()
    urgency: int = 3
    remarks: tuple[str, ...] = ()
    """What the channel repaired or could not read, in words for staff."""
    facts: Mapping[str, object] = field(default_factory=dict)
    """What the channel knows around it, such as how sure a mail's sender is; for staff."""
    entered_by: UUID | None = None
    """The member of staff who typed it in."""
    reporting: str | None = None
    """How it reached the hospital, where the channel alone does not say it (a letter typed in)."""
    ip_address: str | None = None
    user_agent: str | None = None
    again: Again = Again.MERGE
    """What becomes of it if its key was told before with something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the person is told: which ticket it is, who has it and until when."""

    key: str
    """The sender's key under which it is filed; not the submission's, if it is another report."""
    ticket_id: UUID
    number: str
    tracking_code: str
    unit_name: str
    due_at: datetime
    received_at: datetime
    repeated: bool = False
    """The same submission was told before; this is the receipt of then."""
    is_same: bool = True
    """False when a repeat under the same key says something else."""
    differs: tuple[str, ...] = ()
    """What it says that was not told before, as codes (`told_again.DIFFERENCES`)."""
    merged: bool = False
    """Whether that was added to the ticket. What differs and was not waits for somebody's word."""


def key_of(channel: str, key: str) -> str:
    """Return the key under which what a channel was told is stored, equal for nothing else."""
    return storable.name(f"{channel.replace('%', '%25').replace(':', '%3A')}:{key}")
