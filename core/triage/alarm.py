"""Alarms: somebody may be in danger, and a person has to look at once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, update
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from core.ground.base import Base, Keyed
from core.hospital.channel import Channel


class Alarm(Keyed, Base):
    """Words of danger, perhaps said before there is a ticket. It stands until somebody saw it."""

    __tablename__ = "alarms"
    __table_args__ = (
        Index("idx_alarms_unseen", "raised_at", postgresql_where=sql("seen_at IS NULL")),
    )

    key: Mapped[str] = mapped_column(
        unique=True, comment="Channel, chat and message: told twice, raised once."
    )
    channel: Mapped[str] = mapped_column(
        ForeignKey(Channel.name), comment="The door it was said at."
    )
    words: Mapped[str] = mapped_column(comment="What was said.")
    matched: Mapped[list[str]] = mapped_column(
        ARRAY(Text), comment="The words of danger that were found."
    )
    draft_id: Mapped[str | None] = mapped_column(
        index=True,
        comment="The report it was said in, while that is not sent; the ticket then carries it.",
    )
    unit_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("units.id", ondelete="SET NULL"),
        index=True,
        comment="The unit it was said of; NULL: unknown.",
    )
    ticket_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("tickets.id", ondelete="CASCADE"), index=True, comment="The ticket it became."
    )
    raised_at: Mapped[datetime] = mapped_column(comment="When it was said.")
    seen_at: Mapped[datetime | None] = mapped_column(
        comment="When somebody saw it; NULL: it stands."
    )
    seen_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), comment="Who saw it."
    )


async def raise_alarm(
    session: AsyncSession,
    *,
    key: str,
    channel: str,
    words: str,
    matched: Sequence[str],
    draft_id: str | None,
    unit_id: UUID | None,
    ticket_id: UUID | None,
    raised_at: datetime,
) -> None:
    """Raise an alarm, once for its key; the caller rings `alarms` after its commit."""
    row = {
        "key": key,
        "channel": channel,
        "words": words,
        "matched": list(matched),
        "draft_id": draft_id,
        "unit_id": unit_id,
        "ticket_id": ticket_id,
        "raised_at": raised_at,
    }
    await session.execute(insert(Alarm).values(**row).on_conflict_do_nothing())


async def carry(session: AsyncSession, draft_id: str, ticket_id: UUID) -> None:
    """Let the ticket of a draft carry the alarms that were raised in it."""
    claim = update(Alarm).where(Alarm.draft_id == draft_id)
    await session.execute(claim.values(ticket_id=ticket_id))
