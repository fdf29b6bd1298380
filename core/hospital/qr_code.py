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

    unit_id: Mapped[UUID] = mapped_column(
        ForeignKey("units.id", ondelete="CASCADE"), index=True, comment="The unit it leads to."
    )
    code: Mapped[str] = mapped_column(
        unique=True, comment="What a person without a camera types, e.g. MELATI-1."
    )
    token: Mapped[str] = mapped_column(
        unique=True,
        comment="128 bits at least; 62 characters at most: `u_` + token fits Telegram's 64.",
    )
    name: Mapped[str] = mapped_column(comment="Where it hangs.")
    description: Mapped[str] = mapped_column(
        server_default="", comment="A note for whoever looks after the posters."
    )
    is_active: Mapped[bool] = mapped_column(
        server_default=true(),
        index=True,
        comment="Whether it leads to the unit; a retired one leads to the general form.",
    )
    usage_count: Mapped[int] = mapped_column(
        server_default="0", comment="How often it was scanned."
    )


async def count_scan(database: Database, qr_code_id: UUID) -> None:
    """Add one to a poster's count. Raises DatabaseAwayError; a page should open all the same."""
    with passing_faults():
        await database.pool.execute(_COUNT, qr_code_id)
