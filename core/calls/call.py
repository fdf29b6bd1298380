"""A call: what only the telephone desk knows of a report, beside the ticket that it became."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.calls.hours import WINDOWS
from core.deadlines.by_grade import GRADES
from core.ground.base import Base, one_of

WAYS = ("phone", "walk_in", "paper", "press")
"""How the report reached whoever typed it in."""


class Call(Base):
    """One report taken down by staff for somebody."""

    __tablename__ = "calls"
    __table_args__ = (
        CheckConstraint(one_of("way", WAYS), name="way"),
        CheckConstraint(one_of("proposed_grade", GRADES), name="proposed_grade"),
        CheckConstraint(one_of("call_window", tuple(WINDOWS)), name="call_window"),
    )

    ticket_id: Mapped[UUID] = mapped_column(
        ForeignKey("tickets.id", ondelete="CASCADE"),
        primary_key=True,
        comment="The ticket that it became.",
    )
    way: Mapped[str] = mapped_column(comment="How the report reached whoever typed it in.")
    taken_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), comment="The agent who typed it in."
    )
    begun_at: Mapped[datetime] = mapped_column(comment="When the agent began to take it down.")
    taken_at: Mapped[datetime] = mapped_column(comment="When it was filed.")
    patient: Mapped[str | None] = mapped_column(
        comment="Whom it is about, where that is somebody else than the caller."
    )
    proposed_grade: Mapped[str | None] = mapped_column(
        comment="What the agent thinks of the risk; only whoever grades the ticket sets it."
    )
    read_back: Mapped[bool] = mapped_column(
        comment="Whether the words were read back to the caller."
    )
    consent_at: Mapped[datetime | None] = mapped_column(
        comment="When the caller agreed, after it was read out, that name and number are kept."
    )
    call_window: Mapped[str | None] = mapped_column(
        comment="When they want to be called back; NULL: not at all."
    )
