"""What somebody adds to a ticket they have, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from core.ground.concealed import address_plain
from core.ground.ids import uuid7
from core.ground.secret import Secret
from core.ground.text import clean, is_readable
from core.hospital.directory import Directory
from core.tickets.file_names import marks_of
from core.tickets.link import CLOSED_LONG_AGO, TicketLink
from core.tickets.message import Message, TicketAttachment
from core.tickets.preparation import Fitting, noted
from core.tickets.submission import (
    Address,
    Again,
    Receipt,
    StoredFile,
    Submission,
    Submitter,
    key_of,
)
from core.tickets.ticket import Ticket
from core.tickets.told_again import key_of_words
from core.tickets.writer import PLAIN, Writer


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
    writer: Writer = PLAIN
    """Who wrote it, where that is not plainly the person who reported."""
    automatic: bool = False
    """An automatic answer is kept on the ticket but never reopens it."""
    again: Again = Again.LEAVE
    """What becomes of it if its key was told before with something else."""

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
    message.remarks = noted(tuple(fit.remarks), {**follow_up.facts, **follow_up.writer.facts()})
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


def as_submission(ticket: Ticket, follow_up: FollowUp, secret: Secret) -> Submission:
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
            Address(
                channel=a.channel,
                address=address_plain(secret, a.address),
                confirmed=a.confirmed_at is not None,
            )
            for a in ticket.addresses
            if a.blocked_at is None
        ),
        files=follow_up.files,
        remarks=follow_up.remarks,
        facts={**follow_up.facts, **follow_up.writer.facts()},
        again=follow_up.again,
    )


async def not_told_yet(
    session: AsyncSession, ticket_id: UUID, follow_up: FollowUp, secret: Secret
) -> FollowUp | None:
    """Return what a follow-up says that was not told under its key; None: there is nothing new."""
    words = clean(follow_up.words).strip()
    key = follow_up.idempotency_key
    under = Message.idempotency_key.startswith(f"{key}.", autoescape=True)
    query = (
        select(Message)
        .where(Message.ticket_id == ticket_id, or_(Message.idempotency_key == key, under))
        .options(selectinload(Message.attachments))
    )
    told = (await session.scalars(query)).all()
    here = {
        mark for message in told for file in message.attachments for mark in marks_of(secret, file)
    }
    files = tuple(file for file in follow_up.files if not file.names & here)
    if not is_readable(words) or words in {message.body for message in told}:
        words = ""
    if not words and not files:
        return None
    own = key_of_words(follow_up.key, words, () if words else files)
    return replace(follow_up, key=own, words=words, files=files, again=Again.LEAVE)


async def teller(session: AsyncSession, channel: str, key: str) -> UUID | None:
    """Return the ticket on which a key was told, whichever it is."""
    query = select(Message.ticket_id).where(Message.idempotency_key == key_of(channel, key))
    return await session.scalar(query)


async def goes_on(session: AsyncSession, closed_id: UUID, ticket_id: UUID | None) -> bool:
    """Whether a ticket is what somebody added to another that was closed long ago."""
    query = select(TicketLink.id).where(
        TicketLink.ticket_id == ticket_id,
        TicketLink.other_id == closed_id,
        TicketLink.reason == CLOSED_LONG_AGO,
    )
    return await session.scalar(query) is not None
