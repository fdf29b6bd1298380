"""Units: wards, desks and departments; the tree they form and the names people give them."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Keyed


class UnitType(Keyed, Base):
    """A kind of unit: ward, clinic, support."""

    __tablename__ = "unit_types"

    name: Mapped[str] = mapped_column(unique=True, comment="What staff read.")
    code: Mapped[str] = mapped_column(unique=True, comment="The short form in tables and files.")
    description: Mapped[str] = mapped_column(
        server_default="", comment="What it means, in a sentence."
    )
    is_active: Mapped[bool] = mapped_column(
        server_default=true(), index=True, comment="Whether it can be chosen."
    )


class Unit(Keyed, Base):
    """A unit that can own tickets. `sla_hours` NULL means: as the category says, else the default.

    Exactly one unit is the triage desk, which gets whatever no rule could place.
    """

    __tablename__ = "units"
    __table_args__ = (
        CheckConstraint("sla_hours > 0", name="sla_hours"),
        CheckConstraint("parent_unit_id <> id", name="parent"),
        Index(
            "idx_units_triage_desk",
            "is_triage_desk",
            unique=True,
            postgresql_where=text("is_triage_desk"),
        ),
    )

    name: Mapped[str] = mapped_column(comment="What people and staff read.")
    code: Mapped[str] = mapped_column(
        unique=True, comment="The short form in rules, files and subjects."
    )
    parent_unit_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("units.id", ondelete="SET NULL"),
        index=True,
        comment="The unit it belongs to; NULL: it stands at the top.",
    )
    unit_type_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("unit_types.id", ondelete="RESTRICT"),
        index=True,
        comment="What kind of unit it is.",
    )
    description: Mapped[str] = mapped_column(
        server_default="", comment="What it does, in a sentence."
    )
    contact_email: Mapped[str | None] = mapped_column(
        comment="Where news for it goes; NULL: to nobody by e-mail."
    )
    contact_phone: Mapped[str | None] = mapped_column(comment="How it is called.")
    sla_hours: Mapped[int | None] = mapped_column(
        comment="Hours until an answer is due; NULL: as the category says, else the default."
    )
    is_active: Mapped[bool] = mapped_column(
        server_default=true(), index=True, comment="Whether it gets reports."
    )
    is_triage_desk: Mapped[bool] = mapped_column(
        server_default=false(), comment="The one unit that gets whatever no rule could place."
    )


class UnitAlias(Keyed, Base):
    """Another name of a unit: an e-mail address it receives at, or what people call it."""

    __tablename__ = "unit_aliases"

    unit_id: Mapped[UUID] = mapped_column(
        ForeignKey("units.id", ondelete="CASCADE"), index=True, comment="The unit it means."
    )
    alias: Mapped[str] = mapped_column(
        unique=True,
        comment="Lower case: a mailbox's local part, a whole address, or a name that people say.",
    )
