"""Read side for the submitter: one ticket as the person who holds its code may see it.

Internal messages, names of staff and the reasons behind a decision are not in it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from core.ground.base import Json
from core.ground.database import Database, transaction
from core.ground.secret import Secret
from core.ground.text import clean
from core.hospital.unit import Unit
from core.runtime import Runtime
from core.tickets.event import Event
from core.tickets.follow_up import FollowUp
from core.tickets.lifecycle import Status
from core.tickets.message import Message, TicketAttachment
from core.tickets.shown_file import BEING_CLEANED, Showing, ShownFile, with_twin
from core.tickets.ticket import Ticket
from core.tickets.writer import PLAIN, Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedFile:
    """A file of a message: whether it may be looked at, and whether it could not be kept."""

    id: UUID
    name: str
    size: int
    mime_type: str
    key: str
    is_sealed: bool
    display_key: str | None
    is_open: bool
    is_lost: bool
    is_being_cleaned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedMessage:
    """Something that was said, by the submitter, by staff or by the house itself."""

    author: str
    words: str
    at: datetime
    files: tuple[TrackedFile, ...]
    writer: Writer = PLAIN
    """Who wrote it, where that is not plainly the submitter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedEvent:
    """Something that happened; if it moved, from which unit to which."""

    kind: str
    at: datetime
    origin_id: UUID | None = None
    unit_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """A ticket on its tracking page. `version` rises with every change of it."""

    id: UUID
    number: str
    status: Status
    unit_name: str
    language: str
    received_at: datetime
    due_at: datetime
    first_response_at: datetime | None
    resolved_at: datetime | None
    rating: int | None
    version: int
    messages: tuple[TrackedMessage, ...]
    events: tuple[TrackedEvent, ...]


async def tracked(runtime: Runtime, ticket_id: UUID) -> Tracked | None:
    """Read a ticket for its submitter; None where there is none. Raises DatabaseAwayError."""
    async with transaction(runtime.database) as session:
        ticket = await session.get(Ticket, ticket_id)
        if ticket is None:
            return None
        unit = await session.get_one(Unit, ticket.unit_id)
        return Tracked(
            id=ticket.id,
            number=ticket.ticket_number,
            status=Status(ticket.status),
            unit_name=unit.name,
            language=ticket.language,
            received_at=ticket.received_at,
            due_at=ticket.sla_deadline,
            first_response_at=ticket.first_response_at,
            resolved_at=ticket.resolved_at,
            rating=ticket.rating,
            version=ticket.version,
            messages=await _messages(session, ticket, runtime.secret),
            events=await _events(session, ticket_id),
        )


async def version_of(database: Database, ticket_id: UUID) -> int | None:
    """Read only the version, to learn whether there is news. Raises DatabaseAwayError."""
    async with transaction(database) as session:
        return await session.scalar(select(Ticket.version).where(Ticket.id == ticket_id))


async def said_before(
    database: Database, ticket_id: UUID, told: FollowUp, since: datetime
) -> datetime | None:
    """Return when the submitter last said the very same words, under another key.

    The same under its own key is a repeat, which adds nothing. Raises DatabaseAwayError.
    """
    query = (
        select(Message.idempotency_key, Message.received_at)
        .where(
            Message.ticket_id == ticket_id,
            Message.author == "submitter",
            Message.body == clean(told.words).strip(),
            Message.received_at > since,
        )
        .order_by(Message.received_at)
    )
    key = told.idempotency_key
    async with transaction(database) as session:
        found = (await session.execute(query)).all()
    if any(one == key or (one or "").startswith(f"{key}.") for one, _ in found):
        return None
    return found[-1].received_at if found else None


async def _messages(
    session: AsyncSession, ticket: Ticket, secret: Secret
) -> tuple[TrackedMessage, ...]:
    """Read what was said; an anonymous person's files as others get them: anybody may look on."""
    showing = Showing(is_anonymous=ticket.is_anonymous, language=ticket.language, secret=secret)
    query = (
        select(Message)
        .where(Message.ticket_id == ticket.id, Message.is_internal.is_(False))
        .order_by(Message.received_at, Message.id)
        .options(selectinload(Message.attachments))
    )
    said = [
        TrackedMessage(
            author=message.author,
            writer=Writer.of(message.remarks),
            words=message.body,
            at=message.received_at,
            files=tuple(
                [
                    _file(file, await with_twin(session, secret, showing.of(file, message)))
                    for file in message.attachments
                ]
            ),
        )
        for message in (await session.scalars(query)).all()
    ]
    return tuple(said)


def _file(file: TicketAttachment, seen: ShownFile) -> TrackedFile:
    return TrackedFile(
        id=file.id,
        name=seen.name,
        size=seen.size,
        mime_type=seen.mime_type,
        key=seen.path,
        is_sealed=seen.is_sealed,
        display_key=seen.display_path,
        is_open=seen.is_open,
        is_lost=file.status == "failed",
        is_being_cleaned=seen.reason == BEING_CLEANED,
    )


async def _events(session: AsyncSession, ticket_id: UUID) -> tuple[TrackedEvent, ...]:
    query = (
        select(Event.kind, Event.at, Event.data)
        .where(Event.ticket_id == ticket_id)
        .order_by(Event.seq)
    )
    return tuple(_event(*row) for row in await session.execute(query))


def _event(kind: str, at: datetime, data: Json) -> TrackedEvent:
    if kind != "moved":
        return TrackedEvent(kind=kind, at=at)
    return TrackedEvent(
        kind=kind, at=at, origin_id=UUID(str(data["origin"])), unit_id=UUID(str(data["to"]))
    )
