"""Who of a ticket can be told, and where: the submitter, the unit, whoever it is assigned to."""

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.ground.concealed import address_plain
from core.ground.secret import Secret
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
    session: AsyncSession, ticket: Ticket, directory: Directory, secret: Secret
) -> dict[Audience, Recipient]:
    """Return everybody of a ticket whom a notice reaches; what is about somebody, not them."""
    people: dict[Audience, Recipient] = {}
    address = await usable_address(session, ticket.id, directory)
    if address is not None:
        channel = directory.channels[address.channel]
        plain = address_plain(secret, address.address)
        people["submitter"] = Recipient.at(channel, address.address, ticket.language, plain)
    if directory.staff_channel is None:
        return people
    staff = directory.channels[directory.staff_channel]
    about = await subjects_of(session, ticket.id)
    unit = await unit_recipient(session, ticket.id, directory, ticket.unit_id)
    if unit is not None:
        people["unit"] = unit
    user = await session.get(User, ticket.assigned_to) if ticket.assigned_to else None
    if user is not None and user.email and user.is_active and user.id not in about:
        people["assignee"] = Recipient.at(staff, user.email, user.language)
    return people


async def unit_recipient(
    session: AsyncSession, ticket_id: UUID, directory: Directory, unit_id: UUID
) -> Recipient | None:
    """Return the mailbox of a unit, for news of a ticket; None where it has none.

    Nor is it told where somebody works whom the ticket is about.
    """
    unit = directory.units.get(unit_id)
    if unit is None or not unit.contact_email or directory.staff_channel is None:
        return None
    if await _any_works_in(session, await subjects_of(session, ticket_id), unit_id):
        return None
    staff = directory.channels[directory.staff_channel]
    return Recipient.at(staff, unit.contact_email, directory.hospital.language)


async def _any_works_in(session: AsyncSession, people: frozenset[UUID], unit_id: UUID) -> bool:
    """Whether any of them may read a unit's mailbox: what is about them is not sent there."""
    if not people:
        return False
    query = select(User.id).where(User.id.in_(people), User.unit_id == unit_id)
    return await session.scalar(query.limit(1)) is not None
