"""Who of a ticket can be told, and where: the submitter, the unit, whoever it is assigned to."""

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.hospital.directory import Directory
from core.notices.delivery import Delivery
from core.notices.who_hears import Audience, Recipient
from core.people.staff import User
from core.tickets.address import TicketAddress
from core.tickets.subject import subjects_of
from core.tickets.ticket import Ticket


async def usable_address(
    session: AsyncSession,
    ticket_id: UUID,
    directory: Directory,
    *,
    untold: UUID | None = None,
) -> TicketAddress | None:
    """Return the best address of a ticket that is not blocked and whose channel can send.

    With `untold`, an event: the best of those that were not tried with news of it yet.
    """
    query = select(TicketAddress).where(
        TicketAddress.ticket_id == ticket_id,
        TicketAddress.blocked_at.is_(None),
        TicketAddress.channel.in_(directory.sending),
    )
    if untold is not None:
        tried = exists().where(
            Delivery.event_id == untold,
            Delivery.channel == TicketAddress.channel,
            Delivery.recipient_ref == TicketAddress.address,
        )
        query = query.where(~tried)
    return await session.scalar(query.order_by(TicketAddress.rank).limit(1))


async def recipients_of(
    session: AsyncSession, ticket: Ticket, directory: Directory
) -> dict[Audience, Recipient]:
    """Return everybody of a ticket whom a notice reaches; what is about somebody, not them."""
    people: dict[Audience, Recipient] = {}
    address = await usable_address(session, ticket.id, directory)
    if address is not None:
        channel = directory.channels[address.channel]
        people["submitter"] = Recipient.at(channel, address.address, ticket.language)
    if directory.staff_channel is None:
        return people
    staff = directory.channels[directory.staff_channel]
    about = await subjects_of(session, ticket.id)
    unit = directory.units.get(ticket.unit_id)
    if unit is not None and unit.contact_email and not await _any_works_in(session, about, unit.id):
        people["unit"] = Recipient.at(staff, unit.contact_email, directory.hospital.language)
    user = await session.get(User, ticket.assigned_to) if ticket.assigned_to else None
    if user is not None and user.email and user.is_active and user.id not in about:
        people["assignee"] = Recipient.at(staff, user.email, user.language)
    return people


async def _any_works_in(session: AsyncSession, people: frozenset[UUID], unit_id: UUID) -> bool:
    """Whether any of them may read a unit's mailbox: what is about them is not sent there."""
    if not people:
        return False
    query = select(User.id).where(User.id.in_(people), User.unit_id == unit_id)
    return await session.scalar(query.limit(1)) is not None
