"""What the person says of a report that is there: added, solved, or both at once.

One transaction: a crash in between loses neither the words nor what they came with.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.ground.database import transaction
from core.runtime import Runtime
from core.tickets.desk import Desk
from core.tickets.follow_up import Followed, FollowUp


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the person said: words, that it is solved, or both."""

    told: FollowUp | None = None
    solved: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """The verb. Raises NotFoundError, IllegalMoveError, DatabaseAwayError."""

    runtime: Runtime

    async def file(self, ticket_id: UUID, said: Said) -> Followed | None:
        """File what was said; None where there were no words.

        Words that come with "solved" open nothing again. Raises IllegalMoveError where it is said
        to be solved and is not waiting for that; nothing is filed then.
        """
        async with transaction(self.runtime.database) as session:
            followed = await file_said(session, self.runtime, ticket_id, said)
        self.runtime.bell.ring("deliveries", "tickets", str(ticket_id))
        return followed


async def file_said(
    session: AsyncSession, runtime: Runtime, ticket_id: UUID, said: Said
) -> Followed | None:
    """Do what `Telling.file` does as part of a transaction that the caller commits."""
    desk, followed = Desk(runtime), None
    if said.told is not None:
        told = replace(said.told, automatic=True) if said.solved else said.told
        followed = await desk.follow_up_within(session, ticket_id, told)
    if said.solved:
        await desk.confirm_within(session, ticket_id)
    return followed
