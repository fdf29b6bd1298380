"""A call-back: news that has to be spoken, because the person can be told no other way.

due → claimed by one agent, for a while → reached | due again later | given up
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Keyed, one_of
from core.ground.spans import is_near

TOPIC: Final = "callbacks"
"""What the bell rings when the list changes."""
LEASE: Final = timedelta(minutes=15)
"""How long a claim keeps others away; then it is anybody's again."""
TRIES: Final = 3
"""Attempts without an answer until it is given up."""

STATUSES: Final = ("open", "told", "given_up")


class CallOutcome(NamedTuple):
    """What an attempt to call means for the next one."""

    counts: bool = True
    """Whether it uses up one of the attempts."""
    again: timedelta | None = None
    """How long to wait; None: at the moment that was agreed on, or never."""
    spoke: bool = False
    """Whether the person themselves spoke: what was written down are their words."""


OUTCOMES: Final = {
    # code           uses up an attempt, wait before the next one, spoke with the person
    "reached": CallOutcome(spoke=True),
    "no_answer": CallOutcome(again=timedelta(hours=2)),
    "busy": CallOutcome(again=timedelta(minutes=15)),
    "later": CallOutcome(counts=False, spoke=True),
    "wrong_number": CallOutcome(),
}


class Callback(Keyed, Base):
    """One piece of news to be told by telephone. The words are read from the ticket at the call."""

    __tablename__ = "callbacks"
    __table_args__ = (
        CheckConstraint(one_of("status", STATUSES), name="status"),
        CheckConstraint(one_of("outcome", tuple(OUTCOMES)), name="outcome"),
        Index("idx_callbacks_due", "next_at", postgresql_where=text("status = 'open'")),
        Index("idx_callbacks_ticket_id", "ticket_id"),
    )

    delivery_id: Mapped[UUID] = mapped_column(
        unique=True, comment="The notice that it delivers; handed over twice, it is one call-back."
    )
    ticket_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("tickets.id", ondelete="CASCADE"),
        comment="The ticket it is about; NULL where there is none.",
    )
    event_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("events.id", ondelete="SET NULL"),
        comment="What happened to the ticket, which is what is to be told.",
    )
    number: Mapped[str] = mapped_column(comment="The number to call, in international form.")
    language: Mapped[str] = mapped_column(comment="The language to speak.")
    template: Mapped[str] = mapped_column(comment="Which notice it is; says what to speak of.")
    words: Mapped[str | None] = mapped_column(comment="What to say where no ticket tells it.")
    status: Mapped[str] = mapped_column(
        server_default="open", default="open", comment="Still to be called, told, or given up."
    )
    attempts: Mapped[int] = mapped_column(
        SmallInteger, server_default="0", default=0, comment="How many calls were tried."
    )
    next_at: Mapped[datetime] = mapped_column(comment="When it is due.")
    claimed_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), comment="Which agent has it, for a while."
    )
    claimed_at: Mapped[datetime | None] = mapped_column(comment="Since when that agent has it.")
    outcome: Mapped[str | None] = mapped_column(comment="How the last attempt ended.")
    ended_at: Mapped[datetime | None] = mapped_column(comment="When it was told or given up.")

    def is_free_for(self, user_id: UUID, now: datetime) -> bool:
        """Say whether somebody may take it: nobody has it, they do, or the claim ran out."""
        return (
            self.claimed_by in (None, user_id)
            or self.claimed_at is None
            or not is_near(self.claimed_at, now, LEASE)
        )
