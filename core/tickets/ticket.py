"""The ticket: one report, the unit that owes the answer, and how far the answer is."""

from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, relationship
from sqlalchemy.orm.attributes import flag_modified

from core.ground.base import Base
from core.ground.ids import uuid7
from core.hospital.unit import Unit
from core.tickets.address import TicketAddress
from core.tickets.event import Event
from core.tickets.lifecycle import ENDS_WAITING, after, answers
from core.tickets.message import Message, TicketAttachment
from core.tickets.priority import priority_of
from core.tickets.ticket_columns import RULES, TicketColumns


class Ticket(TicketColumns, Base):
    """One report. Its verbs return the Event that the caller records in the same transaction."""

    __tablename__ = "tickets"
    __table_args__ = RULES

    unit: Mapped[Unit] = relationship(lazy="raise")
    messages: Mapped[list[Message]] = relationship(
        lazy="raise", order_by=Message.received_at, passive_deletes=True
    )
    attachments: Mapped[list[TicketAttachment]] = relationship(
        lazy="raise",
        order_by=(TicketAttachment.created_at, TicketAttachment.position),
        viewonly=True,
    )
    events: Mapped[list[Event]] = relationship(lazy="raise", order_by=Event.seq, viewonly=True)
    addresses: Mapped[list[TicketAddress]] = relationship(
        lazy="raise", order_by=TicketAddress.rank, passive_deletes=True
    )

    def go(self, verb: str) -> None:
        """Make the lifecycle's move for a verb; IllegalMoveError where there is none."""
        self.status = after(verb, self.status)
        if verb in ENDS_WAITING:
            self.waiting_since = None

    def assign(self, to: UUID, *, by: UUID | None, at: datetime) -> Event:
        """Give the ticket to a member of staff."""
        self.go("assign")
        self.assigned_to = to
        return self.staff_event("assigned", at, by, to=str(to))

    def move(self, to: UUID, *, by: UUID | None, at: datetime, reason: str) -> Event:
        """Hand the ticket to another unit; whoever had it in the old unit no longer has it."""
        self.go("move")
        origin, self.unit_id, self.assigned_to = self.unit_id, to, None
        self.routing_reason = reason
        return self.staff_event("moved", at, by, origin=str(origin), to=str(to))

    def start(self, *, by: UUID | None, at: datetime) -> Event:
        """Begin to work on it."""
        self.go("start")
        return self.staff_event("started", at, by)

    def escalate(self, *, by: UUID | None, at: datetime) -> Event:
        """Raise it to those above the unit."""
        self.go("escalate")
        return self.staff_event("escalated", at, by)

    def answer(self, verb: str, message: Message, *, by: UUID | None, at: datetime) -> Event:
        """Say something to the submitter: `reply` or `ask`."""
        self.go(verb)
        if verb == "ask":
            self.waiting_since = at
        kind = {"reply": "replied", "ask": "asked"}[verb]
        return self.staff_event(kind, at, by, message)

    def resolve(self, message: Message, *, by: UUID | None, at: datetime) -> Event:
        """Say that it is solved, and how."""
        self.go("resolve")
        self.resolved_at = max(at, self.received_at)  # two machines' clocks, a clock set back
        return self.staff_event("resolved", at, by, message)

    def close(self, message: Message | None, *, by: UUID | None, at: datetime) -> Event:
        """End it; a ticket that is worked on is closed with words that say why."""
        self.go("close")
        self.closed_at = at
        return self.staff_event("closed", at, by, message)

    def merge(self, message: Message | None, into: UUID, *, by: UUID | None, at: datetime) -> Event:
        """End it because another ticket is about the same; the words say so."""
        self.go("merge")
        self.closed_at = at
        return self.staff_event("closed", at, by, message, into=str(into))

    def reopen(self, *, by: UUID | None, at: datetime) -> Event:
        """Take it up again."""
        self.go("reopen")
        self.resolved_at = self.closed_at = None
        return self.staff_event("reopened", at, by)

    def grade(self, grade: str, *, by: UUID | None, at: datetime) -> Event:
        """Say how great the risk is; only people do. The queue's order follows from it."""
        self.go("grade")
        before, self.risk_grade = self.risk_grade, grade
        self.grade_set_by, self.grade_set_at = by, at
        self.priority = priority_of(self.urgency_level, grade)
        return self.staff_event("graded", at, by, origin=before or "", to=grade)

    def staff_event(
        self, kind: str, at: datetime, by: UUID | None, message: Message | None = None, **data: str
    ) -> Event:
        """Make the event of something staff did (`by` None: the system did)."""
        actor = "staff" if by else "system"
        message_id = message.id if message else None
        return self.happened(kind, at, actor=actor, actor_id=by, message_id=message_id, **data)

    def happened(
        self,
        kind: str,
        at: datetime,
        *,
        actor: str,
        actor_id: UUID | None = None,
        message_id: UUID | None = None,
        **data: object,
    ) -> Event:
        """Make an event of this ticket. `data` holds ids, codes and numbers, no personal words.

        The first that answers the person is their first answer, whichever verb it came from.
        """
        if answers(kind, has_words=message_id is not None):
            self.first_response_at = self.first_response_at or at
        self.updated_at = at
        flag_modified(self, "updated_at")  # the version rises even within one tick of the clock
        return Event(
            id=uuid7(),
            ticket_id=self.id,
            kind=kind,
            actor=actor,
            actor_id=actor_id,
            message_id=message_id,
            data=data,
            at=at,
        )


async def locked(session: AsyncSession, ticket_id: UUID) -> Ticket | None:
    """Return a ticket with its row locked until the transaction ends: its events stay in order."""
    query = select(Ticket).where(Ticket.id == ticket_id).with_for_update()
    return cast("Ticket | None", await session.scalar(query))
