"""One ticket with everything on it; numbers that name a person are covered, as in a list.

What is printed goes on into files and pipes: whoever needs such a number opens the page.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from core.ground.base import Json
from core.ground.database import transaction
from core.ground.masking import Place, masked
from core.hospital.unit import Unit
from core.people.staff import User
from core.reading.as_it_came import as_it_came
from core.reading.command_line.notices import DeliveryRow, notices_of
from core.reading.file_on_case import showing_of
from core.runtime import Runtime
from core.tickets.concealing import is_concealed, writer_shown
from core.tickets.event import Event
from core.tickets.lifecycle import possible
from core.tickets.message import Message
from core.tickets.shown_file import Showing
from core.tickets.ticket import Ticket

ELSEWHERE = frozenset({"follow_up", "confirm", "withdraw", "rate", "grade", "merge"})
"""Verbs that `kiss case` has not: the submitter's, and what is decided in the console alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMessage:
    """Something that was said, internal notes included."""

    author: str
    name: str | None
    channel: str
    words: str
    at: datetime
    is_internal: bool
    third_person: str | None
    """Who wrote it, where they are not of the ticket."""
    is_unproven: bool
    """Whether nothing shows that it is from whom it names."""
    files: tuple[str, ...]
    trimmed: str
    """What was cut from a mail."""
    as_it_came: str | None
    """All the text of a mail; None where it did not come as one."""


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
    """What staff can do next from the command line."""
    messages: tuple[CaseMessage, ...]
    events: tuple[CaseEvent, ...]
    deliveries: tuple[DeliveryRow, ...]


async def case_file(runtime: Runtime, number: str) -> WholeCase | None:
    """Read one ticket by its number; None where there is none. Raises DatabaseAwayError."""
    query = (
        select(Ticket, Unit, User.full_name)
        .join(Unit, Unit.id == Ticket.unit_id)
        .outerjoin(User, User.id == Ticket.assigned_to)
        .where(Ticket.ticket_number == number)
    )
    directory = await runtime.directory.fresh()
    async with transaction(runtime.database) as session:
        found = (await session.execute(query)).first()
        if found is None:
            return None
        ticket, unit, assignee = found
        showing = showing_of(ticket, directory, runtime.secret)
        return await _case(session, ticket, unit, assignee, showing)


async def _case(
    session: AsyncSession, ticket: Ticket, unit: Unit, assignee: str | None, showing: Showing
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
        title=masked(ticket.title, Place.STAFF),
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
        possible=tuple(verb for verb in possible(ticket.status) if verb not in ELSEWHERE),
        messages=await _messages(session, ticket, showing),
        events=await _events(session, ticket.id),
        deliveries=await notices_of(session, ticket.id),
    )


async def _messages(
    session: AsyncSession, ticket: Ticket, showing: Showing
) -> tuple[CaseMessage, ...]:
    query = (
        select(Message, User.full_name)
        .outerjoin(User, User.id == Message.author_id)
        .where(Message.ticket_id == ticket.id)
        .order_by(Message.received_at, Message.id)
        .options(selectinload(Message.attachments))
    )
    rows = await session.execute(query)
    return tuple(_message(ticket, message, name, showing) for message, name in rows)


def _message(ticket: Ticket, message: Message, name: str | None, showing: Showing) -> CaseMessage:
    came = None if is_concealed(ticket, message) else as_it_came(message)
    writer = writer_shown(ticket, message)
    return CaseMessage(
        author=message.author,
        name=name,
        channel=message.channel,
        words=masked(message.body, Place.STAFF),
        at=message.received_at,
        is_internal=message.is_internal,
        third_person=writer.third_person,
        is_unproven=writer.is_unproven,
        files=tuple(showing.of(file, message).name for file in message.attachments),
        trimmed=masked(came.trimmed, Place.STAFF) if came else "",
        as_it_came=masked(came.whole, Place.STAFF) if came and came.whole else None,
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
