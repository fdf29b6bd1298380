"""News that has to be spoken comes onto the list of calls, within the hours the person chose."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.calls.call import Call
from core.calls.callback import TOPIC, Callback
from core.calls.hours import ANY_TIME, next_call
from core.ground.database import transaction
from core.notices.delivery import Delivery
from core.runtime import Runtime


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
class Wanting:
    """The verb. Raises DatabaseAwayError."""

    runtime: Runtime

    async def want(self, news: News) -> UUID:
        """Put news on the list and return its id; told twice it is one call-back.

        It is due in the hours the person chose, and not before a call that is agreed on already.
        """
        async with transaction(self.runtime.database) as session:
            callback_id = await self._wanted(session, news)
        self.runtime.bell.ring(TOPIC)
        return callback_id

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
            .where(same_task(news.ticket_id, news.number), Callback.outcome.is_not(None))
            .order_by(Callback.next_at.desc())
            .limit(1)
        )
        return await within_hours(session, self.runtime, news.ticket_id, max(now, agreed or now))


def same_task(
    ticket_id: UUID | None, number: str, callback_id: UUID | None = None
) -> ColumnElement[bool]:
    """Select what is one task; news without a ticket is a task of its own."""
    if ticket_id is None:
        return and_(Callback.id == callback_id, Callback.status == "open")
    return and_(
        Callback.ticket_id == ticket_id, Callback.number == number, Callback.status == "open"
    )


async def within_hours(
    session: AsyncSession, runtime: Runtime, ticket_id: UUID | None, moment: datetime
) -> datetime:
    """Return the first moment from this one on in the hours that the person of a ticket chose."""
    window = await session.scalar(select(Call.call_window).where(Call.ticket_id == ticket_id))
    zone = (await runtime.directory.get()).hospital.zone
    return next_call(moment, window or ANY_TIME, zone)
