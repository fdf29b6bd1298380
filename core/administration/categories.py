"""What an administrator changes of categories."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.administration.changing import changing
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


@dataclass(frozen=True, slots=True)
class Categories:
    """Every verb takes `by`, the administrator; raises NotFoundError, DatabaseAwayError."""

    runtime: Runtime

    async def change(self, code: str, facts: CategoryFacts, *, by: UUID) -> None:
        """Change a category."""
        async with changing(self.runtime, by) as change:
            query = select(ServiceCategory).where(ServiceCategory.code == code)
            category = await change.session.scalar(query)
            if category is None:
                raise NotFoundError
            category.name, category.unit_id = facts.name, facts.unit_id
            category.default_sla_hours = facts.sla_hours
            category.requires_attachment = facts.requires_attachment
            category.is_active = facts.is_active
            change.note("category.changed", category.id, code=code)
