"""Files that came by chat: known at once, in our storage soon, on a ticket perhaps later."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base
from core.hospital.channel import Channel
from core.jobs.due import Due, due_rows
from core.jobs.queue import JobQueue

CHAT_FILES = JobQueue(
    topic="chat-files",
    table="chat_files",
    held="fetching",
    reads="q.channel, q.address, q.ref, q.name",
    patience="'fetching'",
    results=("name", "path", "size", "mime_type", "display_path", "reason"),
)
"""Files that a chat announced, to be fetched from its channel."""

STATUSES = ("pending", "queued", "fetching", "stored", "quarantined", "failed")


class ChatFile(Due, Base):
    """A file of a chat. While it is under way it is still to be fetched from the channel."""

    __tablename__ = "chat_files"
    __table_args__ = (
        *due_rows(CHAT_FILES, STATUSES),
        UniqueConstraint("channel", "address", "ref"),
        CheckConstraint("size >= 0", name="size"),
        Index("idx_chat_files_path", "path"),
    )

    channel: Mapped[str] = mapped_column(ForeignKey(Channel.name), comment="The chat's channel.")
    address: Mapped[str] = mapped_column(comment="The chat in the channel's own form.")
    ref: Mapped[str] = mapped_column(comment="The channel's own name of the file.")
    lane: Mapped[str | None] = mapped_column(comment="Always NULL: files wait for nothing else.")
    name: Mapped[str] = mapped_column(comment="What the person's device calls it.")
    size: Mapped[int] = mapped_column(
        BigInteger, server_default="0", default=0, comment="Bytes; 0 while nobody has told."
    )
    path: Mapped[str] = mapped_column(
        server_default="",
        default="",
        comment="Key in storage; empty while it is under way or could not be fetched.",
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
