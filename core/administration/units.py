"""Units as administrators see and change them: the tree, kinds, the names people call them."""

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.access.scope import Reader, listed
from core.administration.changing import TakenError, changing
from core.ground.database import transaction
from core.ground.errors import NotFoundError
from core.hospital.qr_code import QrCode
from core.hospital.unit import Unit, UnitAlias, UnitType
from core.runtime import Runtime
from core.tickets.lifecycle import WORKING
from core.tickets.ticket import Ticket


class LoopError(Exception):
    """A unit would stand below itself."""


class InUseError(Exception):
    """A unit that owes answers, has codes on walls or is the triage desk cannot be retired."""

    def __init__(self, tickets: int, codes: int, *, triage_desk: bool) -> None:
        super().__init__(f"{tickets} open tickets, {codes} codes in use")
        self.tickets, self.codes, self.triage_desk = tickets, codes, triage_desk


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFacts:
    """A unit as an administrator writes it. `sla_hours` None: as the category says."""

    name: str
    code: str
    parent_id: UUID | None = None
    type_id: UUID | None = None
    contact_email: str | None = None
    contact_phone: str | None = None
    sla_hours: int | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitKind:
    """A kind of unit in a list."""

    id: UUID
    name: str
    code: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Units:
    """A verb takes `by`, the administrator; all raise NotFoundError, DatabaseAwayError."""

    runtime: Runtime

    async def owed(self, reader: Reader) -> dict[UUID, int]:
        """Count what each unit still owes, of all that the reader may list; none is left out."""
        query = (
            select(Ticket.unit_id, func.count())
            .where(listed(reader), Ticket.status.in_(WORKING))
            .group_by(Ticket.unit_id)
        )
        async with transaction(self.runtime.database) as session:
            return dict((await session.execute(query)).all())

    async def kinds(self) -> tuple[UnitKind, ...]:
        """List the kinds of unit by name, retired ones last."""
        query = select(UnitType).order_by(UnitType.is_active.desc(), UnitType.name)
        async with transaction(self.runtime.database) as session:
            return tuple(
                UnitKind(id=row.id, name=row.name, code=row.code, is_active=row.is_active)
                for row in await session.scalars(query)
            )

    async def add_unit(self, facts: UnitFacts, *, by: UUID) -> UUID:
        """Open a unit. Raises TakenError if the code is another unit's."""
        async with changing(self.runtime, by) as change:
            await _code_is_free(change.session, facts.code, None)
            unit = Unit(**_columns(facts))
            change.session.add(unit)
            await change.session.flush()
            change.note("unit.opened", unit.id, code=unit.code)
            return unit.id

    async def change_unit(self, unit_id: UUID, facts: UnitFacts, *, by: UUID) -> None:
        """Change or retire a unit. Raises TakenError, LoopError, InUseError."""
        async with changing(self.runtime, by) as change:
            unit = await _get(change.session, Unit, unit_id)
            await _code_is_free(change.session, facts.code, unit_id)
            await _no_loop(change.session, unit_id, facts.parent_id)
            if unit.is_active and not facts.is_active:
                await _may_retire(change.session, unit)
            for column, value in _columns(facts).items():
                setattr(unit, column, value)
            change.note("unit.changed", unit_id, code=facts.code)

    async def add_alias(self, unit_id: UUID, alias: str, *, by: UUID) -> None:
        """Give a unit another name. Raises TakenError if it is another unit's."""
        name = alias.strip().lower()
        async with changing(self.runtime, by) as change:
            await _get(change.session, Unit, unit_id)
            owner = await change.session.scalar(
                select(UnitAlias.unit_id).where(UnitAlias.alias == name)
            )
            if owner not in (None, unit_id):
                raise TakenError
            if owner is None:
                change.session.add(UnitAlias(unit_id=unit_id, alias=name))
                change.note("unit.named", unit_id)

    async def drop_alias(self, unit_id: UUID, alias: str, *, by: UUID) -> None:
        """Take a name off a unit."""
        async with changing(self.runtime, by) as change:
            found = await change.session.scalar(
                select(UnitAlias).where(UnitAlias.unit_id == unit_id, UnitAlias.alias == alias)
            )
            if found is None:
                raise NotFoundError
            await change.session.delete(found)
            change.note("unit.unnamed", unit_id)

    async def save_type(
        self, type_id: UUID | None, name: str, code: str, *, is_active: bool, by: UUID
    ) -> None:
        """Make or change a kind of unit. Raises TakenError if name or code is another's."""
        async with changing(self.runtime, by) as change:
            same = (UnitType.name == name) | (UnitType.code == code)
            others = select(UnitType.id).where(same)
            if set(await change.session.scalars(others)) - {type_id}:
                raise TakenError
            kind = await _get(change.session, UnitType, type_id) if type_id else UnitType()
            kind.name, kind.code, kind.is_active = name, code, is_active
            change.session.add(kind)
            await change.session.flush()
            change.note("unit_type.saved", kind.id, code=code)


Row = TypeVar("Row", Unit, UnitType)


async def _get(session: AsyncSession, kind: type[Row], row_id: UUID) -> Row:
    row = await session.get(kind, row_id)
    if row is None:
        raise NotFoundError
    return row


def _columns(facts: UnitFacts) -> dict[str, object]:
    return {
        "name": facts.name,
        "code": facts.code,
        "parent_unit_id": facts.parent_id,
        "unit_type_id": facts.type_id,
        "contact_email": facts.contact_email,
        "contact_phone": facts.contact_phone,
        "sla_hours": facts.sla_hours,
        "is_active": facts.is_active,
    }


async def _code_is_free(session: AsyncSession, code: str, unit_id: UUID | None) -> None:
    query = select(Unit.id).where(func.upper(Unit.code) == code.upper())
    if set(await session.scalars(query)) - {unit_id}:
        raise TakenError


async def _no_loop(session: AsyncSession, unit_id: UUID, parent_id: UUID | None) -> None:
    """Follow the parents upwards; two who move units at once take turns."""
    rows = await session.execute(select(Unit.id, Unit.parent_unit_id).with_for_update())
    parents = dict(rows.all())
    above, seen = parent_id, {unit_id}
    while above is not None:
        if above in seen:
            raise LoopError
        if above not in parents:
            raise NotFoundError
        seen.add(above)
        above = parents[above]


async def _may_retire(session: AsyncSession, unit: Unit) -> None:
    owed = select(func.count()).where(Ticket.unit_id == unit.id, Ticket.status.in_(WORKING))
    hung = select(func.count()).where(QrCode.unit_id == unit.id, QrCode.is_active)
    tickets, codes = await session.scalar(owed) or 0, await session.scalar(hung) or 0
    if tickets or codes or unit.is_triage_desk:
        raise InUseError(tickets, codes, triage_desk=unit.is_triage_desk)
