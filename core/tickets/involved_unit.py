"""Units that a report was also sent to, beside the one that owes the answer: they see it too."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base
from core.ground.database import transaction
from core.ground.errors import NotFoundError
from core.hospital.unit import Unit
from core.notices.who_hears import Audience, Recipient
from core.runtime import Runtime
from core.tickets.recipients import unit_recipient
from core.tickets.recording import record_for
from core.tickets.ticket import Ticket, locked


class InvolvedUnit(Base):
    """A unit that a report was also sent to. It sees the ticket; another owes the answer."""

    __tablename__ = "ticket_units"

    ticket_id: Mapped[UUID] = mapped_column(
        ForeignKey("tickets.id", ondelete="CASCADE"),
        primary_key=True,
        comment="The ticket that it sees.",
    )
    unit_id: Mapped[UUID] = mapped_column(
        ForeignKey("units.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
        comment="The unit that was written to as well.",
    )


def involves(units: Iterable[UUID]) -> ColumnElement[bool]:
    """Filter the tickets that one of these units sees although another owes the answer."""
    theirs = select(InvolvedUnit.ticket_id).where(InvolvedUnit.unit_id.in_(tuple(units)))
    return Ticket.id.in_(theirs)


@dataclass(frozen=True, slots=True)
class Involving:
    """Lets further units see a ticket."""

    runtime: Runtime

    async def involve(self, ticket_id: UUID, units: Iterable[UUID]) -> None:
        """Let units see a ticket and tell each by its mailbox, once however often it is called.

        Nothing is done for the unit that has the ticket, nor for one that is not there. The
        deadline and who owes the answer stay. Raises NotFoundError, DatabaseAwayError.
        """
        directory = await self.runtime.directory.fresh()
        now = self.runtime.clock()
        told = False
        async with transaction(self.runtime.database) as session:
            ticket = await locked(session, ticket_id)
            if ticket is None:
                raise NotFoundError
            there = select(Unit.id).where(Unit.id.in_(tuple(units)), Unit.id != ticket.unit_id)
            for unit_id in await session.scalars(there.order_by(Unit.id)):
                fresh = await session.scalar(
                    insert(InvolvedUnit)
                    .values(ticket_id=ticket_id, unit_id=unit_id)
                    .on_conflict_do_nothing()
                    .returning(InvolvedUnit.unit_id)
                )
                if fresh is None:
                    continue
                told = True
                event = ticket.happened("involved", now, actor="system", to=str(unit_id))
                unit = await unit_recipient(session, ticket_id, directory, unit_id)
                people: dict[Audience, Recipient] = {"unit": unit} if unit is not None else {}
                await record_for(session, ticket, event, people)
        if told:
            self.runtime.bell.ring("deliveries", "tickets", str(ticket_id))
