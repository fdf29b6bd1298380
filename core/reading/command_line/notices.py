"""Notices and how far each is, the newest first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.ground.concealed import address_seen
from core.ground.database import Database, transaction
from core.notices.delivery import Delivery
from core.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """A notice and how far it is."""

    id: UUID
    event_id: UUID | None
    number: str | None
    channel: str
    recipient: str
    """Where it goes; empty where it goes to somebody without a name."""
    audience: str
    template: str
    status: str
    attempts: int
    next_attempt_at: datetime
    sent_at: datetime | None
    error: str | None


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


async def notices_of(session: AsyncSession, ticket_id: UUID) -> tuple[DeliveryRow, ...]:
    """List the notices of one ticket, the oldest first."""
    query = _deliveries().where(Delivery.ticket_id == ticket_id).order_by(Delivery.seq)
    return tuple(_delivery(*row) for row in await session.execute(query))


def _deliveries() -> Select[Delivery, str, bool]:
    query = select(Delivery, Ticket.ticket_number, Ticket.is_anonymous)
    return query.outerjoin(Ticket, Ticket.id == Delivery.ticket_id)


def _delivery(row: Delivery, number: str | None, is_anonymous: bool | None) -> DeliveryRow:
    # of what has no ticket, such as a chat's replies, nobody knows yet whether its person is named
    conceals = is_anonymous in {True, None} and row.audience == "submitter"
    return DeliveryRow(
        id=row.id,
        event_id=row.event_id,
        number=number,
        channel=row.channel,
        recipient=address_seen(row.recipient_ref, conceals=conceals),
        audience=row.audience,
        template=row.template,
        status=row.status,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        sent_at=row.sent_at,
        error=row.last_error,
    )
