"""One ticket with everything on it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from core.ground.base import Json
from core.ground.database import Database, transaction
from core.hospital.unit import Unit
from core.people.staff import User
from core.reading.command_line.notices import DeliveryRow, notices_of
from core.tickets.event import Event
from core.tickets.lifecycle import possible
from core.tickets.message import Message
from core.tickets.ticket import Ticket

SUBMITTERS_VERBS = frozenset({"follow_up", "confirm", "withdraw", "rate"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMessage:
    """Something that was said, internal notes included."""

    author: str
    name: str | None
    channel: str
    words: str
    at: datetime
    is_internal: bool
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent:
    """Something that happened."""

    kind: str
    actor: str
    name: str | None
    at: datetime
    data: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeCase:
    """One ticket with everything on it."""

    id: UUID
    number: str
    kind: str
    status: str
    priority: str
    title: str
    unit: str
    unit_code: str
    assignee: str | None
    source: str
    language: str
    submitter: dict[str, str]
    routing_reason: str
    sla_reason: str
    received_at: datetime
    due_at: datetime
    first_response_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    rating: int | None
    version: int
    possible: tuple[str, ...]
    """What staff can do next."""
    messages: tuple[CaseMessage, ...]
    events: tuple[CaseEvent, ...]
    deliveries: tuple[DeliveryRow, ...]


async def case_file(database: Database, number: str) -> WholeCase | None:
    """Read one ticket by its number; None where there is none. Raises DatabaseAwayError."""
    query = (
        select(Ticket, Unit, User.full_name)
        .join(Unit, Unit.id == Ticket.unit_id)
        .outerjoin(User, User.id == Ticket.assigned_to)
        .where(Ticket.ticket_number == number)
    )
    async with transaction(database) as session:
        found = (await session.execute(query)).first()
        return await _case(session, *found) if found else None


async def _case(
    session: AsyncSession, ticket: Ticket, unit: Unit, assignee: str | None
) -> WholeCase:
    contact = {
        "name": ticket.submitter_name,
        "email": ticket.submitter_email,
        "phone": ticket.submitter_phone,
        "address": ticket.submitter_address,
    }
    return WholeCase(
        id=ticket.id,
        number=ticket.ticket_number,
        kind=ticket.type,
        status=ticket.status,
        priority=ticket.priority,
        title=ticket.title,
        unit=unit.name,
        unit_code=unit.code,
        assignee=assignee,
        source=ticket.source,
        language=ticket.language,
        submitter={key: value for key, value in contact.items() if value},
        routing_reason=ticket.routing_reason,
        sla_reason=ticket.sla_reason,
        received_at=ticket.received_at,
        due_at=ticket.sla_deadline,
        first_response_at=ticket.first_response_at,
        resolved_at=ticket.resolved_at,
        closed_at=ticket.closed_at,
        rating=ticket.rating,
        version=ticket.version,
        possible=tuple(verb for verb in possible(ticket.status) if verb not in SUBMITTERS_VERBS),
        messages=await _messages(session, ticket.id),
        events=await _events(session, ticket.id),
        deliveries=await notices_of(session, ticket.id),
    )


async def _messages(session: AsyncSession, ticket_id: UUID) -> tuple[CaseMessage, ...]:
    query = (
        select(Message, User.full_name)
        .outerjoin(User, User.id == Message.author_id)
        .where(Message.ticket_id == ticket_id)
        .order_by(Message.received_at, Message.id)
        .options(selectinload(Message.attachments))
    )
    return tuple(
        CaseMessage(
            author=message.author,
            name=name,
            channel=message.channel,
            words=message.body,
            at=message.received_at,
            is_internal=message.is_internal,
            files=tuple(file.file_name for file in message.attachments),
        )
        for message, name in await session.execute(query)
    )


async def _events(session: AsyncSession, ticket_id: UUID) -> tuple[CaseEvent, ...]:
    query = (
        select(Event, User.full_name)
        .outerjoin(User, User.id == Event.actor_id)
        .where(Event.ticket_id == ticket_id)
        .order_by(Event.seq)
    )
    return tuple(
        CaseEvent(kind=event.kind, actor=event.actor, name=name, at=event.at, data=event.data)
        for event, name in await session.execute(query)
    )
