"""What is done to QR codes: hang a new one, point it at another unit, retire it."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from core.audit.trail import note_change
from core.ground.database import transaction
from core.ground.errors import NotFoundError
from core.hospital.qr_code import QrCode
from core.hospital.unit import Unit
from core.runtime import Runtime

_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class QrRow:
    """A code, where it leads and how often it was used."""

    id: UUID
    code: str
    token: str
    name: str
    unit: str
    unit_code: str
    is_active: bool
    usage_count: int


@dataclass(frozen=True, slots=True)
class QrCodes:
    """Every verb raises NotFoundError (no such unit or code) and DatabaseAwayError."""

    runtime: Runtime

    async def all(self, unit_code: str | None = None) -> tuple[QrRow, ...]:
        """List codes, those of one unit if it is named, by unit and code."""
        query = (
            select(QrCode, Unit)
            .join(Unit, Unit.id == QrCode.unit_id)
            .order_by(Unit.name, QrCode.code)
        )
        if unit_code is not None:
            query = query.where(Unit.code == unit_code.upper())
        async with transaction(self.runtime.database) as session:
            return tuple(_row(code, unit) for code, unit in await session.execute(query))

    async def find(self, code: str) -> QrRow:
        """Return one code by what is printed under it."""
        async with transaction(self.runtime.database) as session:
            found = await _find(session, code)
            return _row(found, await session.get_one(Unit, found.unit_id))

    async def create(
        self, unit_code: str, name: str, token: Callable[[], str], *, by: UUID | None = None
    ) -> QrRow:
        """Make a code for a unit, with a fresh token; two at the same moment get two names."""
        for _ in range(_TRIES):
            try:
                return await self._create(unit_code, name, token(), by)
            except IntegrityError:  # another one took the same name between our look and our insert
                continue
        raise NotFoundError

    async def retire(self, code: str, *, by: UUID | None = None) -> None:
        """Take a code out of use: whoever scans it finds the general form."""
        async with transaction(self.runtime.database) as session:
            found = await _find(session, code)
            found.is_active = False
            self._note(session, by, "code.retired", found)

    async def point(
        self, code: str, unit_code: str, *, name: str = "", by: UUID | None = None
    ) -> None:
        """Let a code that hangs already lead to another unit, and be in use."""
        async with transaction(self.runtime.database) as session:
            found = await _find(session, code)
            found.unit_id, found.is_active = (await _unit(session, unit_code)).id, True
            found.name = name or found.name
            self._note(session, by, "code.pointed", found, unit=unit_code.upper())

    def _note(
        self, session: AsyncSession, by: UUID | None, verb: str, code: QrCode, **data: str
    ) -> None:
        now = self.runtime.clock()
        note_change(session, by, verb, now, subject_id=code.id, code=code.code, **data)

    async def _create(self, unit_code: str, name: str, token: str, by: UUID | None) -> QrRow:
        async with transaction(self.runtime.database) as session:
            unit = await _unit(session, unit_code)
            code = await session.scalar(select(func.generate_qr_code(unit.code)))
            made = QrCode(unit_id=unit.id, code=code, token=token, name=name or unit.name)
            session.add(made)
            await session.flush()
            await session.refresh(made)
            self._note(session, by, "code.made", made, unit=unit.code)
            return _row(made, unit)


async def _find(session: AsyncSession, code: str) -> QrCode:
    found = await session.scalar(select(QrCode).where(QrCode.code == code.strip().upper()))
    if found is None:
        raise NotFoundError
    return found


async def _unit(session: AsyncSession, code: str) -> Unit:
    found = await session.scalar(select(Unit).where(Unit.code == code.strip().upper()))
    if found is None:
        raise NotFoundError
    return found


def _row(code: QrCode, unit: Unit) -> QrRow:
    return QrRow(
        id=code.id,
        code=code.code,
        token=code.token,
        name=code.name,
        unit=unit.name,
        unit_code=unit.code,
        is_active=code.is_active,
        usage_count=code.usage_count,
    )
