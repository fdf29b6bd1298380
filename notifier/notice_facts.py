"""What a notice tells: read from the ticket at the moment of sending."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.ground.database import transaction
from core.hospital.directory import HospitalEntry
from core.hospital.unit import Unit
from core.runtime import Runtime
from core.tickets.event import Event
from core.tickets.message import Message, TicketAttachment
from core.tickets.ticket import Ticket
from core.tickets.tracking_code import code_for, hash_of
from notifier.delivery_rows import Claimed


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """The facts of one notice."""

    hospital: HospitalEntry
    number: str
    kind: str
    unit: str
    due_at: datetime
    received_at: datetime
    closed_at: datetime | None
    answer: str
    """What staff said with the event, for the submitter; empty where nothing was said."""
    report: str
    """What the submitter said last, or at first, for staff alone: the submitter's words never
    go to an address, which may be a stranger's."""
    who: str | None
    """The submitter's name for staff; None where they are unknown or want to be."""
    source: str
    files: int
    """How many files came with the words."""
    track_url: str | None
    """The link that opens the ticket, where its code can be derived."""


async def read_facts(runtime: Runtime, claimed: Claimed) -> NoticeFacts | None:
    """Read the story of a delivery; None for what is said without a ticket.

    Raises DatabaseAwayError.
    """
    if claimed.ticket_id is None or claimed.event_id is None:
        return None
    hospital = (await runtime.directory.fresh()).hospital
    async with transaction(runtime.database) as session:
        row = (await session.execute(_story_of(claimed.ticket_id, claimed.event_id))).one()
        first_key = await session.scalar(_first_key(claimed.ticket_id))
        message_id = row.Message.id if row.Message is not None else None
        files = await _files(session, message_id)
    ticket: Ticket = row.Ticket
    said: Message | None = row.Message
    return NoticeFacts(
        hospital=hospital,
        number=ticket.ticket_number,
        kind=ticket.type,
        unit=row.unit_name,
        due_at=ticket.sla_deadline,
        received_at=ticket.received_at,
        closed_at=ticket.closed_at,
        answer=said.body if said is not None and _is_answer(said) else "",
        report=said.body if said is not None and said.author == "submitter" else ticket.description,
        who=None if ticket.is_anonymous else ticket.submitter_name,
        source=ticket.source,
        files=files,
        track_url=_track_url(runtime, ticket, first_key),
    )


def _story_of(ticket_id: UUID, event_id: UUID):  # type: ignore[no-untyped-def]  # noqa: ANN202 - SQLAlchemy infers the row
    return (
        select(Ticket, Unit.name.label("unit_name"), Message)
        .join(Unit, Unit.id == Ticket.unit_id)
        .join(Event, Event.ticket_id == Ticket.id)
        .outerjoin(Message, Message.id == Event.message_id)
        .where(Ticket.id == ticket_id, Event.id == event_id)
    )


def _first_key(ticket_id: UUID):  # type: ignore[no-untyped-def]  # noqa: ANN202 - the same
    return (
        select(Message.idempotency_key)
        .where(Message.ticket_id == ticket_id, Message.idempotency_key.is_not(None))
        .order_by(Message.created_at)
        .limit(1)
    )


def _is_answer(said: Message) -> bool:
    return said.author != "submitter" and not said.is_internal


async def _files(session: AsyncSession, message_id: UUID | None) -> int:
    query = select(func.count()).where(TicketAttachment.message_id == message_id)
    return await session.scalar(query) or 0


def _track_url(runtime: Runtime, ticket: Ticket, first_key: str | None) -> str | None:
    """Derive the code anew; it is right only if its hash is the one the ticket holds."""
    code = code_for(runtime.secret, first_key or "")
    if hash_of(code) != ticket.tracking_hash:
        return None
    return f"{runtime.settings.public_url.rstrip('/')}/t/{code}"
