"""Moves a written house into the database: all of it in one transaction, or nothing.

What is written is made as it says; what it does not name stays as it is. Moved in twice, the
second time changes nothing.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from core.administration.changing import TakenError
from core.administration.house import (
    House,
    HouseRefusedError,
    MovedIn,
    OthersAccount,
    OthersCode,
    WrittenCode,
    WrittenPerson,
    WrittenUnit,
)
from core.administration.staff import NewUser, add_within, set_roles
from core.ground.base import Keyed
from core.ground.database import Database, transaction
from core.hospital.category import ServiceCategory
from core.hospital.hospital import Hospital
from core.hospital.qr_code import QrCode
from core.hospital.trusted_source import TrustedAddress
from core.hospital.unit import Unit, UnitAlias, UnitType
from core.people.passwords import hash_password
from core.people.staff import Admin, User

AnyRow = TypeVar("AnyRow", bound=Keyed)

_LOCK = 0x4B495354  # one house at a time
_NO_PASSWORD = "!"  # noqa: S105 - no hash is spelled like this, so nobody signs in with it


async def move_in(
    database: Database,
    house: House,
    *,
    fresh_token: Callable[[], str],
    bare: Callable[[str], str | None],
) -> MovedIn:
    """Move a house in. `bare` gives a typed code in the form that codes are compared in.

    Raises HouseRefusedError, DatabaseAwayError.
    """
    moved = MovedIn()
    try:
        async with transaction(database) as session:
            await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            await _Moving(session, house, fresh_token, bare, moved).everything()
    except IntegrityError as error:
        cause = error.orig.__cause__ if error.orig else None
        raise HouseRefusedError(constraint=getattr(cause, "constraint_name", "?")) from error
    return moved


@dataclass(slots=True)
class _Moving:
    session: AsyncSession
    house: House
    fresh_token: Callable[[], str]
    bare: Callable[[str], str | None]
    moved: MovedIn
    units: dict[str, UUID] = field(default_factory=dict)
    conflicts: list[OthersCode | OthersAccount] = field(default_factory=list)

    async def everything(self) -> None:
        await self._hospital()
        await self._unit_types()
        await self._units()
        await self._aliases()
        await self._codes()
        await self._categories()
        await self._staff()
        await self._trusted()

    async def _hospital(self) -> None:
        row = (await self.session.scalars(select(Hospital))).one()
        self._set(row, "hospital", self.house.hospital)

    async def _unit_types(self) -> None:
        await self._put(
            UnitType,
            "unit types",
            {
                kind.code: {"name": kind.name, "description": kind.description}
                for kind in self.house.unit_types
            },
        )

    async def _units(self) -> None:
        """Write units, then their parents: a parent may stand further down in the file."""
        if any(unit.is_triage_desk for unit in self.house.units):
            await self._free_the_desk()
        kinds = dict((await self.session.execute(select(UnitType.code, UnitType.id))).all())
        written = {unit.code: _unit_values(unit, kinds) for unit in self.house.units}
        rows = await self._put(Unit, "units", written)
        self.units = {code: row.id for code, row in rows.items()}
        for unit in self.house.units:
            rows[unit.code].parent_unit_id = self.units.get(unit.parent_code or "")
        await self.session.flush()

    async def _free_the_desk(self) -> None:
        wanted = next(unit.code for unit in self.house.units if unit.is_triage_desk)
        desk = await self.session.scalar(select(Unit).where(Unit.is_triage_desk))
        if desk is not None and desk.code != wanted:
            desk.is_triage_desk = False
            await self.session.flush()

    async def _aliases(self) -> None:
        wanted = {
            alias: self.units[unit.code] for unit in self.house.units for alias in unit.aliases
        }
        for row in await self.session.scalars(select(UnitAlias)):
            if row.alias in wanted:
                self._set(row, "aliases", {"unit_id": wanted.pop(row.alias)})
            elif row.unit_id in self.units.values():
                await self.session.delete(row)
                self.moved.changed["aliases"] += 1
        for alias, unit_id in wanted.items():
            self._add(UnitAlias(alias=alias, unit_id=unit_id), "aliases")
        await self.session.flush()

    async def _codes(self) -> None:
        rows = list(await self.session.scalars(select(QrCode)))
        by_token = {row.token: row for row in rows}
        by_code = {self.bare(row.code): row for row in rows}
        for number, unit in enumerate(self.house.units):
            for place, code in enumerate(unit.codes):
                known = by_code.get(self.bare(code.code))
                printed = by_token.get(code.token or "")
                if known and printed and known is not printed:
                    self.conflicts.append(OthersCode(unit=number, place=place, owner=printed.code))
                    continue
                self._code(printed or known, code, self.units[unit.code])
        self._raise_if_refused()
        await self.session.flush()

    def _code(self, row: QrCode | None, code: WrittenCode, unit_id: UUID) -> None:
        values = {
            "unit_id": unit_id,
            "code": code.code,
            "name": code.name,
            "description": code.description,
            "is_active": code.is_active,
        }
        if row is None:
            self._add(QrCode(token=code.token or self.fresh_token(), **values), "QR codes")
        else:
            self._set(row, "QR codes", {**values, "token": code.token or row.token})

    async def _categories(self) -> None:
        written = {
            category.code: {
                "name": category.name,
                "description": category.description,
                "default_sla_hours": category.default_sla_hours,
                "requires_attachment": category.requires_attachment,
                "is_active": category.is_active,
                "unit_id": self.units.get(category.unit_code or ""),
            }
            for category in self.house.categories
        }
        await self._put(ServiceCategory, "categories", written)

    async def _staff(self) -> None:
        query = select(Admin, User).join(User, User.admin_id == Admin.id)
        known = {admin.username: (admin, user) for admin, user in await self.session.execute(query)}
        for index, person in enumerate(self.house.staff):
            if person.username in known:
                await self._update_person(person, *known[person.username])
            else:
                await self._add_person(person, index)
        self._raise_if_refused()

    async def _trusted(self) -> None:
        """Trust what the file names; what people trust besides stays."""
        rows = await self.session.execute(select(TrustedAddress.kind, TrustedAddress.address))
        known = {(kind, address) for kind, address in rows}
        for kind, address in dict.fromkeys((one.kind, one.address) for one in self.house.trusted):
            if (kind, address) not in known:
                self._add(TrustedAddress(kind=kind, address=address), "trusted sources")

    async def _add_person(self, person: WrittenPerson, place: int) -> None:
        password = person.password
        hashed = await asyncio.to_thread(hash_password, password) if password else _NO_PASSWORD
        new = NewUser(
            username=person.username,
            full_name=person.full_name,
            email=person.email,
            password_hash=hashed,
            roles=person.roles,
            unit_code=person.unit_code,
            phone=person.phone,
            language=person.language,
        )
        try:
            await add_within(self.session, new)
        except TakenError:
            self.conflicts.append(OthersAccount(person=place))
        self.moved.new["staff"] += 1

    async def _update_person(self, person: WrittenPerson, admin: Admin, user: User) -> None:
        account = {
            "full_name": person.full_name,
            "email": person.email,
            "is_active": person.is_active,
        }
        self._set(admin, "staff", {**account, "role": person.roles[0]})
        unit_id = self.units.get(person.unit_code or "")
        facts = {"phone": person.phone, "language": person.language, "unit_id": unit_id}
        self._set(user, "staff", {**account, **facts})
        await set_roles(self.session, user.id, person.roles)

    async def _put(
        self, model: type[AnyRow], kind: str, written: Mapping[str, Mapping[str, object]]
    ) -> dict[str, AnyRow]:
        """Make rows as written, found by their code."""
        code = model.__table__.c.code  # type: ignore[attr-defined]  # every Keyed here has one
        query = select(model).where(code.in_(written))
        rows = {row.code: row for row in await self.session.scalars(query)}  # type: ignore[attr-defined]  # the same
        for key, values in written.items():
            if key in rows:
                self._set(rows[key], kind, values)
            else:
                rows[key] = model(code=key, **values)  # type: ignore[call-arg]  # the same
                self._add(rows[key], kind)
        await self.session.flush()
        return rows

    def _raise_if_refused(self) -> None:
        if self.conflicts:
            raise HouseRefusedError(tuple(self.conflicts))

    def _add(self, row: Keyed, kind: str) -> None:
        self.session.add(row)
        self.moved.new[kind] += 1

    def _set(self, row: Keyed, kind: str, values: Mapping[str, object]) -> None:
        different = {name: value for name, value in values.items() if getattr(row, name) != value}
        for name, value in different.items():
            setattr(row, name, value)
        self.moved.changed[kind] += bool(different)


def _unit_values(unit: WrittenUnit, kinds: Mapping[str, UUID]) -> dict[str, object]:
    return {
        "name": unit.name,
        "description": unit.description,
        "unit_type_id": kinds.get(unit.type_code or ""),
        "contact_email": unit.contact_email,
        "contact_phone": unit.contact_phone,
        "sla_hours": unit.sla_hours,
        "is_active": unit.is_active,
        "is_triage_desk": unit.is_triage_desk,
    }
