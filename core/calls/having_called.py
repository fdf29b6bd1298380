"""Words of a call-back are the person's where the agent took the call in hand; else a note.

Taking it in hand opens the ticket, and the audit holds it. Somebody who never did has not spoken
with anybody at the number of the report, however its page came to them.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.audit.trail import AuditRead
from core.ground.database import transaction
from core.ground.errors import NotFoundError
from core.runtime import Runtime
from core.tickets.casework import Case
from core.tickets.follow_up import FollowUp
from core.tickets.telling import Said, file_said
from core.tickets.ticket import Ticket, locked

TAKEN: Final = "callback"
"""How `reads` says that a ticket was opened: by taking its call-back in hand."""


async def has_called(session: AsyncSession, ticket_id: UUID, by: UUID) -> bool:
    """Say whether somebody took a call-back of a ticket in hand."""
    query = select(AuditRead.seq).where(
        AuditRead.user_id == by,
        AuditRead.ticket_id == ticket_id,
        AuditRead.data["by"].astext == TAKEN,
    )
    return await session.scalar(query.limit(1)) is not None


async def note_words(  # noqa: PLR0917 - a note and what it stands on
    session: AsyncSession, runtime: Runtime, ticket: Ticket, told: FollowUp, by: UUID, mark: str
) -> None:
    """Keep what was written down of a call as a note for staff."""
    directory, now = await runtime.directory.get(), runtime.clock()
    case = Case(session, ticket, directory, runtime.secret, now, mark)
    message = await case.say(told.words, by=by, internal=True, key=told.idempotency_key)
    await case.record(ticket.staff_event("noted", now, by, message))


@dataclass(frozen=True, slots=True)
class LateWords:
    """The verb. Raises NotFoundError, DatabaseAwayError."""

    runtime: Runtime

    async def file(self, ticket_id: UUID, told: FollowUp, *, by: UUID, mark: str) -> None:
        """Add words of a call-back whose outcome stands; a marked note if by who did not call."""
        async with transaction(self.runtime.database) as session:
            if await has_called(session, ticket_id, by):
                await file_said(session, self.runtime, ticket_id, Said(told=told))
            else:
                ticket = await locked(session, ticket_id)
                if ticket is None:
                    raise NotFoundError
                await note_words(session, self.runtime, ticket, told, by, mark)
        self.runtime.bell.ring("deliveries", "tickets", str(ticket_id))
