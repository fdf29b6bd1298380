"""Who may be given a ticket: those who see its unit, but nobody it is about."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.access.lookup import ticket_for
from core.access.scope import Reader
from core.ground.database import transaction
from core.hospital.directory import Directory
from core.people.roles import MOVERS, SUPERVISOR
from core.people.staff import Role, User, UserRole
from core.runtime import Runtime
from core.tickets.subject import subjects_of

_GIVEN_TO = tuple(sorted(MOVERS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody a ticket can be given to."""

    id: UUID
    name: str
    unit: str
    """Empty for those who see every unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Takers:
    """Who may be given one ticket."""

    ticket_id: UUID
    ids: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Colleagues:
    """Every question raises DatabaseAwayError."""

    runtime: Runtime

    async def all(self, directory: Directory) -> tuple[Colleague, ...]:
        """List who may be given tickets of one unit or another, by name."""
        async with transaction(self.runtime.database) as session:
            return await colleagues(session, directory, ())

    async def takers(self, reader: Reader, directory: Directory, number: str) -> Takers | None:
        """Say who may be given a ticket; None where the reader may not know that it exists."""
        async with transaction(self.runtime.database) as session:
            ticket = await ticket_for(session, reader, number)
            if ticket is None:
                return None
            able = await colleagues(session, directory, {ticket.unit_id}, ticket.id)
        return Takers(ticket_id=ticket.id, ids=frozenset(one.id for one in able))


async def colleagues(
    session: AsyncSession,
    directory: Directory,
    unit_ids: Collection[UUID],
    ticket_id: UUID | None = None,
) -> tuple[Colleague, ...]:
    """List who may be given every ticket of these units, by name."""
    query = (
        select(User.id, User.full_name, User.unit_id, func.array_agg(Role.code))
        .join(UserRole, UserRole.user_id == User.id)
        .join(Role, Role.id == UserRole.role_id)
        .where(User.is_active, UserRole.is_active, Role.code.in_(_GIVEN_TO))
        .group_by(User.id)
        .order_by(User.full_name)
    )
    subjects = await subjects_of(session, ticket_id) if ticket_id else frozenset()
    found = []
    for user_id, name, unit_id, roles in await session.execute(query):
        below = directory.below(unit_id) if unit_id in directory.units else frozenset()
        sees = SUPERVISOR.intersection(roles) or below.issuperset(unit_ids)
        if sees and user_id not in subjects:
            unit = directory.units.get(unit_id) if unit_id else None
            found.append(Colleague(id=user_id, name=name, unit=unit.name if unit else ""))
    return tuple(found)
