"""What is stored of a ticket: its columns, their rules, and the indexes that find it."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    LargeBinary,
    Numeric,
    SmallInteger,
    text,
)
from sqlalchemy.dialects.postgresql import INET, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from core.deadlines.by_grade import GRADES
from core.ground.base import Json, Keyed, one_of
from core.hospital.channel import Channel
from core.hospital.reporting import REPORTING
from core.tickets.lifecycle import WORKING, Status
from core.tickets.priority import PRIORITIES
from core.tickets.submission import FOR_WHOM, KINDS, LANGUAGES

STILL_OWED = text(one_of("status", WORKING))
"""Which tickets the queues of open work are made of: few, however many are stored."""

RULES = (
    CheckConstraint("ticket_number ~ '^TKT-[0-9]{8}-[0-9]{4,}$'", name="ticket_number"),
    CheckConstraint(one_of("type", KINDS), name="type"),
    CheckConstraint(one_of("status", tuple(Status)), name="status"),
    CheckConstraint(one_of("priority", PRIORITIES), name="priority"),
    CheckConstraint("urgency_level BETWEEN 1 AND 5", name="urgency_level"),
    CheckConstraint("sentiment_score BETWEEN -1 AND 1", name="sentiment_score"),
    CheckConstraint("confidence_score BETWEEN 0 AND 1", name="confidence_score"),
    CheckConstraint("sla_deadline > received_at", name="sla_deadline"),
    CheckConstraint("resolved_at >= received_at", name="resolved_at"),
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
    Index("idx_tickets_owed_person", "assigned_to", "sla_deadline", postgresql_where=STILL_OWED),
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


class TicketColumns(Keyed):
    """The columns of a ticket; `Ticket` has the verbs that change them."""

    ticket_number: Mapped[str] = mapped_column(
        unique=True,
        comment="TKT, the hospital's day of arrival and a number; a label, which opens nothing.",
    )
    type: Mapped[str] = mapped_column(
        index=True, comment="Complaint, information, suggestion or satisfaction."
    )
    category_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("service_categories.id", ondelete="SET NULL"),
        index=True,
        comment="What it is about; NULL: not said and not decided.",
    )
    title: Mapped[str] = mapped_column(comment="Its words in a line.")
    description: Mapped[str] = mapped_column(comment="What the person wrote or said.")
    submitter_name: Mapped[str | None] = mapped_column(comment="Who reported; NULL: unknown.")
    submitter_email: Mapped[str | None] = mapped_column(
        index=True, comment="Where they can be written to."
    )
    submitter_phone: Mapped[str | None] = mapped_column(
        index=True, comment="Where they can be called, in international form."
    )
    submitter_address: Mapped[str | None] = mapped_column(
        comment="Where they live, if they said so."
    )
    is_anonymous: Mapped[bool] = mapped_column(
        server_default=text("false"),
        comment="The person wants to stay unknown; then no address of theirs is kept here.",
    )
    unit_id: Mapped[UUID] = mapped_column(
        ForeignKey("units.id", ondelete="RESTRICT"),
        index=True,
        comment="The unit that owes the answer.",
    )
    assigned_to: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"),
        index=True,
        comment="The member of staff who works on it; NULL: anybody of the unit.",
    )
    created_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"),
        comment="Who of the staff typed it in for somebody; NULL: the person wrote themselves.",
    )
    status: Mapped[str] = mapped_column(
        server_default="open", index=True, comment="How far the answer is."
    )
    priority: Mapped[str] = mapped_column(
        server_default="medium",
        index=True,
        comment="Its place in the queue, from urgency and risk grade.",
    )
    urgency_level: Mapped[int] = mapped_column(
        SmallInteger, server_default="3", comment="How soon help is useful, 1 to 5 (5: now)."
    )
    ai_classification: Mapped[Json | None] = mapped_column(
        comment="What the rules proposed, by which words, and how sure they were."
    )
    sentiment_score: Mapped[Decimal | None] = mapped_column(
        Numeric(3, 2), comment="The mood of the words, -1 to 1; NULL: not computed."
    )
    confidence_score: Mapped[Decimal | None] = mapped_column(
        Numeric(3, 2), comment="How sure the classification is, 0 to 1; NULL: not computed."
    )
    sla_deadline: Mapped[datetime] = mapped_column(
        index=True, comment="Until when it is to be answered."
    )
    first_response_at: Mapped[datetime | None] = mapped_column(
        comment="When a person answered first; automatic news does not count."
    )
    resolved_at: Mapped[datetime | None] = mapped_column(
        comment="When it was solved; NULL again when it is taken up again."
    )
    source: Mapped[str] = mapped_column(
        ForeignKey(Channel.name), index=True, comment="The door it came through."
    )
    qr_code_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("qr_codes.id", ondelete="SET NULL"),
        index=True,
        comment="The poster that was scanned, whatever the door.",
    )
    ip_address: Mapped[str | None] = mapped_column(
        INET, comment="The network address it came from; NULL for whoever stays unknown."
    )
    user_agent: Mapped[str | None] = mapped_column(
        comment="The browser it came from; NULL for whoever stays unknown."
    )

    received_at: Mapped[datetime] = mapped_column(
        comment="When it arrived at our door; every clock counts from here."
    )
    occurred_at: Mapped[datetime | None] = mapped_column(
        comment="When it happened, as the person says."
    )
    closed_at: Mapped[datetime | None] = mapped_column(
        comment="When it ended; NULL again when it is taken up again."
    )
    language: Mapped[str] = mapped_column(
        server_default="id", comment="The language news of it is written in."
    )
    for_whom: Mapped[str | None] = mapped_column(
        comment="Whom it is about, as seen from whoever reports."
    )
    reporting: Mapped[str | None] = mapped_column(
        comment="How it reached the hospital, as KWTK counts it; NULL: as its channel says."
    )
    routing_reason: Mapped[str] = mapped_column(comment="A sentence saying why this unit has it.")
    sla_reason: Mapped[str] = mapped_column(
        comment="A sentence saying where the deadline comes from."
    )
    risk_grade: Mapped[str | None] = mapped_column(
        index=True, comment="How great the risk is: red, yellow or green; only people say so."
    )
    grade_set_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), comment="Who said so."
    )
    grade_set_at: Mapped[datetime | None] = mapped_column(comment="When they said so.")
    rating: Mapped[int | None] = mapped_column(
        SmallInteger, comment="How content the person was with the answer, 1 to 5."
    )
    rating_comment: Mapped[str | None] = mapped_column(comment="What they wrote beside it.")
    waiting_since: Mapped[datetime | None] = mapped_column(
        comment="Since when a question of ours waits for the submitter."
    )
    tracking_hash: Mapped[bytes] = mapped_column(
        LargeBinary, unique=True, comment="SHA-256 of the tracking code, which opens it."
    )
    search: Mapped[str] = mapped_column(
        TSVECTOR,
        Computed("ticket_words(title, description, submitter_name)", persisted=True),
        deferred=True,
        comment="What full-text search finds it by; `ticket_words` says how.",
    )
    version: Mapped[int] = mapped_column(
        server_default="1",
        comment="Rises with every change; a verb told an older version is refused.",
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own spelling
