"""Deliveries: every notice is a row before it is a message; the row is its whole truth.

pending → queued → sending → sent
   ↑________________│  (temporary failure, or a lease that ran out)
failed: refused for good · dead: attempts or age used up · cancelled: no longer wanted
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    Identity,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Json, Keyed, one_of
from core.hospital.channel import Channel

STATUSES = ("pending", "queued", "sending", "sent", "failed", "dead", "cancelled")
UNDER_WAY = ("pending", "queued", "sending")
UNDELIVERED = ("failed", "dead")
"""Nobody will try again by themselves."""


class Delivery(Keyed, Base):
    """One notice to one recipient through one channel."""

    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint(one_of("status", STATUSES), name="status"),
        UniqueConstraint("ticket_id", "event_id", "channel", "recipient_ref"),
        CheckConstraint("(ticket_id IS NULL) = (event_id IS NULL)", name="event_id"),
        Index(
            "idx_deliveries_due",
            "next_attempt_at",
            "seq",
            postgresql_where=text("status = 'pending'"),
        ),
        Index(
            "idx_deliveries_leased",
            "lease_until",
            postgresql_where=text("status IN ('queued', 'sending')"),
        ),
        Index(
            "idx_deliveries_order",
            "lane",
            "seq",
            postgresql_where=text("status IN ('pending', 'queued', 'sending')"),
        ),
        Index("idx_deliveries_status_created_at", "status", "created_at"),
        Index(
            "idx_deliveries_undelivered",
            "ticket_id",
            postgresql_where=text("status IN ('failed', 'dead')"),
        ),
    )

    seq: Mapped[int] = mapped_column(
        Identity(always=True), comment="The order in which notices were made."
    )
    ticket_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("tickets.id", ondelete="CASCADE"), comment="The ticket it tells of."
    )
    event_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("events.id", ondelete="CASCADE"),
        index=True,
        comment="What it tells; NULL, like the ticket, for what is said before there is a ticket.",
    )
    channel: Mapped[str] = mapped_column(ForeignKey(Channel.name), comment="The way out.")
    recipient_ref: Mapped[str] = mapped_column(
        comment="The address in the channel's own form: a mail address, a chat id."
    )
    lane: Mapped[str] = mapped_column(
        Computed(
            "channel || ':' || recipient_ref || ':' || coalesce(ticket_id::text, '')",
            persisted=True,
        ),
        comment="Deliveries of one lane go one after the other, in the order of `seq`.",
    )
    audience: Mapped[str] = mapped_column(
        server_default="submitter",
        comment="Who it speaks to: the submitter, or those who work on it.",
    )
    template: Mapped[str] = mapped_column(comment="Which notice it is.")
    language: Mapped[str] = mapped_column(comment="The language it is written in.")
    payload: Mapped[Json] = mapped_column(
        server_default=text("'{}'"),
        default=dict,
        comment="Ids and codes only; words are read from the ticket when the notice is rendered.",
    )
    status: Mapped[str] = mapped_column(
        server_default="pending", default="pending", comment="How far it is on its way."
    )
    attempts: Mapped[int] = mapped_column(
        server_default="0", default=0, comment="How often it was tried to send it."
    )
    next_attempt_at: Mapped[datetime] = mapped_column(comment="When it is sent, or tried again.")
    lease_until: Mapped[datetime | None] = mapped_column(
        comment="Until when whoever sends it has it; past that it is anybody's."
    )
    provider_id: Mapped[str | None] = mapped_column(
        comment="The id it has where it was handed over, by which a bounce or a reply is known."
    )
    last_error: Mapped[str | None] = mapped_column(comment="The code of the last fault.")
    sent_at: Mapped[datetime | None] = mapped_column(comment="When it was handed over.")
