"""What is done to call-backs: claimed by an agent, tried, told or given up.

One verb is one transaction. All that is open for one ticket at one number is one task: whoever
calls tells all of it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.audit.trail import note_read
from core.calls.callback import LEASE, OUTCOMES, TOPIC, TRIES, Callback
from core.calls.having_called import TAKEN, has_called, note_words
from core.calls.outcomes import NOTED, outcomes_of
from core.calls.wanting import same_task, within_hours
from core.deliveries.undelivered import Return, ended
from core.ground.database import transaction
from core.ground.errors import NotFoundError
from core.ground.faults import reach
from core.notices.delivery import Delivery
from core.runtime import Runtime
from core.tickets.follow_up import FollowUp
from core.tickets.lifecycle import RESOLVED
from core.tickets.message import Message
from core.tickets.recording import record
from core.tickets.telling import Said, file_said
from core.tickets.ticket import Ticket, locked

CALLED, TRIED, GIVEN_UP = NOTED
"""What the ticket's history says of calls."""


class ClaimedError(Exception):
    """Somebody else is calling just now, or has called already."""


class NotedBeforeError(Exception):
    """How this call went was written down before, and says something else; nothing was done."""


@dataclass(frozen=True, slots=True)
class Calling:
    """The verbs. Each raises NotFoundError, ClaimedError, DatabaseAwayError."""

    runtime: Runtime

    async def claim(self, callback_id: UUID, *, by: UUID) -> None:
        """Take a task in hand, which opens its ticket; ClaimedError while somebody else has it."""
        now = self.runtime.clock()
        async with transaction(self.runtime.database) as session:
            rows = await self._task(session, callback_id, by)
            for row in rows:
                row.claimed_by, row.claimed_at = by, now
            note_read(session, by, "ticket", now, ticket_id=rows[0].ticket_id, by=TAKEN)
        self.runtime.bell.ring(TOPIC)

    async def release(self, callback_id: UUID, *, by: UUID) -> None:
        """Give a task back."""
        async with transaction(self.runtime.database) as session:
            for row in await self._task(session, callback_id, by):
                row.claimed_by = row.claimed_at = None
        self.runtime.bell.ring(TOPIC)

    async def free_lapsed(self) -> int:
        """Give back what somebody took in hand and left; return how many call-backs."""
        now = self.runtime.clock()
        lapsed = or_(Callback.claimed_at <= now - LEASE, Callback.claimed_at > now + LEASE)
        statement = (
            update(Callback)
            .where(Callback.status == "open", lapsed)
            .values(claimed_by=None, claimed_at=None)
        )
        async with transaction(self.runtime.database) as session:
            freed = cast("CursorResult[object]", await session.execute(statement)).rowcount
        if freed:
            self.runtime.bell.ring(TOPIC)
        return freed

    async def note(
        self,
        callback_id: UUID,
        outcome: str,
        *,
        by: UUID,
        again_at: datetime | None = None,
        said: Said | None = None,
        seen: int | None = None,
    ) -> UUID | None:
        """Write down how a call went, and file what the person said; return the ticket.

        Reached: the news is delivered, and the ticket's history says so. No answer, busy: it is
        due again later, and given up after TRIES. A wrong number is given up at once and never
        called again. `again_at` is the moment agreed on with whoever asked to be called later.
        Words of somebody who was not spoken with are a note for staff; so are all of an agent who
        never took the call in hand, for whom *solved* raises ClaimedError.

        `seen` is how many outcomes whoever notes this one knew of (None: it does not matter). The
        same told again changes nothing; something else raises NotedBeforeError.
        """
        said = said or Said()
        async with transaction(self.runtime.database) as session:
            ticket = await self._locked_ticket(session, callback_id)
            if await self._is_repeat(session, callback_id, outcome, by, said, seen):
                return ticket.id if ticket is not None else None
            rows = await self._task(session, callback_id, by)
            for row in rows:
                row.outcome, row.claimed_by, row.claimed_at = outcome, None, None
                row.attempts += OUTCOMES[outcome].counts
            await self._after(session, rows, outcome, by, again_at)
            reach("call.noted")
            if ticket is not None:
                await self._file(session, ticket, outcome, by, said)
        reach("call.committed")
        ticket_id = ticket.id if ticket is not None else None
        self.runtime.bell.ring(TOPIC, "deliveries", "tickets", str(ticket_id))
        return ticket_id

    async def _is_repeat(  # noqa: PLR0917 - what was noted, and what may be the same
        self,
        session: AsyncSession,
        callback_id: UUID,
        outcome: str,
        by: UUID,
        said: Said,
        seen: int | None,
    ) -> bool:
        """Say whether this very outcome was noted before; raise where another took its place."""
        before = await outcomes_of(session, callback_id) if seen is not None else []
        if seen is None or len(before) <= seen:
            return False
        noted = before[seen]
        is_same = noted.outcome == outcome and noted.by == by
        if is_same and (said.told is None or await _is_kept(session, said.told)):
            return True
        raise NotedBeforeError

    async def _file(
        self, session: AsyncSession, ticket: Ticket, outcome: str, by: UUID, said: Said
    ) -> None:
        """File what was said with the outcome, whatever became of the ticket meanwhile."""
        spoke = OUTCOMES[outcome].spoke
        if spoke and await has_called(session, ticket.id, by):
            solved = said.solved and ticket.status == RESOLVED
            await file_said(session, self.runtime, ticket.id, replace(said, solved=solved))
        elif spoke and said.solved:
            raise ClaimedError
        elif said.told is not None:
            await note_words(session, self.runtime, ticket, said.told, by, "")

    async def _locked_ticket(self, session: AsyncSession, callback_id: UUID) -> Ticket | None:
        """Lock the ticket before its call-backs, as every verb does: events stay in order."""
        ticket_id = await session.scalar(
            select(Callback.ticket_id).where(Callback.id == callback_id)
        )
        return await locked(session, ticket_id) if ticket_id is not None else None

    async def _task(self, session: AsyncSession, callback_id: UUID, by: UUID) -> list[Callback]:
        """Lock all that is open for the same ticket at the same number."""
        asked = await session.get(Callback, callback_id)
        if asked is None:
            raise NotFoundError
        query = (
            select(Callback)
            .where(same_task(asked.ticket_id, asked.number, callback_id))
            .order_by(Callback.created_at, Callback.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        rows = list(await session.scalars(query))
        now = self.runtime.clock()
        if not rows or not all(row.is_free_for(by, now) for row in rows):
            raise ClaimedError
        return rows

    async def _after(
        self,
        session: AsyncSession,
        rows: list[Callback],
        outcome: str,
        by: UUID,
        again_at: datetime | None,
    ) -> None:
        now = self.runtime.clock()
        if outcome == "reached":
            _end(rows, "told", now)
            await self._tell(session, rows, CALLED, by, outcome)
            return
        lost = rows if outcome == "wrong_number" else [r for r in rows if r.attempts >= TRIES]
        later = [row for row in rows if row not in lost]
        wait = OUTCOMES[outcome].again
        moment = now + wait if wait else max(again_at or now + timedelta(hours=1), now)
        for row in later:
            row.next_at = await within_hours(session, self.runtime, row.ticket_id, moment)
        if later:
            await self._tell(session, later, TRIED, by, outcome)
        if lost:
            _end(lost, "given_up", now)
            await self._tell(session, lost, GIVEN_UP, by, outcome)
            await self._return_notices(session, lost, outcome)

    async def _tell(
        self, session: AsyncSession, rows: list[Callback], kind: str, by: UUID, outcome: str
    ) -> None:
        """Let the ticket's history say what came of the call."""
        ticket = await session.get(Ticket, rows[0].ticket_id) if rows[0].ticket_id else None
        if ticket is None:
            return
        event = ticket.happened(
            kind,
            self.runtime.clock(),
            actor="staff",
            actor_id=by,
            outcome=outcome,
            attempts=max(row.attempts for row in rows),
            deliveries=[str(row.delivery_id) for row in rows],
        )
        await record(
            session, ticket, event, await self.runtime.directory.get(), secret=self.runtime.secret
        )

    async def _return_notices(
        self, session: AsyncSession, rows: list[Callback], outcome: str
    ) -> None:
        """Mark the notices as not delivered, so that staff see them among the failed ones."""
        wrong = outcome == "wrong_number"
        what = Return(
            reason="unknown_recipient" if wrong else "refused", code=outcome, loses_address=wrong
        )
        for row in rows:
            delivery = await session.get(Delivery, row.delivery_id, with_for_update=True)
            if delivery is None:
                continue
            delivery.status = "failed"
            delivery.last_error = "unknown_recipient: wrong number" if wrong else "no_answer"
            await ended(session, self.runtime.directory, delivery, what, self.runtime.clock())


async def _is_kept(session: AsyncSession, told: FollowUp) -> bool:
    query = select(Message.id).where(Message.idempotency_key == told.idempotency_key)
    return await session.scalar(query) is not None


def _end(rows: list[Callback], status: str, now: datetime) -> None:
    for row in rows:
        row.status, row.ended_at = status, now
