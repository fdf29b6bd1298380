"""The doors by name, as a table that the registry of channels fills at start."""

from sqlalchemy import CheckConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, one_of
from core.hospital.reporting import REPORTING


class Channel(Base):
    """A door a ticket can come through; `tickets.source` refers to its name."""

    __tablename__ = "channels"
    __table_args__ = (CheckConstraint(one_of("reporting", REPORTING), name="reporting"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    reporting: Mapped[str] = mapped_column(server_default="tulisan")
    can_send: Mapped[bool] = mapped_column(server_default=false())
    """Whether news can go back through it in this installation, as configured at the last start."""
    is_active: Mapped[bool] = mapped_column(server_default=true())
