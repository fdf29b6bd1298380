"""Service categories: what a report is about, as the hospital counts it."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, false, true
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Keyed


class ServiceCategory(Keyed, Base):
    """A category. `requires_attachment` is shown as a wish and never blocks a report."""

    __tablename__ = "service_categories"
    __table_args__ = (CheckConstraint("default_sla_hours > 0", name="default_sla_hours"),)

    name: Mapped[str] = mapped_column(comment="What people and staff read.")
    code: Mapped[str] = mapped_column(
        unique=True, comment="The short form in tables and rules: MED, ADM, …"
    )
    description: Mapped[str] = mapped_column(
        server_default="", comment="What it covers, in a sentence."
    )
    default_sla_hours: Mapped[int | None] = mapped_column(
        comment="Hours until an answer is due; NULL: the hospital's default."
    )
    requires_attachment: Mapped[bool] = mapped_column(
        server_default=false(),
        comment="Whether a file is wished for; a report without one is taken all the same.",
    )
    is_active: Mapped[bool] = mapped_column(
        server_default=true(), index=True, comment="Whether it can be chosen."
    )
    unit_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("units.id", ondelete="SET NULL"),
        comment="The unit that answers for this category when nothing else names one.",
    )
