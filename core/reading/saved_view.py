"""Views of the inbox that somebody keeps: a search just made, or a filter with a name.

What was searched for lies here and not in an address: it may be somebody's name.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Json, Keyed
from core.reading.filters import Wanted

UNNAMED_KEPT = 20
"""Searches of one person that the way back still leads to."""
NAMED_KEPT = 30


class InboxView(Keyed, Base):
    """A view of one person. Without a name it is a search, and makes room for later ones."""

    __tablename__ = "inbox_views"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), comment="Whose view it is."
    )
    name: Mapped[str | None] = mapped_column(
        comment="What they call it; NULL: a search that was not kept by name."
    )
    wanted: Mapped[Json] = mapped_column(
        server_default="{}", default=dict, comment="What it shows: words, filters and order."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptView:
    """A view as the inbox lists it."""

    id: UUID
    name: str | None
    wanted: Wanted


async def view_of(session: AsyncSession, user_id: UUID, view_id: UUID) -> KeptView | None:
    """Return a view of somebody's own; None for every other."""
    query = select(InboxView).where(InboxView.id == view_id, InboxView.user_id == user_id)
    row = await session.scalar(query)
    return _kept(row) if row is not None else None


async def named_views(session: AsyncSession, user_id: UUID) -> tuple[KeptView, ...]:
    """List somebody's named views, by name."""
    query = (
        select(InboxView)
        .where(InboxView.user_id == user_id, InboxView.name.is_not(None))
        .order_by(InboxView.name)
        .limit(NAMED_KEPT)
    )
    return tuple(_kept(row) for row in await session.scalars(query))


async def keep_view(
    session: AsyncSession, user_id: UUID, wanted: Wanted, name: str | None = None
) -> UUID:
    """Keep a view, in the place of an older one of that name; old searches make room."""
    row = {"user_id": user_id, "name": name, "wanted": wanted.facts(words=True)}
    statement = insert(InboxView).values(**row)
    if name is not None:
        statement = statement.on_conflict_do_update(
            index_elements=["user_id", "name"],
            set_={name: statement.excluded[name] for name in ("wanted", "updated_at")},
        )
    view_id: UUID = (await session.execute(statement.returning(InboxView.id))).scalar_one()
    await _make_room(session, user_id)
    return view_id


async def drop_view(session: AsyncSession, user_id: UUID, view_id: UUID) -> None:
    """Forget a view of somebody's own."""
    await session.execute(
        delete(InboxView).where(InboxView.id == view_id, InboxView.user_id == user_id)
    )


async def _make_room(session: AsyncSession, user_id: UUID) -> None:
    older = (
        select(InboxView.id)
        .where(InboxView.user_id == user_id, InboxView.name.is_(None))
        .order_by(InboxView.created_at.desc(), InboxView.id.desc())
        .offset(UNNAMED_KEPT)
    )
    await session.execute(delete(InboxView).where(InboxView.id.in_(older)))


def _kept(row: InboxView) -> KeptView:
    return KeptView(id=row.id, name=row.name, wanted=Wanted.read(row.wanted))
