"""The desk's alarm leaves the page: who decides is told by mail that somebody waits."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.ground.database import transaction
from core.hospital.contact import compared
from core.hospital.directory import Directory
from core.jobs.inbound import Inbound
from core.notices.delivery import Delivery
from core.people.roles import SUPERVISOR
from core.people.staff import Role, User, UserRole
from core.review.overdue import OVERDUE, is_due
from core.review.waiting import STATUS, DeskCount, count_waiting
from core.runtime import Runtime

TEMPLATE: Final = "desk_waits"
_LOCK: Final = 0x4445534B
"""DESK: the advisory lock under which one process at a time decides whether to alarm."""


@dataclass(frozen=True, slots=True)
class DeskAlarm:
    """Alarms those who decide about what was set aside."""

    runtime: Runtime

    async def send_if_due(self) -> int:
        """Write a notice to each of them, once when an alarm begins and again daily.

        Return how many; 0 where none is due, or nobody can be told by e-mail. The notice holds no
        word of any message. Raises DatabaseAwayError.
        """
        directory = await self.runtime.directory.fresh()
        async with transaction(self.runtime.database) as session:
            await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            notices = await self._notices(session, directory)
            session.add_all(notices)
        if notices:
            self.runtime.bell.ring("deliveries")
        return len(notices)

    async def _notices(self, session: AsyncSession, directory: Directory) -> list[Delivery]:
        now = self.runtime.clock()
        waiting = await count_waiting(session)
        new_danger = func.bool_or(Inbound.is_danger & Inbound.alarmed_at.is_(None))
        query = select(func.max(Inbound.alarmed_at), new_danger).where(Inbound.status == STATUS)
        last, has_new_danger = (await session.execute(query)).one()
        standing = waiting.alarms(now)
        if not is_due(standing=standing, last=last, has_new_danger=bool(has_new_danger), now=now):
            return []
        alarming = or_(Inbound.is_danger, Inbound.received_at <= now - OVERDUE)
        stamp = update(Inbound).where(Inbound.status == STATUS, alarming).values(alarmed_at=now)
        await session.execute(stamp.execution_options(synchronize_session=False))
        return [
            _notice(directory, waiting, address, language, self.runtime)
            for address, language in await _told(session, directory)
        ]


def _notice(
    directory: Directory, waiting: DeskCount, address: str, language: str, runtime: Runtime
) -> Delivery:
    now = runtime.clock()
    return Delivery(
        channel=directory.staff_channel,
        recipient_ref=address,
        audience="unit",
        template=TEMPLATE,
        language=language,
        next_attempt_at=now,
        payload={
            "count": waiting.count,
            "danger": waiting.danger,
            "since": (waiting.since or now).isoformat(),
        },
    )


async def _told(session: AsyncSession, directory: Directory) -> list[tuple[str, str]]:
    """Return address and language of each who decides: the triage desk's mailbox, supervisors."""
    if directory.staff_channel is None:
        return []
    takes = directory.channels[directory.staff_channel].takes
    supervisors = (
        select(User.email, User.language)
        .join(UserRole, UserRole.user_id == User.id)
        .join(Role, Role.id == UserRole.role_id)
        .where(User.is_active, UserRole.is_active, Role.code.in_(SUPERVISOR))
        .order_by(User.created_at)
    )
    people = [(email, language) for email, language in await session.execute(supervisors) if email]
    desk = directory.triage_desk.contact_email
    found = ([(desk, directory.hospital.language)] if desk else []) + people
    once = {compared(takes, address): (address, language) for address, language in reversed(found)}
    return list(reversed(once.values()))
