"""Files that came by chat: known at once, in our storage soon, on a ticket perhaps later."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Keyed, one_of
from core.hospital.channel import Channel

STATUSES = ("pending", "stored", "quarantined", "failed")


class ChatFile(Keyed, Base):
    """A file of a chat. While `pending` it is still to be fetched from the channel."""

    __tablename__ = "chat_files"
    __table_args__ = (
        UniqueConstraint("channel", "address", "ref"),
        CheckConstraint(one_of("status", STATUSES), name="status"),
        CheckConstraint("size >= 0", name="size"),
        Index("idx_chat_files_due", "next_attempt_at", postgresql_where=text("status = 'pending'")),
        Index("idx_chat_files_path", "path"),
    )

    channel: Mapped[str] = mapped_column(ForeignKey(Channel.name), comment="The chat's channel.")
    address: Mapped[str] = mapped_column(comment="The chat in the channel's own form.")
    ref: Mapped[str] = mapped_column(comment="The channel's own name of the file.")
    name: Mapped[str] = mapped_column(comment="What the person's device calls it.")
    size: Mapped[int] = mapped_column(
        BigInteger, server_default="0", default=0, comment="Bytes; 0 while nobody has told."
    )
    status: Mapped[str] = mapped_column(
        server_default="pending",
        default="pending",
        comment="Still to be fetched, stored, quarantined, or not to be had.",
    )
    path: Mapped[str] = mapped_column(
        server_default="",
        default="",
        comment="Key in storage; empty while it is pending or could not be fetched.",
    )
    mime_type: Mapped[str] = mapped_column(
        server_default="application/octet-stream",
        default="application/octet-stream",
        comment="What it is by its bytes, not by what was said of it.",
    )
    display_path: Mapped[str | None] = mapped_column(
        comment="Key of the re-encoded picture without metadata, which pages show."
    )
    reason: Mapped[str | None] = mapped_column(
        comment="Why it is quarantined or could not be fetched, as a code."
    )
    attempts: Mapped[int] = mapped_column(
        server_default="0", default=0, comment="How often it was tried to fetch it."
    )
    next_attempt_at: Mapped[datetime] = mapped_column(
        comment="When it is fetched, or tried again; moved on while somebody fetches it (a lease)."
    )
