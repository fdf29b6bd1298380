"""Units: wards, desks and departments; the tree they form and the names people give them."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Keyed


class UnitType(Keyed, Base):
    """A kind of unit: ward, clinic, support."""

    __tablename__ = "unit_types"

    name: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str] = mapped_column(server_default="")
    is_active: Mapped[bool] = mapped_column(server_default=true(), index=True)


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

    name: Mapped[str]
    code: Mapped[str] = mapped_column(unique=True)
    parent_unit_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("units.id", ondelete="SET NULL"), index=True
    )
    unit_type_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("unit_types.id", ondelete="SET NULL"), index=True
    )
    description: Mapped[str] = mapped_column(server_default="")
    contact_email: Mapped[str | None]
    contact_phone: Mapped[str | None]
    sla_hours: Mapped[int | None]
    is_active: Mapped[bool] = mapped_column(server_default=true(), index=True)
    is_triage_desk: Mapped[bool] = mapped_column(server_default=false())


class UnitAlias(Keyed, Base):
    """Another name of a unit: an e-mail address it receives at, or what people call it."""

    __tablename__ = "unit_aliases"

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id", ondelete="CASCADE"), index=True)
    alias: Mapped[str] = mapped_column(unique=True)
    """Lower case: a mailbox's local part, a whole address, or a name that people say."""
