"""Drafts of calls: what an agent has typed so far, kept through a hang-up and a lost network.

A draft's id is the key of the report it becomes: sent twice, it is one ticket. What one page has
typed is never written over by another: it is kept beside it, under an id of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import ForeignKey, Index, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.calls.filed import filed_of, mark_of
from core.ground.base import Base, Json
from core.ground.database import transaction
from core.runtime import Runtime
from core.tickets.known_codes import covered_texts

KEPT: Final = timedelta(days=3)
"""How long an unfinished call can be taken up again."""
PAGE: Final = "page"
"""The field of a draft that says which page keeps it."""
LATE: Final = timedelta(seconds=10)
"""How long after a draft was thrown away a page's last saving of it may still be on its way."""
_LONGEST: Final = 65_536
"""Characters of one field."""


class CallDraft(Base):
    """What one agent has typed of one call."""

    __tablename__ = "call_drafts"
    __table_args__ = (Index("idx_call_drafts_user_id_saved_at", "user_id", "saved_at"),)

    id: Mapped[UUID] = mapped_column(
        primary_key=True, comment="The key of the report it becomes: sent twice, it is one ticket."
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), comment="Whose draft it is."
    )
    fields: Mapped[Json] = mapped_column(comment="What was typed, by field of the form.")
    """Nothing at all once it is thrown away: `LATE`."""
    begun_at: Mapped[datetime] = mapped_column(comment="When the call began.")
    saved_at: Mapped[datetime] = mapped_column(
        index=True, comment="When it was kept last; days later it is forgotten."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedCall:
    """A draft as the desk shows it."""

    id: UUID
    fields: Mapping[str, object]
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """The page that keeps a draft, and the one it took the draft over from, each by its own id."""

    own: str = ""
    took: str = ""

    def may_write(self, draft: CallDraft) -> bool:
        """Say whether a draft is this page's: its own, taken over by it, or of no page."""
        return draft.fields.get(PAGE, "") in {"", self.own, self.took}


NO_PAGES: Final = Pages()


@dataclass(frozen=True, slots=True)
class CallDrafts:
    """The verbs. Each raises DatabaseAwayError."""

    runtime: Runtime

    async def keep(
        self,
        draft_id: UUID,
        fields: Mapping[str, str],
        *,
        by: UUID,
        pages: Pages = NO_PAGES,
        by_itself: bool = False,
    ) -> UUID | None:
        """Save a draft in the place of its earlier state; None where all of it is filed already.

        Returns the id under which it is kept. What is typed in a page whose call is filed, in a
        second page of one draft, or in a page of somebody else's draft is a draft of its own. What
        a page saves `by_itself` does not bring a draft back that was thrown away a moment ago.
        """
        async with transaction(self.runtime.database) as session:
            filed = await filed_of(session, draft_id, mark_of(fields))
            if filed.same is not None:
                return None
            place = await _own_place(session, filed.place, by, pages)
            if by_itself and await _is_just_dropped(session, place, self.runtime.clock()):
                return place
            texts = await covered_texts(session, fields.values())
            kept = dict(zip(fields, texts, strict=True))
            await _save(session, place, by, kept, pages, self.runtime.clock())
        return place

    async def drop(self, draft_id: UUID, *, by: UUID) -> None:
        """Forget what somebody typed in a draft of their own."""
        emptied = update(CallDraft).where(CallDraft.id == draft_id, CallDraft.user_id == by)
        async with transaction(self.runtime.database) as session:
            await session.execute(emptied.values(fields={}, saved_at=self.runtime.clock()))


async def _own_place(session: AsyncSession, place: UUID, user_id: UUID, pages: Pages) -> UUID:
    """Return where a page keeps what it has: in the draft, or beside that of another page."""
    there = await session.scalar(select(CallDraft).where(CallDraft.id == place))
    if there is None:
        return place
    if there.user_id != user_id:
        return uuid5(place, str(user_id))
    return place if pages.may_write(there) else uuid5(place, pages.own)


async def _is_just_dropped(session: AsyncSession, place: UUID, now: datetime) -> bool:
    there = await session.get(CallDraft, place)
    return there is not None and not there.fields and now - there.saved_at < LATE


async def _save(  # noqa: PLR0917 - a row
    session: AsyncSession,
    draft_id: UUID,
    user_id: UUID,
    fields: Mapping[str, str],
    pages: Pages,
    now: datetime,
) -> None:
    kept = {name: text[:_LONGEST] for name, text in fields.items() if text}
    if pages.own:
        kept[PAGE] = pages.own
    row = {"id": draft_id, "user_id": user_id, "fields": kept, "begun_at": now, "saved_at": now}
    statement = insert(CallDraft).values(**row)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["id"],
            set_={"fields": statement.excluded.fields, "saved_at": now},
            where=CallDraft.user_id == user_id,
        )
    )


async def end_drafts(
    session: AsyncSession, ids: frozenset[UUID], user_id: UUID, pages: Pages
) -> datetime | None:
    """Forget what a page kept of a call that is filed now; return when the call began.

    What another page keeps under the same id stays.
    """
    beside = {uuid5(each, pages.own) for each in ids} if pages.own else set()
    query = select(CallDraft).where(
        CallDraft.id.in_(ids | beside | {uuid5(each, str(user_id)) for each in ids}),
        CallDraft.user_id == user_id,
    )
    begun = []
    for draft in await session.scalars(query):
        if pages.may_write(draft):
            begun.append(draft.begun_at)
            await session.delete(draft)
    return min(begun, default=None)


async def drafts_of(
    session: AsyncSession, user_id: UUID, now: datetime
) -> tuple[UnfinishedCall, ...]:
    """List somebody's unfinished calls, the latest first; old ones of everybody are forgotten."""
    await session.execute(delete(CallDraft).where(CallDraft.saved_at < now - KEPT))
    query = (
        select(CallDraft)
        .where(CallDraft.user_id == user_id, CallDraft.fields != {})
        .order_by(CallDraft.saved_at.desc())
        .limit(20)
    )
    return tuple(map(_unfinished, await session.scalars(query)))


async def draft_of(session: AsyncSession, draft_id: UUID, user_id: UUID) -> UnfinishedCall | None:
    """Return a draft of somebody's own; None for every other."""
    query = select(CallDraft).where(
        CallDraft.id == draft_id, CallDraft.user_id == user_id, CallDraft.fields != {}
    )
    found = await session.scalar(query)
    return _unfinished(found) if found is not None else None


def _unfinished(draft: CallDraft) -> UnfinishedCall:
    return UnfinishedCall(id=draft.id, fields=draft.fields, saved_at=draft.saved_at)
