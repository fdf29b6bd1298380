"""What is done to call-backs: wanted by a notice, claimed by an agent, tried, told or given up.

One verb is one transaction. All that is open for one ticket at one number is one task: whoever
calls tells all of it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, and_, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.audit.trail import note_read
from core.calls.call import Call
from core.calls.callback import LEASE, OUTCOMES, TOPIC, TRIES, Callback
from core.calls.hours import ANY_TIME, next_call
from core.deliveries.undelivered import Return, ended
from core.ground.database import transaction
from core.ground.errors import NotFoundError
from core.notices.delivery import Delivery
from core.runtime import Runtime
from core.tickets.recording import record
from core.tickets.ticket import Ticket, locked

CALLED, TRIED, GIVEN_UP = "called", "call_tried", "call_given_up"
"""What the ticket's history says of calls."""


class ClaimedError(Exception):
    """Somebody else is calling just now, or has called already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a notice hands over: whom to call about what."""

    delivery_id: UUID
    ticket_id: UUID | None
    number: str
    language: str
    template: str
    words: str | None = None
    """What to say where no ticket tells it."""


@dataclass(frozen=True, slots=True)
class Calling:
    """The verbs. Each raises DatabaseAwayError; all but `want` NotFoundError and ClaimedError."""

    runtime: Runtime

    async def want(self, news: News) -> UUID:
        """Put news on the list and return its id; told twice it is one call-back.

        It is due in the hours the person chose, and not before a call that is agreed on already.
        """
        async with transaction(self.runtime.database) as session:
            callback_id = await self._wanted(session, news)
        self.runtime.bell.ring(TOPIC)
        return callback_id

    async def claim(self, callback_id: UUID, *, by: UUID) -> None:
        """Take a task in hand, which opens its ticket; ClaimedError while somebody else has it."""
        now = self.runtime.clock()
        async with transaction(self.runtime.database) as session:
            rows = await self._task(session, callback_id, by)
            for row in rows:
                row.claimed_by, row.claimed_at = by, now
            note_read(session, by, "ticket", now, ticket_id=rows[0].ticket_id, by="callback")
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
        self, callback_id: UUID, outcome: str, *, by: UUID, again_at: datetime | None = None
    ) -> UUID | None:
        """Write down how a call went; return the ticket it was about.

        Reached: the news is delivered, and the ticket's history says so. No answer, busy: it is
        due again later, and given up after TRIES. A wrong number is given up at once and never
        called again. `again_at` is the moment agreed on with whoever asked to be called later.
        """
        async with transaction(self.runtime.database) as session:
            await self._lock_ticket(session, callback_id)
            rows = await self._task(session, callback_id, by)
            ticket_id = rows[0].ticket_id
            for row in rows:
                row.outcome, row.claimed_by, row.claimed_at = outcome, None, None
                row.attempts += OUTCOMES[outcome].counts
            await self._after(session, rows, outcome, by, again_at)
        self.runtime.bell.ring(TOPIC, "deliveries", "tickets", str(ticket_id))
        return ticket_id

    async def _wanted(self, session: AsyncSession, news: News) -> UUID:
        event_id = await session.scalar(
            select(Delivery.event_id).where(Delivery.id == news.delivery_id)
        )
        row = {
            "delivery_id": news.delivery_id,
            "ticket_id": news.ticket_id,
            "event_id": event_id,
            "number": news.number,
            "language": news.language,
            "template": news.template,
            "words": news.words,
            "next_at": await self._first_call(session, news),
        }
        statement = insert(Callback).values(**row)
        again = {
            "status": "open",
            "attempts": 0,
            "next_at": row["next_at"],
            "ended_at": None,
            "updated_at": statement.excluded.updated_at,
        }
        await session.execute(
            statement.on_conflict_do_update(  # staff had it sent again
                index_elements=["delivery_id"], set_=again, where=Callback.status == "given_up"
            )
        )
        return (
            await session.scalars(
                select(Callback.id).where(Callback.delivery_id == news.delivery_id)
            )
        ).one()

    async def _first_call(self, session: AsyncSession, news: News) -> datetime:
        now = self.runtime.clock()
        agreed = await session.scalar(
            select(Callback.next_at)
            .where(_same_task(news.ticket_id, news.number), Callback.outcome.is_not(None))
            .order_by(Callback.next_at.desc())
            .limit(1)
        )
        return await self._within_hours(session, news.ticket_id, max(now, agreed or now))

    async def _within_hours(
        self, session: AsyncSession, ticket_id: UUID | None, moment: datetime
    ) -> datetime:
        window = await session.scalar(select(Call.call_window).where(Call.ticket_id == ticket_id))
        zone = (await self.runtime.directory.get()).hospital.zone
        return next_call(moment, window or ANY_TIME, zone)

    async def _lock_ticket(self, session: AsyncSession, callback_id: UUID) -> None:
        """Lock the ticket before its call-backs, as every verb does: events stay in order."""
        ticket_id = await session.scalar(
            select(Callback.ticket_id).where(Callback.id == callback_id)
        )
        if ticket_id is not None:
            await locked(session, ticket_id)

    async def _task(self, session: AsyncSession, callback_id: UUID, by: UUID) -> list[Callback]:
        """Lock all that is open for the same ticket at the same number."""
        asked = await session.get(Callback, callback_id)
        if asked is None:
            raise NotFoundError
        query = (
            select(Callback)
            .where(_same_task(asked.ticket_id, asked.number, callback_id))
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
            row.next_at = await self._within_hours(session, row.ticket_id, moment)
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
        await record(session, ticket, event, await self.runtime.directory.get())

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


def _same_task(
    ticket_id: UUID | None, number: str, callback_id: UUID | None = None
) -> ColumnElement[bool]:
    """Select what is one task; news without a ticket is a task of its own."""
    if ticket_id is None:
        return and_(Callback.id == callback_id, Callback.status == "open")
    return and_(
        Callback.ticket_id == ticket_id, Callback.number == number, Callback.status == "open"
    )


def _end(rows: list[Callback], status: str, now: datetime) -> None:
    for row in rows:
        row.status, row.ended_at = status, now
