"""Jobs that recur: whoever locks the due row runs it, so replicas never run one twice."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, Interval
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base


class PeriodicJob(Base):
    """One recurring job and when it is due next; missed slots are skipped, not caught up."""

    __tablename__ = "periodic_jobs"
    __table_args__ = (CheckConstraint("every > interval '0'", name="every"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    every: Mapped[timedelta] = mapped_column(Interval)
    next_run: Mapped[datetime]
    last_run: Mapped[datetime | None]
