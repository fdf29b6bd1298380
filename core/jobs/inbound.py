"""Inbound: hostile input is committed raw and answered first, understood afterwards."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, LargeBinary, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Json, Keyed, one_of
from core.hospital.channel import Channel

STATUSES = ("pending", "queued", "processing", "done", "quarantined", "dropped")


class Inbound(Keyed, Base):
    """One message as it came in. Told twice (same id, same content) it is one row."""

    __tablename__ = "inbound"
    __table_args__ = (
        UniqueConstraint("channel", "external_id", "content_hash"),
        CheckConstraint(one_of("status", STATUSES), name="status"),
        CheckConstraint("(raw IS NULL) <> (raw_path IS NULL)", name="raw"),
        Index("idx_inbound_due", "next_attempt_at", postgresql_where=sql("status = 'pending'")),
        Index(
            "idx_inbound_leased",
            "lease_until",
            postgresql_where=sql("status IN ('queued', 'processing')"),
        ),
        Index(
            "idx_inbound_order",
            "channel",
            "lane",
            "seq",
            postgresql_where=sql("status IN ('pending', 'queued', 'processing')"),
        ),
        Index("idx_inbound_status_created_at", "status", "created_at"),
    )

    seq: Mapped[int] = mapped_column(
        Identity(always=True), comment="The order in which messages came in."
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
    status: Mapped[str] = mapped_column(
        server_default="pending", default="pending", comment="How far it is understood."
    )
    attempts: Mapped[int] = mapped_column(
        server_default="0", default=0, comment="How often it was tried to understand it."
    )
    next_attempt_at: Mapped[datetime] = mapped_column(comment="When it is tried, or tried again.")
    lease_until: Mapped[datetime | None] = mapped_column(
        comment="Until when whoever works on it has it; past that it is anybody's."
    )
    error: Mapped[str | None] = mapped_column(
        comment="The kind of the last fault, never its words."
    )
    ticket_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("tickets.id", ondelete="SET NULL"),
        index=True,
        comment="The ticket it became, or was added to.",
    )
    message_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("messages.id", ondelete="SET NULL"), comment="The message that it became."
    )
