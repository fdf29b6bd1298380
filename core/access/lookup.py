"""One ticket, or one file of it, for a member of staff who may know that it exists.

A ticket out of scope and one that never was look the same.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.access.scope import Reader, findable
from core.tickets.message import TicketAttachment
from core.tickets.ticket import Ticket


async def ticket_for(session: AsyncSession, reader: Reader, number: str) -> Ticket | None:
    """Return a ticket by its exact number; None where the reader may not know that it exists."""
    query = select(Ticket).where(Ticket.ticket_number == number.strip().upper(), findable(reader))
    return (await session.scalars(query)).one_or_none()


async def attachment_for(
    session: AsyncSession, reader: Reader, attachment_id: UUID
) -> TicketAttachment | None:
    """Return a file of a ticket that the reader may open; None for every other one."""
    query = (
        select(TicketAttachment)
        .join(Ticket, Ticket.id == TicketAttachment.ticket_id)
        .where(TicketAttachment.id == attachment_id, findable(reader))
    )
    return (await session.scalars(query)).one_or_none()
