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

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, comment="Time-ordered UUID.")
    seq: Mapped[int] = mapped_column(
        Identity(always=True),
        comment="Rises in the order of commit within one ticket, whose row is locked meanwhile.",
    )
    ticket_id: Mapped[UUID] = mapped_column(
        ForeignKey("tickets.id", ondelete="CASCADE"), comment="Whose history it is."
    )
    kind: Mapped[str] = mapped_column(comment="What happened: received, assigned, replied, …")
    actor: Mapped[str] = mapped_column(comment="Who did it: the submitter, staff or the system.")
    actor_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), comment="The member of staff who did it."
    )
    message_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("messages.id", ondelete="SET NULL"), comment="The words that came with it."
    )
    data: Mapped[Json] = mapped_column(
        server_default=text("'{}'"),
        default=dict,
        comment="Ids, codes and numbers, no personal words.",
    )
    at: Mapped[datetime] = mapped_column(comment="When it happened.")
