"""Ticket numbers: one sequence, and where in it each day begins."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Date,
    Sequence,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base

number_sequence = Sequence("ticket_number_seq", metadata=Base.metadata)


class TicketDay(Base):
    """The value of the number sequence at which a day's tickets begin: number = value - base."""

    __tablename__ = "ticket_days"

    day: Mapped[datetime] = mapped_column(Date, primary_key=True, comment="The hospital's day.")
    base: Mapped[int] = mapped_column(
        BigInteger, comment="The sequence's value before the first ticket of the day."
    )
