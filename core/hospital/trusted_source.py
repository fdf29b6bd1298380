"""Where mail comes from that the hospital trusts: its lists, forms, redirects, portals."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Keyed, one_of
from core.hospital.directory import TRUSTED_KINDS


class TrustedAddress(Keyed, Base):
    """An address whose mail is never set aside for being a machine's; the directory carries it."""

    __tablename__ = "trusted_sources"
    __table_args__ = (
        CheckConstraint(one_of("kind", TRUSTED_KINDS), name="kind"),
        UniqueConstraint("kind", "address"),
    )

    kind: Mapped[str] = mapped_column(
        comment="The hospital's own list, a form of its website, a redirecting mailbox, a portal."
    )
    address: Mapped[str] = mapped_column(
        comment="A mail address, @domain or List-Id, in lower case."
    )
    added_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"),
        comment="Who trusts it; NULL: the command line or the hospital's file.",
    )
