"""Read side for channels in which people answer: which ticket, and who is part of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from core.database import Database, transaction
from core.delivery import Delivery
from core.inbound import Inbound
from core.message import Message
from core.people import User
from core.ticket import Ticket, TicketAddress, TicketLink


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Whom a notice of ours told about which ticket."""

    ticket_id: UUID
    audience: str
    recipient: str
    user_id: UUID | None = None
    """The member of staff who owns that address."""


async def told_by(database: Database, delivery_id: UUID) -> Told | None:
    """Return whom a delivery told; None where there is no such delivery about a ticket."""
    query = (
        select(Delivery.ticket_id, Delivery.audience, Delivery.recipient_ref, User.id)
        .outerjoin(
            User, (func.lower(User.email) == func.lower(Delivery.recipient_ref)) & User.is_active
        )
        .where(Delivery.id == delivery_id, Delivery.ticket_id.is_not(None))
    )
    async with transaction(database) as session:
        row = (await session.execute(query)).first()
    if row is None:
        return None
    ticket_id, audience, recipient, user_id = row
    if ticket_id is None:
        return None
    return Told(
        ticket_id=ticket_id,
        audience=audience,
        recipient=recipient,
        user_id=user_id if audience != "submitter" else None,
    )


async def numbered(database: Database, number: str) -> UUID | None:
    """Return the ticket of a number. Whoever writes a number has shown nothing by it."""
    async with transaction(database) as session:
        return await session.scalar(select(Ticket.id).where(Ticket.ticket_number == number))


async def heard_in(database: Database, channel: str, ids: Sequence[str]) -> UUID | None:
    """Return the ticket of an earlier message of a channel, by the ids its senders gave them."""
    query = (
        select(Inbound.ticket_id)
        .where(
            Inbound.channel == channel,
            Inbound.external_id.in_(ids),
            Inbound.ticket_id.is_not(None),
        )
        .order_by(Inbound.seq.desc())
        .limit(1)
    )
    if not ids:
        return None
    async with transaction(database) as session:
        return await session.scalar(query)


async def belongs_to(database: Database, ticket_id: UUID, channel: str, address: str) -> bool:
    """Say whether an address (lower case) is the submitter's on this ticket."""
    placed = exists().where(
        TicketAddress.ticket_id == ticket_id,
        TicketAddress.channel == channel,
        func.lower(TicketAddress.address) == address,
    )
    written = exists().where(Ticket.id == ticket_id, func.lower(Ticket.submitter_email) == address)
    async with transaction(database) as session:
        return bool(await session.scalar(select(or_(placed, written))))


async def still_there(database: Database, ticket_id: UUID) -> bool:
    """Say whether a ticket exists: one that was erased leaves signed addresses behind."""
    async with transaction(database) as session:
        return bool(await session.scalar(select(exists().where(Ticket.id == ticket_id))))


async def filed_since(database: Database, channel: str, address: str, since: datetime) -> int:
    """Count the tickets with an address of a channel that arrived since a moment."""
    query = (
        select(func.count())
        .select_from(TicketAddress)
        .join(Ticket, Ticket.id == TicketAddress.ticket_id)
        .where(
            TicketAddress.channel == channel,
            TicketAddress.address == address,
            Ticket.received_at > since,
        )
    )
    async with transaction(database) as session:
        return await session.scalar(query) or 0


async def message_kept(database: Database, key: str) -> tuple[UUID, UUID] | None:
    """Return ticket and message of an idempotency key that was used before."""
    query = select(Message.ticket_id, Message.id).where(Message.idempotency_key == key)
    async with transaction(database) as session:
        row = (await session.execute(query)).first()
    return (row[0], row[1]) if row else None


async def staff_by_email(database: Database, address: str) -> UUID | None:
    """Return the active member of staff who says that an address is theirs."""
    query = select(User.id).where(func.lower(User.email) == address, User.is_active).limit(1)
    async with transaction(database) as session:
        return await session.scalar(query)


async def link(database: Database, ticket_id: UUID, other_id: UUID, reason: str) -> None:
    """Let staff see that two tickets may belong together; told twice it is one link."""
    row = {"ticket_id": ticket_id, "other_id": other_id, "kind": "related", "reason": reason}
    async with transaction(database) as session:
        await session.execute(insert(TicketLink).values(**row).on_conflict_do_nothing())
