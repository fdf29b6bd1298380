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

    seq: Mapped[int] = mapped_column(Identity(always=True))
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    event_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("events.id", ondelete="CASCADE"), index=True
    )
    """NULL, like the ticket, for what is said before there is a ticket (a chat's questions)."""
    channel: Mapped[str] = mapped_column(ForeignKey(Channel.name))
    recipient_ref: Mapped[str]
    """The address in the channel's own form: a mail address, a chat id."""
    lane: Mapped[str] = mapped_column(
        Computed(
            "channel || ':' || recipient_ref || ':' || coalesce(ticket_id::text, '')",
            persisted=True,
        )
    )
    """Deliveries of one lane go one after the other, in the order of `seq`."""
    audience: Mapped[str] = mapped_column(server_default="submitter")
    template: Mapped[str]
    language: Mapped[str]
    payload: Mapped[Json] = mapped_column(server_default=text("'{}'"), default=dict)
    """Ids and codes only; words are read from the ticket when the notice is rendered."""
    status: Mapped[str] = mapped_column(server_default="pending", default="pending")
    attempts: Mapped[int] = mapped_column(server_default="0", default=0)
    next_attempt_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    provider_id: Mapped[str | None]
    last_error: Mapped[str | None]
    sent_at: Mapped[datetime | None]
