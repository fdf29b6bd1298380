"""Categories as an administrator sees and changes them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.administration.changing import changing
from core.ground.database import transaction
from core.ground.errors import NotFoundError
from core.hospital.category import ServiceCategory
from core.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryFacts:
    """A category as an administrator writes it; its code stays what it is."""

    name: str
    sla_hours: int | None
    unit_id: UUID | None
    requires_attachment: bool
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryRow:
    """A category in a list. `default_sla_hours` None: as the hospital says."""

    code: str
    name: str
    default_sla_hours: int | None
    unit_id: UUID | None
    requires_attachment: bool
    is_active: bool


@dataclass(frozen=True, slots=True)
class Categories:
    """A verb takes `by`, the administrator; all raise NotFoundError, DatabaseAwayError."""

    runtime: Runtime

    async def all(self) -> tuple[CategoryRow, ...]:
        """List the categories by code, retired ones last."""
        query = select(ServiceCategory).order_by(
            ServiceCategory.is_active.desc(), ServiceCategory.code
        )
        async with transaction(self.runtime.database) as session:
            return tuple(map(_row, await session.scalars(query)))

    async def find(self, code: str) -> CategoryRow:
        """Return the category of a code."""
        async with transaction(self.runtime.database) as session:
            return _row(await _category(session, code))

    async def change(self, code: str, facts: CategoryFacts, *, by: UUID) -> None:
        """Change a category."""
        async with changing(self.runtime, by) as change:
            category = await _category(change.session, code)
            category.name, category.unit_id = facts.name, facts.unit_id
            category.default_sla_hours = facts.sla_hours
            category.requires_attachment = facts.requires_attachment
            category.is_active = facts.is_active
            change.note("category.changed", category.id, code=code)


async def _category(session: AsyncSession, code: str) -> ServiceCategory:
    found = await session.scalar(select(ServiceCategory).where(ServiceCategory.code == code))
    if found is None:
        raise NotFoundError
    return found


def _row(category: ServiceCategory) -> CategoryRow:
    return CategoryRow(
        code=category.code,
        name=category.name,
        default_sla_hours=category.default_sla_hours,
        unit_id=category.unit_id,
        requires_attachment=category.requires_attachment,
        is_active=category.is_active,
    )
