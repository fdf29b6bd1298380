"""Read side for whoever runs the house: tickets, one case, and what is on its way.

Unscoped, for the command line alone. Pages for staff read through `core.access.lookup`.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from core.ground.base import Json
from core.ground.database import Database, transaction
from core.hospital.unit import Unit
from core.notices.delivery import Delivery
from core.people.staff import User
from core.tickets.event import Event
from core.tickets.lifecycle import WORKING, possible
from core.tickets.message import Message
from core.tickets.ticket import Ticket

SUBMITTERS_VERBS = frozenset({"follow_up", "confirm", "withdraw", "rate"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRow:
    """A line of a list of tickets."""

    number: str
    status: str
    priority: str
    unit: str
    source: str
    title: str
    received_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which tickets a list shows; what is None does not filter."""

    words: str | None = None
    """Part of the number, or words of title and description."""
    status: str | None = None
    unit: str | None = None
    source: str | None = None
    open_only: bool = False
    overdue_at: datetime | None = None
    limit: int = 50


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
class DeliveryRow:
    """A notice and how far it is."""

    id: UUID
    event_id: UUID | None
    number: str | None
    channel: str
    recipient: str
    audience: str
    template: str
    status: str
    attempts: int
    next_attempt_at: datetime
    sent_at: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
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


async def tickets(database: Database, wanted: Wanted) -> tuple[TicketRow, ...]:
    """List tickets, the newest first. Raises DatabaseAwayError."""
    query = (
        select(Ticket, Unit.code)
        .join(Unit, Unit.id == Ticket.unit_id)
        .where(*_conditions(wanted))
        .order_by(Ticket.received_at.desc(), Ticket.ticket_number.desc())
        .limit(wanted.limit)
    )
    async with transaction(database) as session:
        return tuple(_row(ticket, unit) for ticket, unit in await session.execute(query))


async def case_file(database: Database, number: str) -> CaseFile | None:
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


async def deliveries(
    database: Database,
    *,
    statuses: tuple[str, ...] = (),
    number: str | None = None,
    limit: int = 50,
) -> tuple[DeliveryRow, ...]:
    """List notices, the newest first. Raises DatabaseAwayError."""
    query = _deliveries().order_by(Delivery.seq.desc()).limit(limit)
    if statuses:
        query = query.where(Delivery.status.in_(statuses))
    if number is not None:
        query = query.where(Ticket.ticket_number == number)
    async with transaction(database) as session:
        return tuple(_delivery(*row) for row in await session.execute(query))


async def counts(database: Database) -> dict[str, int]:
    """Count tickets by status. Raises DatabaseAwayError."""
    query = select(Ticket.status, func.count()).group_by(Ticket.status)
    async with transaction(database) as session:
        return dict((await session.execute(query)).all())


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.status:
        found.append(Ticket.status == wanted.status)
    if wanted.open_only:
        found.append(Ticket.status.in_(WORKING))
    if wanted.unit:
        found.append(Unit.code == wanted.unit.upper())
    if wanted.source:
        found.append(Ticket.source == wanted.source)
    if wanted.overdue_at:
        found += [Ticket.sla_deadline < wanted.overdue_at, Ticket.status.in_(WORKING)]
    if wanted.words:
        texts = (Ticket.ticket_number, Ticket.title, Ticket.description)
        found.append(or_(*(text.icontains(wanted.words, autoescape=True) for text in texts)))
    return found


def _row(ticket: Ticket, unit: str) -> TicketRow:
    return TicketRow(
        number=ticket.ticket_number,
        status=ticket.status,
        priority=ticket.priority,
        unit=unit,
        source=ticket.source,
        title=ticket.title,
        received_at=ticket.received_at,
        due_at=ticket.sla_deadline,
    )


async def _case(
    session: AsyncSession, ticket: Ticket, unit: Unit, assignee: str | None
) -> CaseFile:
    sent = _deliveries().where(Delivery.ticket_id == ticket.id).order_by(Delivery.seq)
    contact = {
        "name": ticket.submitter_name,
        "email": ticket.submitter_email,
        "phone": ticket.submitter_phone,
        "address": ticket.submitter_address,
    }
    return CaseFile(
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
        deliveries=tuple(_delivery(*row) for row in await session.execute(sent)),
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


def _deliveries() -> Select[Delivery, str]:
    query = select(Delivery, Ticket.ticket_number)
    return query.outerjoin(Ticket, Ticket.id == Delivery.ticket_id)


def _delivery(row: Delivery, number: str | None) -> DeliveryRow:
    return DeliveryRow(
        id=row.id,
        event_id=row.event_id,
        number=number,
        channel=row.channel,
        recipient=row.recipient_ref,
        audience=row.audience,
        template=row.template,
        status=row.status,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        sent_at=row.sent_at,
        error=row.last_error,
    )
