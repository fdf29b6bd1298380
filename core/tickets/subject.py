"""Whom a ticket is about: a member of staff who must not see it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base


class TicketSubject(Base):
    """A member of staff whom a ticket is about; it is invisible to them."""

    __tablename__ = "ticket_subjects"

    ticket_id: Mapped[UUID] = mapped_column(
        ForeignKey("tickets.id", ondelete="CASCADE"),
        primary_key=True,
        comment="The ticket that is kept from them.",
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
        comment="The member of staff it is about.",
    )
    named_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), comment="Who said so; NULL: the report itself."
    )
    named_at: Mapped[datetime] = mapped_column(comment="Since when it is kept from them.")


async def name_subject(
    session: AsyncSession, ticket_id: UUID, user_id: UUID, *, by: UUID | None, at: datetime
) -> None:
    """Keep a ticket from the member of staff it is about, from now on."""
    if await session.get(TicketSubject, (ticket_id, user_id)) is None:
        session.add(TicketSubject(ticket_id=ticket_id, user_id=user_id, named_by=by, named_at=at))
        await session.flush()


async def subjects_of(session: AsyncSession, ticket_id: UUID) -> frozenset[UUID]:
    """Return whom a ticket is about."""
    query = select(TicketSubject.user_id).where(TicketSubject.ticket_id == ticket_id)
    return frozenset(await session.scalars(query))
