"""How a report stands, for whoever showed its code: no word of it, and nobody's name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.deliveries.state_answer import TEMPLATE, TICKET
from core.ground.database import transaction
from core.ground.errors import DeliveryError, Reason
from core.hospital.directory import HospitalEntry
from core.runtime import Runtime
from core.tickets.lifecycle import WORKING
from core.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class StateFacts:
    """The facts of one answer."""

    hospital: HospitalEntry
    template: str
    number: str
    unit: str
    status: str
    due_at: datetime | None
    """By when an answer is promised; None where none is owed any more."""
    url: str
    """The page on which the code opens the report."""


async def state_facts(
    runtime: Runtime, template: str, payload: Mapping[str, object]
) -> StateFacts | None:
    """Read how a report stands now; None for every other notice.

    Raises DeliveryError where the report was erased meanwhile, DatabaseAwayError.
    """
    if template != TEMPLATE:
        return None
    directory = await runtime.directory.fresh()
    async with transaction(runtime.database) as session:
        query = select(Ticket).where(Ticket.id == UUID(str(payload[TICKET])))
        ticket = await session.scalar(query)
    if ticket is None:
        raise DeliveryError(Reason.REFUSED, "the report was erased")
    unit = directory.units.get(ticket.unit_id)
    return StateFacts(
        hospital=directory.hospital,
        template=template,
        number=ticket.ticket_number,
        unit=unit.name if unit else "-",
        status=ticket.status,
        due_at=ticket.sla_deadline if ticket.status in WORKING else None,
        url=f"{runtime.settings.public_url.rstrip('/')}/tracking",
    )
