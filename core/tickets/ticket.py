"""The ticket: one report, the unit that owes the answer, and how far the answer is."""

from datetime import datetime
from decimal import Decimal
from typing import cast
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    LargeBinary,
    Numeric,
    SmallInteger,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import INET, TSVECTOR
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.orm.attributes import flag_modified

from core.deadlines.by_grade import GRADES
from core.ground.base import Base, Json, Keyed, one_of
from core.ground.ids import uuid7
from core.hospital.channel import Channel
from core.hospital.reporting import REPORTING
from core.hospital.unit import Unit
from core.tickets.address import TicketAddress
from core.tickets.event import Event
from core.tickets.lifecycle import ENDS_WAITING, WORKING, Status, after
from core.tickets.message import Message, TicketAttachment
from core.tickets.priority import PRIORITIES, priority_of
from core.tickets.submission import FOR_WHOM, KINDS, LANGUAGES

STILL_OWED = text(one_of("status", WORKING))
"""Which tickets the queues of open work are made of: few, however many are stored."""


class Ticket(Keyed, Base):
    """One report. Its verbs return the Event that the caller records in the same transaction."""

    __tablename__ = "tickets"
    __table_args__ = (
        CheckConstraint("ticket_number ~ '^TKT-[0-9]{8}-[0-9]{4,}$'", name="ticket_number"),
        CheckConstraint(one_of("type", KINDS), name="type"),
        CheckConstraint(one_of("status", tuple(Status)), name="status"),
        CheckConstraint(one_of("priority", PRIORITIES), name="priority"),
        CheckConstraint("urgency_level BETWEEN 1 AND 5", name="urgency_level"),
        CheckConstraint("sentiment_score BETWEEN -1 AND 1", name="sentiment_score"),
        CheckConstraint("confidence_score BETWEEN 0 AND 1", name="confidence_score"),
        CheckConstraint("sla_deadline > received_at", name="sla_deadline"),
        CheckConstraint(one_of("risk_grade", GRADES), name="risk_grade"),
        CheckConstraint(one_of("for_whom", FOR_WHOM), name="for_whom"),
        CheckConstraint(one_of("language", LANGUAGES), name="language"),
        CheckConstraint(one_of("reporting", REPORTING), name="reporting"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        Index("idx_tickets_status_priority", "status", "priority"),
        Index("idx_tickets_unit_id_status", "unit_id", "status"),
        Index("idx_tickets_assigned_to_status", "assigned_to", "status"),
        # the console's queues (bench/queues.py), open work by its deadline, all by its arrival
        Index(
            "idx_tickets_owed",
            "sla_deadline",
            "id",
            postgresql_where=STILL_OWED,
            postgresql_include=["unit_id", "assigned_to", "created_by", "waiting_since"],
        ),  # counts are read from the index alone
        Index("idx_tickets_owed_unit", "unit_id", "sla_deadline", postgresql_where=STILL_OWED),
        Index(
            "idx_tickets_owed_person", "assigned_to", "sla_deadline", postgresql_where=STILL_OWED
        ),
        Index(
            "idx_tickets_waiting",
            "sla_deadline",
            "id",
            postgresql_where=text("waiting_since IS NOT NULL"),
        ),
        Index(
            "idx_tickets_created_by",
            "created_by",
            postgresql_where=text("created_by IS NOT NULL"),
        ),  # what an agent logged
        Index("idx_tickets_newest", "received_at", "id"),
        Index("idx_tickets_unit_newest", "unit_id", "received_at"),
        Index("idx_tickets_search", "search", postgresql_using="gin"),
    )

    ticket_number: Mapped[str] = mapped_column(unique=True)
    type: Mapped[str] = mapped_column(index=True)
    category_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("service_categories.id", ondelete="SET NULL"), index=True
    )
    title: Mapped[str]
    description: Mapped[str]
    submitter_name: Mapped[str | None]
    submitter_email: Mapped[str | None] = mapped_column(index=True)
    submitter_phone: Mapped[str | None] = mapped_column(index=True)
    submitter_address: Mapped[str | None]
    is_anonymous: Mapped[bool] = mapped_column(server_default=text("false"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"), index=True)
    assigned_to: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    """The member of staff who typed it in for somebody; NULL when the person wrote themselves."""
    status: Mapped[str] = mapped_column(server_default="open", index=True)
    priority: Mapped[str] = mapped_column(server_default="medium", index=True)
    urgency_level: Mapped[int] = mapped_column(SmallInteger, server_default="3")
    ai_classification: Mapped[Json | None]
    sentiment_score: Mapped[Decimal | None] = mapped_column(Numeric(4, 3))
    confidence_score: Mapped[Decimal | None] = mapped_column(Numeric(4, 3))
    sla_deadline: Mapped[datetime] = mapped_column(index=True)
    first_response_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(ForeignKey(Channel.name), index=True)
    qr_code_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("qr_codes.id", ondelete="SET NULL"), index=True
    )
    ip_address: Mapped[str | None] = mapped_column(INET)
    user_agent: Mapped[str | None]

    received_at: Mapped[datetime]
    """When it arrived at our door; every clock counts from here."""
    occurred_at: Mapped[datetime | None]
    """When it happened, as the person says."""
    closed_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(server_default="id")
    for_whom: Mapped[str | None]
    reporting: Mapped[str | None]
    """How it reached the hospital, as the KWTK form counts it; NULL: as its channel says."""
    routing_reason: Mapped[str]
    """A sentence saying why this unit has it."""
    sla_reason: Mapped[str]
    """A sentence saying where the deadline comes from."""
    risk_grade: Mapped[str | None] = mapped_column(index=True)
    grade_set_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    grade_set_at: Mapped[datetime | None]
    rating: Mapped[int | None] = mapped_column(SmallInteger)
    rating_comment: Mapped[str | None]
    waiting_since: Mapped[datetime | None]
    """Since when a question of ours waits for the submitter."""
    tracking_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    search: Mapped[str] = mapped_column(
        TSVECTOR, Computed("ticket_words(title, description, submitter_name)"), deferred=True
    )
    """What full-text search finds it by; `ticket_words` says how."""
    version: Mapped[int] = mapped_column(server_default="1")
    """Rises with every change; a verb told an older version is refused."""

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

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own spelling

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
        """Say something to the submitter: `reply` or `ask`. The first answer meets the promise."""
        self.go(verb)
        self.first_response_at = self.first_response_at or at
        if verb == "ask":
            self.waiting_since = at
        kind = {"reply": "replied", "ask": "asked"}[verb]
        return self.staff_event(kind, at, by, message)

    def resolve(self, message: Message | None, *, by: UUID | None, at: datetime) -> Event:
        """Say that it is solved, and how."""
        self.go("resolve")
        self.resolved_at = at
        if message is not None:
            self.first_response_at = self.first_response_at or at
        return self.staff_event("resolved", at, by, message)

    def close(self, message: Message | None, *, by: UUID | None, at: datetime) -> Event:
        """End it; a ticket never resolved is closed with words that say why."""
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
        """Make an event of this ticket. `data` holds ids, codes and numbers, no personal words."""
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
