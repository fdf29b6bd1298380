"""One ticket, or one file of it, for a member of staff who may know that it exists.

A ticket out of scope and one that never was look the same.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.access.proof import readable
from core.access.scope import Reader, findable
from core.hospital.directory import Directory
from core.people.staff import Role, User, UserRole
from core.tickets.message import TicketAttachment
from core.tickets.ticket import Ticket


async def ticket_for(session: AsyncSession, reader: Reader, number: str) -> Ticket | None:
    """Return a ticket by its exact number; None where the reader may not know that it exists."""
    query = select(Ticket).where(Ticket.ticket_number == number.strip().upper(), findable(reader))
    return (await session.scalars(query)).one_or_none()


async def whole_ticket_for(
    session: AsyncSession, reader: Reader, number: str, now: datetime
) -> Ticket | None:
    """Return a ticket of which the reader sees everything; None for one they only know of, too."""
    exact = Ticket.ticket_number == number.strip().upper()
    query = select(Ticket).where(exact, readable(reader, now))
    return (await session.scalars(query)).one_or_none()


async def attachment_for(
    session: AsyncSession, reader: Reader, attachment_id: UUID, now: datetime
) -> TicketAttachment | None:
    """Return a file of a ticket that the reader may open; None for every other one."""
    query = (
        select(TicketAttachment)
        .join(Ticket, Ticket.id == TicketAttachment.ticket_id)
        .where(TicketAttachment.id == attachment_id, readable(reader, now))
    )
    return (await session.scalars(query)).one_or_none()


async def reader_of(session: AsyncSession, user_id: UUID, directory: Directory) -> Reader:
    """Return a member of staff as a reader, with the roles they have now."""
    roles = (
        select(Role.code)
        .join(UserRole, UserRole.role_id == Role.id)
        .where(UserRole.user_id == user_id, UserRole.is_active)
    )
    unit_id = await session.scalar(select(User.unit_id).where(User.id == user_id))
    held = frozenset(await session.scalars(roles))
    return Reader.of(user_id, held, unit_id, directory)
