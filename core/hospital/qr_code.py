"""QR codes on walls and slips: each names a unit by an unguessable token and a typed code."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, true
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Keyed
from core.ground.database import Database, passing_faults

_COUNT = "UPDATE qr_codes SET usage_count = usage_count + 1 WHERE id = $1"


class QrCode(Keyed, Base):
    """A code on a poster. Retiring or re-pointing it needs no reprint: the token stays."""

    __tablename__ = "qr_codes"
    __table_args__ = (
        CheckConstraint("token ~ '^[A-Za-z0-9_-]{22,62}$'", name="token"),
        CheckConstraint("usage_count >= 0", name="usage_count"),
    )

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    """What a person without a camera types, e.g. MELATI-1."""
    token: Mapped[str] = mapped_column(unique=True)
    """At least 128 bits; at most 62 characters, so that `u_` + token fits Telegram's 64."""
    name: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="")
    is_active: Mapped[bool] = mapped_column(server_default=true(), index=True)
    usage_count: Mapped[int] = mapped_column(server_default="0")


async def count_scan(database: Database, qr_code_id: UUID) -> None:
    """Add one to a poster's count. Raises DatabaseAwayError; a page should open all the same."""
    with passing_faults():
        await database.pool.execute(_COUNT, qr_code_id)
