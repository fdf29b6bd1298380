"""Messages: what was said on a ticket, by whom, and the files that came with it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    literal_column,
    text,
)
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
        Index(
            "idx_messages_mail",
            literal_column("(remarks -> 'mail')").label("mail"),
            postgresql_using="gin",
            postgresql_ops={"mail": "jsonb_path_ops"},
            postgresql_with={"fastupdate": "off"},
            postgresql_where=text("remarks ? 'mail'"),
        ),
    )

    ticket_id: Mapped[UUID] = mapped_column(
        ForeignKey("tickets.id", ondelete="CASCADE"), comment="The ticket it is part of."
    )
    author: Mapped[str] = mapped_column(comment="Who wrote it: the submitter, staff or the system.")
    author_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), comment="The member of staff who wrote it."
    )
    channel: Mapped[str] = mapped_column(
        ForeignKey("channels.name"), comment="The door it came through."
    )
    body: Mapped[str] = mapped_column(comment="The words, as plain text.")
    html: Mapped[str | None] = mapped_column(
        comment="The same as cleaned HTML, where it came as HTML."
    )
    is_internal: Mapped[bool] = mapped_column(
        server_default=text("false"), default=False, comment="For staff only, always."
    )
    remarks: Mapped[Json] = mapped_column(
        server_default=text("'{}'"),
        default=dict,
        comment="What was repaired, shortened or not readable, in words for staff, and mail facts.",
    )
    idempotency_key: Mapped[str | None] = mapped_column(
        unique=True,
        comment="Channel and the sender's own key: the same submission told twice is one message.",
    )
    content_hash: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="SHA-256 of what was submitted: the same key with other words is seen."
    )
    received_at: Mapped[datetime] = mapped_column(comment="When it arrived at our door.")

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
        ForeignKey("tickets.id", ondelete="CASCADE"),
        index=True,
        comment="The ticket it belongs to.",
    )
    message_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"),
        index=True,
        comment="The message it came with.",
    )
    position: Mapped[int] = mapped_column(
        server_default="0", default=0, comment="Its place among the files of a message."
    )
    file_name: Mapped[str] = mapped_column(comment="What the person's device called it.")
    file_path: Mapped[str] = mapped_column(
        index=True,
        comment="Key in storage (content-addressed); empty while a file is still to be fetched.",
    )
    file_size: Mapped[int] = mapped_column(BigInteger, comment="Bytes.")
    mime_type: Mapped[str] = mapped_column(
        comment="What it is by its bytes, not by what was said of it."
    )
    uploaded_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"),
        comment="The member of staff who added it; NULL: the person who reported.",
    )
    display_path: Mapped[str | None] = mapped_column(
        comment="Key of the re-encoded picture without metadata, which pages show inline."
    )
    status: Mapped[str] = mapped_column(
        server_default="stored",
        default="stored",
        comment="Stored, quarantined, still to be fetched, or not to be had.",
    )
    reason: Mapped[str | None] = mapped_column(
        comment="Why it is quarantined or was not fetched, as a code that pages put into words."
    )
    remote_ref: Mapped[str | None] = mapped_column(
        comment="The provider's handle of a file still to be fetched."
    )
    content_id: Mapped[str | None] = mapped_column(
        comment="The cid by which an HTML mail shows it inline (RFC 2392)."
    )
    clean_path: Mapped[str | None] = mapped_column(
        comment="Key of the cleaned copy, all that others get of an anonymous person's file."
    )
    clean_mime: Mapped[str | None] = mapped_column(comment="What the cleaned copy is.")
    clean_size: Mapped[int | None] = mapped_column(BigInteger, comment="Bytes of the cleaned copy.")
    clean_reason: Mapped[str | None] = mapped_column(
        comment="Why there is no cleaned copy, as a code that pages put into words."
    )
    sealed_key: Mapped[str | None] = mapped_column(
        index=True,
        comment="The key it came under, hidden; not NULL: what file_path names is sealed.",
    )
