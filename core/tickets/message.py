"""Messages: what was said on a ticket, by whom, and the files that came with it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.ground.base import Base, Json, Keyed, one_of
from core.tickets.submission import FILE_STATUSES

AUTHORS = ("submitter", "staff", "system")


class Message(Keyed, Base):
    """One contribution to a ticket. Internal ones are for staff only, always."""

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint(one_of("author", AUTHORS), name="author"),
        Index("idx_messages_ticket_id_created_at", "ticket_id", "created_at"),
    )

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    author: Mapped[str]
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    channel: Mapped[str] = mapped_column(ForeignKey("channels.name"))
    body: Mapped[str]
    html: Mapped[str | None]
    is_internal: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    remarks: Mapped[Json] = mapped_column(server_default=text("'{}'"), default=dict)
    """What was repaired, shortened or could not be read, in words for staff, and mail facts."""
    idempotency_key: Mapped[str | None] = mapped_column(unique=True)
    """Channel and the sender's own key: the same submission told twice is one message."""
    content_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    received_at: Mapped[datetime]

    attachments: Mapped[list["TicketAttachment"]] = relationship(
        lazy="raise", order_by="TicketAttachment.position", passive_deletes=True
    )


class TicketAttachment(Keyed, Base):
    """A file of a ticket. One that was not allowed is kept but quarantined, with the reason."""

    __tablename__ = "ticket_attachments"
    __table_args__ = (
        CheckConstraint("file_size >= 0", name="file_size"),
        CheckConstraint(one_of("status", FILE_STATUSES), name="status"),
        Index(
            "idx_ticket_attachments_pending",
            "remote_ref",
            postgresql_where=text("status = 'pending'"),
        ),
    )

    ticket_id: Mapped[UUID] = mapped_column(
        ForeignKey("tickets.id", ondelete="CASCADE"), index=True
    )
    message_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int] = mapped_column(server_default="0", default=0)
    file_name: Mapped[str]
    file_path: Mapped[str] = mapped_column(index=True)
    """Key in storage (content-addressed); empty while a file is still to be fetched."""
    file_size: Mapped[int] = mapped_column(BigInteger)
    mime_type: Mapped[str]
    uploaded_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    display_path: Mapped[str | None]
    """Key of the re-encoded picture without metadata, which pages show inline."""
    status: Mapped[str] = mapped_column(server_default="stored", default="stored")
    reason: Mapped[str | None]
    """Why it is quarantined or could not be fetched, as a code that pages put into words."""
    remote_ref: Mapped[str | None]
    """The provider's handle of a file still to be fetched."""
    content_id: Mapped[str | None]
    """The cid by which an HTML mail shows it inline (RFC 2392)."""
