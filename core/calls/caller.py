"""Whoever calls: what they reported earlier, and repeats."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, union
from sqlalchemy.ext.asyncio import AsyncSession

from core.access.scope import Reader, findable
from core.audit.trail import note_read
from core.ground.database import transaction
from core.hospital.channel import SPOKEN
from core.review.series import NUMBER, watch
from core.runtime import Runtime
from core.tickets.address import TicketAddress
from core.tickets.ticket import Ticket

REPEAT: Final = timedelta(hours=72)
"""The same number about the same unit within this time is probably the same matter."""
_SHOWN: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A ticket of a caller.

    Its state and its words are left out: they are told to those who prove who they are, and a
    number that rings is no proof.
    """

    id: UUID
    number: str
    kind: str
    unit_id: UUID
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Callers:
    """What an agent may know of a caller. Every look is audited; each raises DatabaseAwayError."""

    runtime: Runtime

    async def earlier(self, reader: Reader, number: str) -> tuple[Earlier, ...]:
        """List the tickets of a telephone number (E.164), the latest first."""
        async with transaction(self.runtime.database) as session:
            found = await _earlier(session, reader, number, self.runtime.clock())
            await watch(session, self.runtime, reader.user_id)
        return found


async def _earlier(
    session: AsyncSession, reader: Reader, number: str, now: datetime
) -> tuple[Earlier, ...]:
    known = union(
        select(TicketAddress.ticket_id).where(
            TicketAddress.channel.in_(SPOKEN), TicketAddress.address == number
        ),
        select(Ticket.id).where(Ticket.submitter_phone == number),
    )
    query = (
        select(Ticket)
        .where(Ticket.id.in_(known), findable(reader))
        .order_by(Ticket.received_at.desc())
        .limit(_SHOWN)
    )
    found = tuple(await session.scalars(query))
    for ticket in found:
        note_read(session, reader.user_id, "person", now, ticket_id=ticket.id, by=NUMBER)
    return tuple(
        Earlier(
            id=ticket.id,
            number=ticket.ticket_number,
            kind=ticket.type,
            unit_id=ticket.unit_id,
            received_at=ticket.received_at,
        )
        for ticket in found
    )


def repeated(found: tuple[Earlier, ...], unit_id: UUID | None, now: datetime) -> Earlier | None:
    """Return the ticket that a new one about this unit would probably repeat. Pure."""
    return next((e for e in found if e.unit_id == unit_id and e.received_at > now - REPEAT), None)
