"""What somebody adds to a ticket they have, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from core.ground.ids import uuid7
from core.ground.text import clean
from core.hospital.directory import Directory
from core.tickets.message import Message, TicketAttachment
from core.tickets.preparation import Fitting, noted
from core.tickets.submission import (
    Address,
    Receipt,
    StoredFile,
    Submission,
    Submitter,
    key_of,
)
from core.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Words and files for a ticket. `key` is the sender's own: told twice, added once."""

    channel: str
    key: str
    words: str
    html: str | None = None
    files: tuple[StoredFile, ...] = ()
    received_at: datetime | None = None
    remarks: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    automatic: bool = False
    """An automatic answer is kept on the ticket but never reopens it."""

    @property
    def idempotency_key(self) -> str:
        """Return the key under which the message is stored."""
        return key_of(self.channel, self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What became of a follow-up."""

    ticket_id: UUID
    number: str
    reopened: bool = False
    repeated: bool = False
    receipt: Receipt | None = None
    """The receipt of a new, linked ticket, when the old one was closed too long ago."""


def message_of(ticket: Ticket, follow_up: FollowUp, directory: Directory, now: datetime) -> Message:
    """Make the message, with its files, that a follow-up adds; it is made fit as a report is."""
    fit = Fitting(directory, [clean(remark) for remark in follow_up.remarks])
    received_at = fit.moment(follow_up.received_at, "received_at")
    message = Message(
        id=uuid7(),
        ticket_id=ticket.id,
        author="submitter",
        channel=fit.channel(follow_up.channel),
        body=clean(follow_up.words).strip(),
        html=clean(follow_up.html or "") or None,
        idempotency_key=follow_up.idempotency_key,
        received_at=min(received_at or now, now),
    )
    message.attachments = attachments_of(ticket.id, fit.files(follow_up.files))
    message.remarks = noted(tuple(fit.remarks), follow_up.facts)
    return message


def attachments_of(
    ticket_id: UUID, files: tuple[StoredFile, ...], uploaded_by: UUID | None = None
) -> list[TicketAttachment]:
    """Make the rows of files that came together and were made fit, in their order."""
    return [
        TicketAttachment(
            ticket_id=ticket_id,
            position=place,
            file_name=file.name,
            file_path=file.path,
            file_size=file.size,
            mime_type=file.mime_type,
            uploaded_by=uploaded_by,
            display_path=file.display_path,
            status=file.status,
            reason=file.reason,
            remote_ref=file.remote_ref,
            content_id=file.content_id,
        )
        for place, file in enumerate(files)
    ]


def as_submission(ticket: Ticket, follow_up: FollowUp) -> Submission:
    """Make a new report of a follow-up whose ticket was closed too long ago to reopen.

    The ticket's addresses must be loaded.
    """
    return Submission(
        channel=follow_up.channel,
        key=follow_up.key,
        words=follow_up.words,
        html=follow_up.html,
        kind=ticket.type,
        language=ticket.language,
        received_at=follow_up.received_at,
        unit_id=ticket.unit_id,
        submitter=Submitter(
            name=ticket.submitter_name,
            email=ticket.submitter_email,
            phone=ticket.submitter_phone,
            address=ticket.submitter_address,
        ),
        anonymous=ticket.is_anonymous,
        addresses=tuple(
            Address(channel=a.channel, address=a.address, confirmed=a.confirmed_at is not None)
            for a in ticket.addresses
            if a.blocked_at is None
        ),
        files=follow_up.files,
        remarks=follow_up.remarks,
        facts=follow_up.facts,
    )
