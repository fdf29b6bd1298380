"""One change of the hospital's set-up: a transaction, a line in the audit, and seen at once."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.audit.trail import note_change
from core.ground.database import transaction
from core.runtime import Runtime


class TakenError(Exception):
    """Something else has this name, code or address already."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an administrator is changing, within its transaction."""

    session: AsyncSession
    runtime: Runtime
    by: UUID

    def note(self, verb: str, subject_id: UUID, **data: object) -> None:
        """Leave a line in the audit; `data` holds codes and numbers, no personal words."""
        now = self.runtime.clock()
        note_change(self.session, self.by, verb, now, subject_id=subject_id, **data)


@contextlib.asynccontextmanager
async def changing(runtime: Runtime, by: UUID) -> AsyncIterator[Change]:
    """Change units or categories in one transaction; whoever did it sees it on their next page.

    Every other process knows before it routes the next report: triggers raise the directory's
    version. Raises DatabaseAwayError.
    """
    async with transaction(runtime.database) as session:
        yield Change(session, runtime, by)
    await runtime.directory.reload()
