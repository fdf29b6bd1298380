"""Other tickets that a case is linked with, as far as the reader may know of them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.access.scope import Reader, findable, listed
from core.ground.masking import Place, masked
from core.tickets.link import TicketLink
from core.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOnCase:
    """Another ticket that belongs to this one, as far as the reader may know it."""

    number: str
    title: str
    """Empty where the reader knows of it and does not see it."""
    status: str
    merged: bool
    ours: bool
    """This one was linked to the other; else the other to this one."""
    reason: str
    """Why, as a code; empty where staff linked them."""


async def links(session: AsyncSession, reader: Reader, ticket_id: UUID) -> tuple[LinkOnCase, ...]:
    """Read links in both directions, without those that lead out of the reader's scope."""
    joined = or_(
        (TicketLink.ticket_id == ticket_id) & (Ticket.id == TicketLink.other_id),
        (TicketLink.other_id == ticket_id) & (Ticket.id == TicketLink.ticket_id),
    )
    query = (
        select(TicketLink, Ticket.ticket_number, Ticket.title, Ticket.status, listed(reader))
        .join(Ticket, joined)
        .where(findable(reader))
        .order_by(TicketLink.created_at, TicketLink.id)
    )
    return tuple(
        LinkOnCase(
            number=number,
            title=masked(title, Place.STAFF) if is_seen else "",
            status=status,
            merged=link.kind == "merged",
            ours=link.ticket_id == ticket_id,
            reason=link.reason,
        )
        for link, number, title, status, is_seen in await session.execute(query)
    )
