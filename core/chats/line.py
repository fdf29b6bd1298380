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

    session_id: Mapped[UUID] = mapped_column(ForeignKey("chat_sessions.id", ondelete="CASCADE"))
    seq: Mapped[int] = mapped_column(Identity(always=True))
    author: Mapped[str]
    body: Mapped[str]
    payload: Mapped[Json] = mapped_column(server_default=text("'{}'"), default=dict)
    """Buttons with their ids, the names of files, the ticket it is about."""
    delivery_id: Mapped[UUID | None] = mapped_column(unique=True)
    """The notice it came from: told twice, shown once."""
    at: Mapped[datetime]
