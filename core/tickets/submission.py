"""What a channel hands in: a report in the person's words, and all that is known around it."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from core.ground import email_address
from core.ground.ip_address import plain
from core.ground.phone_number import read
from core.ground.text import clean, clean_line, first_words, shorten
from core.hospital.reporting import REPORTING

KINDS = ("information", "complaint", "suggestion", "satisfaction")
LANGUAGES = ("id", "en")
FOR_WHOM = ("self", "family", "visitor", "staff")

LIMITS: dict[str, int] = {
    # secondary fields are shortened to so many characters, with a remark; the words never are
    "title": 255,
    "name": 120,
    "email": email_address.LONGEST,
    "phone": 32,
    "address": 500,
    "user_agent": 300,
    "file_name": 255,
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

    @property
    def idempotency_key(self) -> str:
        """Return the key under which the first message is stored."""
        return f"{self.channel}:{self.key}"

    def content_hash(self) -> bytes:
        """Return a hash of what the person said, to tell a repeat from a change."""
        parts = (self.kind, self.words, *(f"{file.path}{file.remote_ref}" for file in self.files))
        return hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the person is told: which ticket it is, who has it and until when."""

    ticket_id: UUID
    number: str
    tracking_code: str
    unit_name: str
    due_at: datetime
    received_at: datetime
    repeated: bool = False
    """The same submission was told before; this is the receipt of then."""
    same_words: bool = True
    """False when a repeat under the same key says something else."""


def prepare(submission: Submission, calling: str | None = None, region: str = "ID") -> Submission:
    """Return the submission fit to be stored: cleaned, shortened, anonymised, with a title.

    Never raises and never drops the person's words. What had to be shortened is said in
    `remarks`. An anonymous report keeps no name, contact, network address or browser; of
    everybody else the telephone, read as one of the region's, is the last address; `calling` is
    the channel that calls it, if there is one.
    """
    remarks = list(submission.remarks)

    def fit(value: str | None, what: str) -> str | None:
        text = clean_line(value or "")
        if len(text) > LIMITS[what]:
            remarks.append(f"{what}: {len(text)} → {LIMITS[what]}")
        return shorten(text, LIMITS[what]) or None

    words = clean(submission.words).strip()
    hidden = submission.anonymous
    submitter = Submitter() if hidden else _fit_submitter(submission.submitter, fit)
    return replace(
        submission,
        kind=submission.kind if submission.kind in KINDS else "complaint",
        language=submission.language if submission.language in LANGUAGES else "id",
        for_whom=submission.for_whom if submission.for_whom in FOR_WHOM else None,
        words=words,
        html=clean(submission.html) if submission.html else None,
        title=fit(submission.title, "title") or first_words(words),
        submitter=submitter,
        addresses=_with_phone(submission, submitter, calling, region),
        reporting=submission.reporting if submission.reporting in REPORTING else None,
        anonymous=hidden or submitter.is_unknown,
        files=tuple(
            replace(file, name=fit(file.name, "file_name") or "-") for file in submission.files
        ),
        ip_address=None if hidden or submitter.is_unknown else plain(submission.ip_address),
        user_agent=None
        if hidden or submitter.is_unknown
        else fit(submission.user_agent, "user_agent"),
        urgency=min(max(submission.urgency, 1), 5),
        remarks=tuple(remarks),
    )


def _fit_submitter(submitter: Submitter, fit: Callable[[str | None, str], str | None]) -> Submitter:
    return Submitter(
        name=fit(submitter.name, "name"),
        email=fit(submitter.email, "email"),
        phone=fit(submitter.phone, "phone"),
        address=fit(submitter.address, "address"),
    )


def _with_phone(
    submission: Submission, submitter: Submitter, calling: str | None, region: str
) -> tuple[Address, ...]:
    known = submission.addresses
    if calling is None or any(address.channel == calling for address in known):
        return known
    number = read(submitter.phone, region) if submitter.phone and submission.call_back else None
    return known if number is None else (*known, Address(channel=calling, address=number))
