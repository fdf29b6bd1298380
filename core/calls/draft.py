"""Drafts of calls: what an agent has typed so far, kept through a hang-up and a lost network.

A draft's id is the key of the report it becomes: sent twice, it is one ticket.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ForeignKey, Index, delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Json
from core.ground.database import transaction
from core.hospital.channel import SPOKEN, Channel
from core.runtime import Runtime
from core.tickets.message import Message

KEPT: Final = timedelta(days=3)
"""How long an unfinished call can be taken up again."""
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


@dataclass(frozen=True, slots=True)
class CallDrafts:
    """The verbs. Each raises DatabaseAwayError."""

    runtime: Runtime

    async def keep(self, draft_id: UUID, fields: Mapping[str, str], *, by: UUID) -> bool:
        """Save a draft in the place of its earlier state; False where the call is filed already.

        A draft of somebody else stays as it is.
        """
        async with transaction(self.runtime.database) as session:
            if await _is_filed(session, draft_id):
                return False
            await _save(session, draft_id, by, fields, self.runtime.clock())
        return True

    async def drop(self, draft_id: UUID, *, by: UUID) -> None:
        """Forget a draft of somebody's own."""
        async with transaction(self.runtime.database) as session:
            await session.execute(
                delete(CallDraft).where(CallDraft.id == draft_id, CallDraft.user_id == by)
            )


async def _save(
    session: AsyncSession, draft_id: UUID, user_id: UUID, fields: Mapping[str, str], now: datetime
) -> None:
    kept = {name: text[:_LONGEST] for name, text in fields.items() if text}
    row = {"id": draft_id, "user_id": user_id, "fields": kept, "begun_at": now, "saved_at": now}
    statement = insert(CallDraft).values(**row)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["id"],
            set_={"fields": statement.excluded.fields, "saved_at": now},
            where=CallDraft.user_id == user_id,
        )
    )


async def drafts_of(
    session: AsyncSession, user_id: UUID, now: datetime
) -> tuple[UnfinishedCall, ...]:
    """List somebody's unfinished calls, the latest first; old ones of everybody are forgotten."""
    await session.execute(delete(CallDraft).where(CallDraft.saved_at < now - KEPT))
    query = (
        select(CallDraft)
        .where(CallDraft.user_id == user_id)
        .order_by(CallDraft.saved_at.desc())
        .limit(20)
    )
    return tuple(map(_unfinished, await session.scalars(query)))


async def draft_of(session: AsyncSession, draft_id: UUID, user_id: UUID) -> UnfinishedCall | None:
    """Return a draft of somebody's own; None for every other."""
    query = select(CallDraft).where(CallDraft.id == draft_id, CallDraft.user_id == user_id)
    found = await session.scalar(query)
    return _unfinished(found) if found is not None else None


def _unfinished(draft: CallDraft) -> UnfinishedCall:
    return UnfinishedCall(id=draft.id, fields=draft.fields, saved_at=draft.saved_at)


async def _is_filed(session: AsyncSession, draft_id: UUID) -> bool:
    """Say whether a draft has become a report."""
    keys = SPOKEN.with_only_columns(Channel.name + f":{draft_id}")
    told = exists().where(Message.idempotency_key.in_(keys))
    return bool(await session.scalar(select(told)))
