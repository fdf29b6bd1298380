"""Deliveries: every notice is a row before it is a message; the row is its whole truth.

pending → queued → sending → sent
   ↑________________│  (temporary failure, or a lease that ran out)
failed: refused for good · dead: attempts or age used up · cancelled: no longer wanted
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Json
from core.hospital.channel import Channel
from core.jobs.due import Due, due_rows
from core.jobs.queue import JobQueue

DELIVERIES = JobQueue(
    topic="deliveries",
    table="deliveries",
    held="sending",
    reads="""q.ticket_id, q.event_id, q.channel, q.recipient_ref, q.audience, q.template,
          q.language, q.payload, q.reopened_at IS NOT NULL AS is_again, coalesce(
              (SELECT e.at FROM events e WHERE e.id = q.event_id), q.created_at) AS happened_at""",
    patience="(SELECT c.patience FROM channels c WHERE c.name = q.channel)",
    results=("provider_id", "sent_at"),
)
"""Notices to be sent; tried as long as their channel says."""

STATUSES = ("pending", "queued", "sending", "sent", "failed", "dead", "cancelled")
UNDER_WAY = DELIVERIES.under_way
UNDELIVERED = ("failed", "dead")
"""Nobody will try again by themselves."""
RESENDABLE = (*UNDELIVERED, "cancelled")
"""Ended without being told, so that it may be sent again."""


class Delivery(Due, Base):
    """One notice to one recipient through one channel."""

    __tablename__ = "deliveries"
    __table_args__ = (
        *due_rows(DELIVERIES, STATUSES),
        UniqueConstraint("ticket_id", "event_id", "channel", "recipient_ref"),
        CheckConstraint("(ticket_id IS NULL) = (event_id IS NULL)", name="event_id"),
        Index("idx_deliveries_status_created_at", "status", "created_at"),
        Index(
            "idx_deliveries_undelivered",
            "ticket_id",
            postgresql_where=text("status IN ('failed', 'dead')"),
        ),
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
    provider_id: Mapped[str | None] = mapped_column(
        comment="The id it has where it was handed over, by which a bounce or a reply is known."
    )
    sent_at: Mapped[datetime | None] = mapped_column(comment="When it was handed over.")


def reopened(now: datetime) -> dict[str, object]:
    """Return what a notice that had ended is given to be sent again: all its attempts, anew."""
    return {
        "status": "pending",
        "attempts": 0,
        "losses": 0,
        "held_by": None,
        "lease_until": None,
        "next_attempt_at": now,
        "reopened_at": now,
        "updated_at": now,
    }
