"""The hospital itself: its name, its hours' zone, and the numbers people call."""

from sqlalchemy import CheckConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from core.ground.base import Base, Keyed, one_of

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
"""WIB, WITA, WIT: Indonesia's zones, none with daylight saving."""


class Hospital(Keyed, Base):
    """The one hospital that this installation serves."""

    __tablename__ = "hospital"
    __table_args__ = (
        CheckConstraint(one_of("zone", ZONES), name="zone"),
        CheckConstraint("singleton", name="singleton"),
        CheckConstraint("default_sla_hours > 0", name="default_sla_hours"),
        CheckConstraint("reopen_days >= 0", name="reopen_days"),
    )

    singleton: Mapped[bool] = mapped_column(unique=True, server_default="true", default=True)
    name: Mapped[str]
    short_name: Mapped[str]
    zone: Mapped[str] = mapped_column(server_default="Asia/Jakarta")
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{id,en}")
    phone: Mapped[str] = mapped_column(server_default="")
    email: Mapped[str] = mapped_column(server_default="")
    address: Mapped[str] = mapped_column(server_default="")
    emergency_phone: Mapped[str] = mapped_column(server_default="")
    """The hospital's own emergency department (IGD)."""
    public_emergency_phone: Mapped[str] = mapped_column(server_default="119")
    crisis_phone: Mapped[str] = mapped_column(server_default="")
    accent: Mapped[str] = mapped_column(server_default="#0f6b6b")
    logo_path: Mapped[str | None]
    default_sla_hours: Mapped[int] = mapped_column(server_default="72")
    reopen_days: Mapped[int] = mapped_column(server_default="30")
    """A follow-up to a ticket closed longer ago opens a new, linked ticket."""
    retention_years: Mapped[int] = mapped_column(server_default="5")


class DirectoryVersion(Base):
    """A counter that triggers raise whenever units, categories, codes or the hospital change."""

    __tablename__ = "directory_version"
    __table_args__ = (CheckConstraint("singleton", name="singleton"),)

    singleton: Mapped[bool] = mapped_column(primary_key=True, server_default="true", default=True)
    version: Mapped[int] = mapped_column(server_default="1")
