"""Pacing across processes: when each outgoing lane may send next."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base


class SendRate(Base):
    """One lane (a whole channel, or one chat in it) and its next free moment."""

    __tablename__ = "send_rate"

    key: Mapped[str] = mapped_column(primary_key=True)
    next_at: Mapped[datetime]
