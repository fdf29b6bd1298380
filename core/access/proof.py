"""A caller's proof, as the audit holds it: given to one agent for one ticket, good for a call."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.access.scope import Reader, findable, works_on
from core.access.writing import AgentStanding
from core.audit.trail import AuditRead
from core.ground.base import near
from core.people.roles import AGENT
from core.tickets.ticket import Ticket

LASTS: Final = timedelta(minutes=30)
"""How long a proof is good: as long as a call, and as the seal on the desk's own page."""
CODE: Final = "code"
FACTS: Final = "two_facts"
_PROOFS: Final = (CODE, FACTS)
"""By what a caller proves who they are, as `reads` says it under `by`."""


def proven(reader: Reader, now: datetime) -> ColumnElement[bool]:
    """Filter the tickets whose caller has proven to this reader who they are, and just now."""
    query = select(AuditRead.seq).where(
        AuditRead.user_id == reader.user_id,
        near(AuditRead.at, now, LASTS),
        AuditRead.ticket_id == Ticket.id,
        AuditRead.data["by"].astext.in_(_PROOFS),
    )
    return query.exists()


def readable(reader: Reader, now: datetime) -> ColumnElement[bool]:
    """Filter the tickets of which a reader sees everything, not only that they exist."""
    if not reader.roles & AGENT:
        return findable(reader)
    logged = Ticket.created_by == reader.user_id
    return findable(reader) & (works_on(reader) | logged | proven(reader, now))


async def standing_of(
    session: AsyncSession, reader: Reader, ticket_id: UUID, now: datetime
) -> AgentStanding:
    """Say what a reader has of a ticket that they may find."""
    if not reader.roles & AGENT:
        return AgentStanding.WORKS
    logged = Ticket.created_by == reader.user_id
    query = select(works_on(reader), logged.is_(True), proven(reader, now)).where(
        Ticket.id == ticket_id
    )
    row = (await session.execute(query)).first()
    if row is None:
        return AgentStanding.UNPROVEN
    for holds, standing in zip(
        row, (AgentStanding.WORKS, AgentStanding.LOGGED, AgentStanding.PROVEN), strict=True
    ):
        if holds:
            return standing
    return AgentStanding.UNPROVEN
