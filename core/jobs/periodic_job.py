"""Jobs that recur: whoever locks the due row runs it, so replicas never run one twice."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, Interval
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base


class PeriodicJob(Base):
    """One recurring job and when it is due next; missed slots are skipped, not caught up."""

    __tablename__ = "periodic_jobs"
    __table_args__ = (CheckConstraint("every > interval '0'", name="every"),)

    name: Mapped[str] = mapped_column(primary_key=True, comment="Which job it is.")
    every: Mapped[timedelta] = mapped_column(Interval, comment="The time from one run to the next.")
    next_run: Mapped[datetime] = mapped_column(comment="When it is due.")
    last_run: Mapped[datetime | None] = mapped_column(comment="When it ran last.")
