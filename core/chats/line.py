"""Chat lines: the log of a chat whose client is our own page."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Json, Keyed, one_of

AUTHORS = ("person", "bot")


class ChatLine(Keyed, Base):
    """One message as the page shows it."""

    __tablename__ = "chat_lines"
    __table_args__ = (
        CheckConstraint(one_of("author", AUTHORS), name="author"),
        Index("idx_chat_lines_session_id_seq", "session_id", "seq"),
    )

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("chat_sessions.id", ondelete="CASCADE"), comment="The chat it belongs to."
    )
    seq: Mapped[int] = mapped_column(
        Identity(always=True), comment="The order in which the page shows lines."
    )
    author: Mapped[str] = mapped_column(comment="Who said it: the person or the bot.")
    body: Mapped[str] = mapped_column(comment="What was said.")
    payload: Mapped[Json] = mapped_column(
        server_default=text("'{}'"),
        default=dict,
        comment="Buttons with their ids, the names of files, the ticket it is about.",
    )
    delivery_id: Mapped[UUID | None] = mapped_column(
        unique=True, comment="The notice it came from: told twice, shown once."
    )
    at: Mapped[datetime] = mapped_column(comment="When it was said.")
