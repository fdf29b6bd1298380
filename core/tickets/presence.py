"""Who is looking at a ticket just now, so that two people do not answer it at once.

A hint: the ticket's version decides in the end. A page that is open renews its row; one that was
closed is forgotten after a minute.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, near
from core.ground.database import transaction
from core.ground.spans import is_near
from core.people.staff import User
from core.runtime import Runtime
from core.tickets.ticket import Ticket

LOOKING = timedelta(seconds=75)
"""How long somebody counts as looking after the page last said so."""
WRITING = timedelta(seconds=45)
"""How long somebody counts as writing after their last key."""


class Presence(Base):
    """One person at one ticket."""

    __tablename__ = "ticket_presence"

    ticket_id: Mapped[UUID] = mapped_column(
        ForeignKey("tickets.id", ondelete="CASCADE"),
        primary_key=True,
        comment="The ticket that is looked at.",
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
        comment="Who looks.",
    )
    seen_at: Mapped[datetime] = mapped_column(comment="When their page last said so.")
    writing_at: Mapped[datetime | None] = mapped_column(
        comment="When they last typed; NULL: not at all."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Somebody else who is at the same ticket."""

    name: str
    writing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What an open page has to know again and again. `version` None: the ticket is gone."""

    version: int | None
    others: tuple[Beside, ...]


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who is at which ticket. Every verb raises DatabaseAwayError; none rings the bell."""

    runtime: Runtime

    async def look(self, ticket_id: UUID, user_id: UUID) -> Glance:
        """Say that somebody looks at a ticket; return its version and who else is there."""
        now = self.runtime.clock()
        async with transaction(self.runtime.database) as session:
            version = await session.scalar(select(Ticket.version).where(Ticket.id == ticket_id))
            await look(session, ticket_id, user_id, now)
            others = await beside(session, ticket_id, user_id, now)
        return Glance(version=version, others=others)

    async def write(self, ticket_id: UUID, user_id: UUID) -> None:
        """Say that somebody is writing an answer."""
        async with transaction(self.runtime.database) as session:
            await look(session, ticket_id, user_id, self.runtime.clock(), writing=True)

    async def leave(self, ticket_id: UUID, user_id: UUID) -> None:
        """Say that somebody left; of their several pages the others say so again."""
        async with transaction(self.runtime.database) as session:
            await leave(session, ticket_id, user_id)


async def look(
    session: AsyncSession, ticket_id: UUID, user_id: UUID, at: datetime, *, writing: bool = False
) -> None:
    """Say that somebody looks at a ticket, and whether they are writing an answer."""
    row = {"ticket_id": ticket_id, "user_id": user_id, "seen_at": at}
    written = {"writing_at": at} if writing else {}
    statement = insert(Presence).values(**row, **written)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["ticket_id", "user_id"], set_={"seen_at": at, **written}
        )
    )


async def leave(session: AsyncSession, ticket_id: UUID, user_id: UUID) -> None:
    """Forget that somebody is at a ticket."""
    await session.execute(
        delete(Presence).where(Presence.ticket_id == ticket_id, Presence.user_id == user_id)
    )


async def beside(
    session: AsyncSession, ticket_id: UUID, user_id: UUID, at: datetime
) -> tuple[Beside, ...]:
    """Return who else is at a ticket, by name."""
    query = (
        select(User.full_name, Presence.writing_at)
        .join(User, User.id == Presence.user_id)
        .where(
            Presence.ticket_id == ticket_id,
            Presence.user_id != user_id,
            near(Presence.seen_at, at, LOOKING),
        )
        .order_by(User.full_name)
    )
    return tuple(
        Beside(name=name, writing=written is not None and is_near(written, at, WRITING))
        for name, written in await session.execute(query)
    )
