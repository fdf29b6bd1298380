"""Service categories: what a report is about, as the hospital counts it."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, false, true
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Keyed

CATEGORIES: tuple[tuple[str, str, int], ...] = (
    # code, name, hours until an answer is due
    ("MED", "Pelayanan Medis", 24),
    ("ADM", "Administrasi", 48),
    ("FAC", "Fasilitas", 72),
    ("HRM", "SDM dan Sikap Petugas", 48),
    ("FIN", "Keuangan dan Biaya", 24),
    ("PHR", "Farmasi dan Obat", 24),
    ("LAB", "Laboratorium dan Radiologi", 24),
)
"""The seven rows of the KISS schema; seeded by the first migration."""


class ServiceCategory(Keyed, Base):
    """A category. `requires_attachment` is shown as a wish and never blocks a report."""

    __tablename__ = "service_categories"
    __table_args__ = (CheckConstraint("default_sla_hours > 0", name="default_sla_hours"),)

    name: Mapped[str]
    code: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str] = mapped_column(server_default="")
    default_sla_hours: Mapped[int | None]
    requires_attachment: Mapped[bool] = mapped_column(server_default=false())
    is_active: Mapped[bool] = mapped_column(server_default=true(), index=True)
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id", ondelete="SET NULL"))
    """The unit that answers for this category when nothing else names one."""
