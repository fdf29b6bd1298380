"""Ticket after ticket opened by one person: still shown, since it may be an emergency, and told.

Counted from the audit of one reader's last hour, so that it does not grow with the tickets. The
first one too many makes a row and a mail to every supervisor; what follows within the hour is
counted in the row, until a supervisor says that they have looked into it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.audit.trail import AuditRead, note_change
from core.ground.base import Base, Keyed, near
from core.ground.database import transaction
from core.ground.errors import NotFoundError
from core.ground.limit import WindowLimit
from core.ground.rate_limits import OPENED, OPENED_BY_NUMBER
from core.hospital.directory import Directory
from core.notices.delivery import Delivery
from core.people.roles import SUPERVISOR
from core.people.staff import Role, User, UserRole
from core.runtime import Runtime

TEMPLATE: Final = "series_opened"
NUMBER: Final = "number"
"""By what a ticket was found, as `reads` says it: its number or a caller's, without a proof."""
_SHOWN: Final = 100


class OpenedSeries(Keyed, Base):
    """Somebody opened ticket after ticket; waits for a supervisor to look into it."""

    __tablename__ = "opened_series"
    __table_args__ = (
        Index(
            "idx_opened_series_user_id",
            "user_id",
            postgresql_where=text("looked_into_at IS NULL"),
        ),
    )

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), comment="Who opened them."
    )
    limit_name: Mapped[str] = mapped_column(comment="Which limit it was, by its name.")
    begun_at: Mapped[datetime] = mapped_column(index=True, comment="When the limit was passed.")
    last_at: Mapped[datetime] = mapped_column(comment="When the last of them was opened.")
    counted: Mapped[int] = mapped_column(
        Integer, comment="The most different tickets within one hour."
    )
    looked_into_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), comment="Which supervisor looked into it."
    )
    looked_into_at: Mapped[datetime | None] = mapped_column(comment="When they said so.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesLine:
    """A series as supervisors see it."""

    id: UUID
    who: str
    by_number: bool
    """Whether their callers had proven nothing; else they may have been of any kind."""
    counted: int
    begun_at: datetime
    last_at: datetime
    looked_into_by: str | None
    looked_into_at: datetime | None


async def watch(session: AsyncSession, runtime: Runtime, user_id: UUID) -> bool:
    """Count what somebody opened in the last hour; where it is too much, see that it is told.

    Part of the transaction that notes the reading. The caller's commit rings no bell: the notice
    is found by the relay's next look.
    """
    await session.flush()
    now = runtime.clock()
    passed = await _passed(session, user_id, now)
    if passed is None:
        return False
    limit, counted = passed
    runtime.refusals.note(limit)
    await session.execute(select(User.id).where(User.id == user_id).with_for_update())
    query = (
        select(OpenedSeries)
        .where(
            OpenedSeries.user_id == user_id,
            OpenedSeries.looked_into_at.is_(None),
            near(OpenedSeries.last_at, now, limit.within),
        )
        .order_by(OpenedSeries.begun_at.desc())
        .limit(1)
    )
    row = await session.scalar(query)
    if row is not None:
        row.last_at, row.counted = now, max(row.counted, counted)
        return True
    facts = {"limit_name": limit.name, "begun_at": now, "last_at": now, "counted": counted}
    session.add(OpenedSeries(user_id=user_id, **facts))
    directory = await runtime.directory.fresh()
    session.add_all(await _notices(session, directory, user_id, counted, now))
    return True


async def _passed(
    session: AsyncSession, user_id: UUID, now: datetime
) -> tuple[WindowLimit, int] | None:
    """Return the limit that somebody is beyond, with how many they opened; None for none."""
    different = func.count(func.distinct(AuditRead.ticket_id))
    by_number = different.filter(AuditRead.data["by"].astext == NUMBER)
    lately = near(AuditRead.at, now, OPENED.within)
    query = select(by_number, different).where(AuditRead.user_id == user_id, lately)
    unproven, opened = (await session.execute(query)).one()
    if unproven > OPENED_BY_NUMBER.most:
        return OPENED_BY_NUMBER, unproven
    return (OPENED, opened) if opened > OPENED.most else None


async def _notices(
    session: AsyncSession, directory: Directory, user_id: UUID, counted: int, now: datetime
) -> list[Delivery]:
    """Write to every supervisor but the one it is about. No word of any ticket goes along."""
    if directory.staff_channel is None:
        return []
    supervisors = (
        select(User.email, User.language)
        .join(UserRole, UserRole.user_id == User.id)
        .join(Role, Role.id == UserRole.role_id)
        .where(User.is_active, UserRole.is_active, Role.code.in_(SUPERVISOR), User.id != user_id)
        .order_by(User.created_at)
    )
    return [
        Delivery(
            channel=directory.staff_channel,
            recipient_ref=email,
            audience="unit",
            template=TEMPLATE,
            language=language,
            next_attempt_at=now,
            payload={"count": counted, "danger": 0, "since": now.isoformat()},
        )
        for email, language in await session.execute(supervisors)
        if email
    ]


@dataclass(frozen=True, slots=True)
class SeriesDesk:
    """What supervisors see of it, and say. Raises DatabaseAwayError."""

    runtime: Runtime

    async def waiting(self) -> int:
        """Count the series that nobody has looked into."""
        query = select(func.count()).where(OpenedSeries.looked_into_at.is_(None))
        async with transaction(self.runtime.database) as session:
            return await session.scalar(query) or 0

    async def all(self) -> tuple[SeriesLine, ...]:
        """List the series, those that wait first, then the latest."""
        query = (
            select(OpenedSeries, User.full_name)
            .join(User, User.id == OpenedSeries.user_id)
            .order_by(OpenedSeries.looked_into_at.is_not(None), OpenedSeries.begun_at.desc())
            .limit(_SHOWN)
        )
        async with transaction(self.runtime.database) as session:
            found = list(await session.execute(query))
            ids = {row.looked_into_by for row, _ in found if row.looked_into_by}
            names = await session.execute(select(User.id, User.full_name).where(User.id.in_(ids)))
            by = {user_id: name for user_id, name in names}  # noqa: C416 - rows, not pairs
        return tuple(
            SeriesLine(
                id=row.id,
                who=who,
                by_number=row.limit_name == OPENED_BY_NUMBER.name,
                counted=row.counted,
                begun_at=row.begun_at,
                last_at=row.last_at,
                looked_into_by=by.get(row.looked_into_by) if row.looked_into_by else None,
                looked_into_at=row.looked_into_at,
            )
            for row, who in found
        )

    async def look_into(self, series_id: UUID, *, by: UUID) -> None:
        """Say that somebody looked into it; once. Raises NotFoundError, for one's own, too."""
        now = self.runtime.clock()
        async with transaction(self.runtime.database) as session:
            row = await session.get(OpenedSeries, series_id, with_for_update=True)
            if row is None or row.user_id == by:
                raise NotFoundError
            if row.looked_into_at is None:
                row.looked_into_by, row.looked_into_at = by, now
                note_change(session, by, "series.looked_into", now, subject_id=row.user_id)
