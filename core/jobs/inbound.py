"""Inbound: hostile input is committed raw and answered first, understood afterwards."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, false
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Json, one_of
from core.hospital.channel import Channel
from core.jobs.due import Due, due_rows
from core.jobs.queue import JobQueue
from core.jobs.set_aside import VERDICTS, Summary

INBOUND = JobQueue(
    topic="inbound",
    table="inbound",
    held="processing",
    reads="""q.channel, q.external_id, q.envelope, q.raw, q.raw_path, q.received_at, q.reason,
          q.verdict, q.verdict_ticket_id, q.decided_at,
          (SELECT u.full_name FROM users u WHERE u.id = q.decided_by) AS decided_by""",
    patience="'reading'",
    results=("ticket_id", "message_id", "reason", "summary", "is_danger"),
)
"""Raw messages to be read."""

STATUSES = ("pending", "queued", "processing", "done", "quarantined", "dropped")


class Inbound(Due, Base):
    """One message as it came in. Told twice (same id, same content) it is one row."""

    __tablename__ = "inbound"
    __table_args__ = (
        *due_rows(INBOUND, STATUSES),
        UniqueConstraint("channel", "external_id", "content_hash"),
        CheckConstraint("(raw IS NULL) <> (raw_path IS NULL)", name="raw"),
        CheckConstraint(one_of("verdict", VERDICTS), name="verdict"),
        Index("idx_inbound_status_created_at", "status", "created_at"),
        Index(
            "idx_inbound_set_aside",
            "is_danger",
            "received_at",
            "alarmed_at",
            postgresql_where=sql("status = 'quarantined'"),
        ),
    )

    channel: Mapped[str] = mapped_column(
        ForeignKey(Channel.name), comment="The door it came through."
    )
    external_id: Mapped[str] = mapped_column(
        comment="The sender's or the channel's own id of the message."
    )
    content_hash: Mapped[bytes] = mapped_column(LargeBinary, comment="SHA-256 of the raw bytes.")
    lane: Mapped[str | None] = mapped_column(
        comment="Those of one lane (a chat) are understood one after the other; NULL: in any order."
    )
    envelope: Mapped[Json] = mapped_column(
        server_default=sql("'{}'"),
        default=dict,
        comment="What the door knew beside the bytes: addresses, the peer.",
    )
    raw: Mapped[bytes | None] = mapped_column(LargeBinary, comment="The bytes as they came.")
    raw_path: Mapped[str | None] = mapped_column(
        comment="Key in storage where the raw bytes are too large for a row."
    )
    received_at: Mapped[datetime] = mapped_column(
        comment="When it was answered with yes; every clock counts from here."
    )
    ticket_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("tickets.id", ondelete="SET NULL"),
        index=True,
        comment="The ticket it became, or was added to.",
    )
    message_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("messages.id", ondelete="SET NULL"), comment="The message that it became."
    )
    reason: Mapped[str | None] = mapped_column(
        comment="Why it was set aside, a code; NULL: it never was, or before there were codes."
    )
    summary: Mapped[Json | None] = mapped_column(
        comment="What the desk shows of what was set aside: who, subject, first words, danger."
    )
    is_danger: Mapped[bool] = mapped_column(
        server_default=false(), default=False, comment="Whether words of danger were found in it."
    )
    alarmed_at: Mapped[datetime | None] = mapped_column(
        comment="When those who decide were last alarmed while it waited."
    )
    verdict: Mapped[str | None] = mapped_column(
        comment="What a person decided of what was set aside; NULL: nobody did."
    )
    verdict_ticket_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("tickets.id", ondelete="SET NULL"),
        index=True,
        comment="The ticket that a person joined it to.",
    )
    decided_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"),
        comment="Who decided; NULL, beside a moment: the command line.",
    )
    decided_at: Mapped[datetime | None] = mapped_column(
        comment="When it was decided; the clock of a report counts from here."
    )


def set_aside(reason: str, error: str, summary: Summary) -> dict[str, object]:
    """Return what a row is given that waits for a person from now on."""
    return {
        "status": "quarantined",
        "reason": reason,
        "last_error": error,
        "summary": summary.facts(),
        "is_danger": bool(summary.danger),
    }
