"""The list of tickets, the newest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from core.ground.database import Database, transaction
from core.ground.masking import Place, masked
from core.hospital.unit import Unit
from core.tickets.lifecycle import WORKING
from core.tickets.ticket import Ticket


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
class TicketsWanted:
    """Which tickets a list shows; what is None does not filter."""

    words: str | None = None
    """Part of the number, or words of title and description."""
    status: str | None = None
    unit: str | None = None
    source: str | None = None
    open_only: bool = False
    overdue_at: datetime | None = None
    limit: int = 50


async def tickets(database: Database, wanted: TicketsWanted) -> tuple[TicketRow, ...]:
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


def _conditions(wanted: TicketsWanted) -> list[ColumnElement[bool]]:
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
        title=masked(ticket.title, Place.STAFF),
        received_at=ticket.received_at,
        due_at=ticket.sla_deadline,
    )
