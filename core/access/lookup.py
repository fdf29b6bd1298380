"""Read side for staff: what a reader may see, and nothing else, as the pages need it.

Every query starts from `tickets_for`; a ticket out of scope and one that never was look the same.
"""

from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.access.scope import Reader, findable, listed
from core.tickets.message import TicketAttachment
from core.tickets.ticket import Ticket


def tickets_for(reader: Reader) -> Select[Ticket]:
    """Begin a query over the tickets a reader may list."""
    return select(Ticket).where(listed(reader))


async def ticket_for(session: AsyncSession, reader: Reader, number: str) -> Ticket | None:
    """Return a ticket by its exact number; None where the reader may not know that it exists."""
    query = select(Ticket).where(Ticket.ticket_number == number.strip().upper(), findable(reader))
    return (await session.scalars(query)).one_or_none()


async def count(session: AsyncSession, reader: Reader) -> int:
    """Count the tickets a reader may list."""
    query = select(func.count()).select_from(Ticket).where(listed(reader))
    return await session.scalar(query) or 0


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
