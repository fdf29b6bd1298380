"""Links between tickets: merged, or merely related."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Keyed, one_of

CLOSED_LONG_AGO = "closed_long_ago"
"""Why two tickets are linked: one is what somebody added after the other could not reopen."""
NUMBER_ALONE = "number_alone"
"""Why two tickets are linked: one names the other's number, and nothing proves that it may."""
ANSWERS_ITS_MAIL = "answers_its_mail"
"""Why two tickets are linked: somebody else answers a message of the other, and is not of it."""


class TicketLink(Keyed, Base):
    """Two tickets that belong together: merged into, or merely related."""

    __tablename__ = "ticket_links"
    __table_args__ = (
        UniqueConstraint("ticket_id", "other_id"),
        CheckConstraint(one_of("kind", ("merged", "related")), name="kind"),
        CheckConstraint("ticket_id <> other_id", name="other_id"),
    )

    ticket_id: Mapped[UUID] = mapped_column(
        ForeignKey("tickets.id", ondelete="CASCADE"),
        comment="The one ticket; where they are merged, the one that ended.",
    )
    other_id: Mapped[UUID] = mapped_column(
        ForeignKey("tickets.id", ondelete="CASCADE"),
        index=True,
        comment="The other one; where they are merged, the one that goes on.",
    )
    kind: Mapped[str] = mapped_column(comment="Merged, or merely related.")
    reason: Mapped[str] = mapped_column(
        server_default="",
        comment="A code that the reader's page puts into words; empty where staff linked them.",
    )
