"""Links between tickets: merged, or merely related."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Keyed, one_of


class TicketLink(Keyed, Base):
    """Two tickets that belong together: merged into, or merely related."""

    __tablename__ = "ticket_links"
    __table_args__ = (
        UniqueConstraint("ticket_id", "other_id"),
        CheckConstraint(one_of("kind", ("merged", "related")), name="kind"),
        CheckConstraint("ticket_id <> other_id", name="other_id"),
    )

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    other_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default="")
