"""Events: the append-only history of a ticket, which is also what triggers notices."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Json, one_of
from core.ground.ids import uuid7

ACTORS = ("submitter", "staff", "system")


class Event(Base):
    """One thing that happened to a ticket. A trigger refuses to change or delete it."""

    __tablename__ = "events"
    __table_args__ = (
        CheckConstraint(one_of("actor", ACTORS), name="actor"),
        Index("idx_events_ticket_id_seq", "ticket_id", "seq"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    seq: Mapped[int] = mapped_column(Identity(always=True))
    """Rises in the order of commit within one ticket: its events are written under its row lock."""
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    kind: Mapped[str]
    actor: Mapped[str]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"))
    data: Mapped[Json] = mapped_column(server_default=text("'{}'"), default=dict)
    at: Mapped[datetime]
