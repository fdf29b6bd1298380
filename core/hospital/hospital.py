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

    singleton: Mapped[bool] = mapped_column(
        unique=True, server_default="true", default=True, comment="Always true: there is one row."
    )
    name: Mapped[str] = mapped_column(comment="Its full name.")
    short_name: Mapped[str] = mapped_column(
        comment="What people call it, where there is little room."
    )
    zone: Mapped[str] = mapped_column(
        server_default="Asia/Jakarta",
        comment="The zone its days and hours are counted in: WIB, WITA or WIT.",
    )
    languages: Mapped[list[str]] = mapped_column(
        ARRAY(Text),
        server_default="{id,en}",
        comment="The languages its pages can be read in, the first one first.",
    )
    phone: Mapped[str] = mapped_column(server_default="", comment="The number for everything.")
    email: Mapped[str] = mapped_column(server_default="", comment="The address for everything.")
    address: Mapped[str] = mapped_column(server_default="", comment="Where it stands.")
    emergency_phone: Mapped[str] = mapped_column(
        server_default="", comment="The hospital's own emergency department (IGD)."
    )
    public_emergency_phone: Mapped[str] = mapped_column(
        server_default="119", comment="The country's or city's emergency number."
    )
    crisis_phone: Mapped[str] = mapped_column(
        server_default="", comment="Whom somebody in despair can call."
    )
    accent: Mapped[str] = mapped_column(
        server_default="#0f6b6b", comment="The colour of its pages."
    )
    logo_path: Mapped[str | None] = mapped_column(comment="Key in storage of its sign; NULL: none.")
    default_sla_hours: Mapped[int] = mapped_column(
        server_default="72",
        comment="Hours until an answer is due where neither category nor unit says.",
    )
    reopen_days: Mapped[int] = mapped_column(
        server_default="30",
        comment="A follow-up to a ticket closed longer ago opens a new, linked ticket.",
    )
    retention_years: Mapped[int] = mapped_column(
        server_default="5",
        comment="How long closed reports are kept before they are made anonymous.",
    )


class DirectoryVersion(Base):
    """A counter that triggers raise whenever units, categories, codes or the hospital change."""

    __tablename__ = "directory_version"
    __table_args__ = (CheckConstraint("singleton", name="singleton"),)

    singleton: Mapped[bool] = mapped_column(
        primary_key=True,
        server_default="true",
        default=True,
        comment="Always true: there is one row.",
    )
    version: Mapped[int] = mapped_column(
        server_default="1",
        comment="Rises with every change; a filing decided on an older one is decided again.",
    )
