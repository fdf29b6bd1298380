"""Raw messages and what became of each, the newest first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from core.ground.database import Database, transaction
from core.jobs.inbound import Inbound
from core.jobs.set_aside import reason_of
from core.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundRow:
    """A raw message in a list; what is in it is not shown."""

    id: UUID
    channel: str
    external_id: str
    received_at: datetime
    status: str
    attempts: int
    reason: str
    """Why it waits, a code of `core/jobs/set_aside.py`; of what waits alone."""
    error: str | None
    ticket: str | None
    conceals: bool
    """Whether that is of somebody without a name: what names the writer is shown to nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawMessage:
    """A raw message itself: its bytes, or the key in storage where they lie."""

    row: InboundRow
    content: bytes | None
    key: str | None


async def raw_messages(
    database: Database, statuses: tuple[str, ...], *, limit: int = 50
) -> tuple[InboundRow, ...]:
    """List raw messages, the newest first. Raises DatabaseAwayError."""
    query = _messages().where(Inbound.status.in_(statuses)).order_by(Inbound.seq.desc())
    async with transaction(database) as session:
        return tuple(_row(*found) for found in await session.execute(query.limit(limit)))


async def raw_message(database: Database, message_id: UUID) -> RawMessage | None:
    """Return one raw message. Raises DatabaseAwayError."""
    async with transaction(database) as session:
        found = (await session.execute(_messages().where(Inbound.id == message_id))).first()
    if found is None:
        return None
    message, number, unnamed = found
    row = _row(message, number, unnamed)
    if row.conceals:
        return RawMessage(row=row, content=None, key=None)
    return RawMessage(row=row, content=message.raw, key=message.raw_path)


def _messages() -> Select[Inbound, str, bool]:
    query = select(Inbound, Ticket.ticket_number, Ticket.is_anonymous)
    return query.outerjoin(Ticket, Ticket.id == Inbound.ticket_id)


def _row(message: Inbound, ticket: str | None, unnamed: bool | None) -> InboundRow:
    return InboundRow(
        id=message.id,
        channel=message.channel,
        external_id="" if unnamed else message.external_id,
        received_at=message.received_at,
        status=message.status,
        attempts=message.attempts,
        reason=reason_of(message.reason, message.last_error),
        error=message.last_error,
        ticket=ticket,
        conceals=bool(unnamed),
    )
