"""Read side of the call-backs: what is to be told by telephone, as one task for each person."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.access.scope import Reader, findable
from core.calls.callback import LEASE, Callback
from core.calls.outcomes import outcomes_of
from core.ground.base import near
from core.ground.database import transaction
from core.ground.masking import Place, masked
from core.ground.spans import is_near
from core.hospital.directory import Directory
from core.people.staff import User
from core.runtime import Runtime
from core.tickets.event import Event
from core.tickets.message import Message
from core.tickets.ticket import Ticket

_MOST = 300
"""Call-backs that the list shows: more are due tomorrow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One piece of news: which notice it is, and what staff said with it."""

    template: str
    said: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One call to make. `id` is that of its first call-back and stands for all of it."""

    id: UUID
    ticket_id: UUID | None
    number: str
    """The telephone's."""
    language: str
    ticket: str | None
    """The ticket's number."""
    title: str
    name: str | None
    unit: str
    status: str
    attempts: int
    outcome: str | None
    next_at: datetime
    claimed_by: UUID | None
    claimer: str | None
    news: tuple[Item, ...]
    noted: int = 0
    """How many outcomes of calls about it stand in the history."""

    def is_due(self, now: datetime) -> bool:
        """Say whether it is time to call."""
        return self.next_at <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCall:
    """What became of a call-back, for whoever comes back to its page with something to say."""

    id: UUID
    ticket_id: UUID | None
    ticket: str | None
    outcome: str | None
    """How the last call went; None: nobody called yet."""
    noted_by: str | None
    noted_at: datetime | None
    noted: int
    is_free: bool
    """Whether the reader may still write down an outcome."""
    claimer: str | None
    """Who calls just now, if that is somebody else."""


class _Row(NamedTuple):
    """A call-back with what the list needs of its neighbours."""

    callback: Callback
    ticket: Ticket | None
    claimer: str | None
    said: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class CallList:
    """The list as agents read it. Raises DatabaseAwayError."""

    runtime: Runtime

    async def all(self, reader: Reader, directory: Directory) -> tuple[Task, ...]:
        """List what is to be told, the most urgent first. Whoever calls may find any ticket."""
        query = (
            _open(reader).order_by(Callback.next_at, Callback.created_at, Callback.id).limit(_MOST)
        )
        async with transaction(self.runtime.database) as session:
            return _grouped(await _read(session, query), directory, self.runtime.clock())

    async def find(self, reader: Reader, directory: Directory, callback_id: UUID) -> Task | None:
        """Return the task of one call-back; None where it is done, or not for the reader."""
        async with transaction(self.runtime.database) as session:
            asked = await session.get(Callback, callback_id)
            if asked is None:
                return None
            same = (Callback.ticket_id == asked.ticket_id) & (Callback.number == asked.number)
            here = Callback.id == callback_id if asked.ticket_id is None else same
            query = _open(reader).where(here).order_by(Callback.created_at, Callback.id)
            found = _grouped(await _read(session, query), directory, self.runtime.clock())
            noted = len(await outcomes_of(session, found[0].id)) if found else 0
        return replace(found[0], noted=noted) if found else None

    async def past(self, reader: Reader, callback_id: UUID) -> PastCall | None:
        """Return what became of a call-back, done or not; None where the reader may not know it."""
        query = (
            select(Callback, Ticket.ticket_number, User.full_name)
            .outerjoin(Ticket, Ticket.id == Callback.ticket_id)
            .outerjoin(User, User.id == Callback.claimed_by)
            .where(Callback.id == callback_id)
            .where(or_(Callback.ticket_id.is_(None), findable(reader)))
        )
        now = self.runtime.clock()
        async with transaction(self.runtime.database) as session:
            found = (await session.execute(query)).first()
            if found is None:
                return None
            row, number, claimer = found
            noted = await outcomes_of(session, callback_id)
            last = noted[-1] if noted else None
            who = await session.get(User, last.by) if last is not None and last.by else None
        is_free = row.is_free_for(reader.user_id, now)
        return PastCall(
            id=callback_id,
            ticket_id=row.ticket_id,
            ticket=number,
            outcome=last.outcome if last is not None else row.outcome,
            noted_by=who.full_name if who is not None else None,
            noted_at=last.at if last is not None else None,
            noted=len(noted),
            is_free=row.status == "open" and is_free,
            claimer=None if is_free else claimer,
        )


async def due(session: AsyncSession, reader: Reader, now: datetime) -> int:
    """Count the people who are to be called now and whom nobody is calling."""
    query = (
        select(func.count(func.distinct(func.coalesce(Callback.ticket_id, Callback.id))))
        .select_from(Callback)
        .outerjoin(Ticket, Ticket.id == Callback.ticket_id)
        .where(
            Callback.status == "open",
            Callback.next_at <= now,
            or_(Callback.claimed_at.is_(None), ~near(Callback.claimed_at, now, LEASE)),
            or_(Callback.ticket_id.is_(None), findable(reader)),
        )
    )
    return await session.scalar(query) or 0


def _open(reader: Reader) -> Select[Callback, Ticket, str, str, datetime]:
    return (
        select(Callback, Ticket, User.full_name, Message.body, Event.at)
        .outerjoin(Ticket, Ticket.id == Callback.ticket_id)
        .outerjoin(User, User.id == Callback.claimed_by)
        .outerjoin(Event, Event.id == Callback.event_id)
        .outerjoin(
            Message,
            (Message.id == Event.message_id)
            & (Message.author != "submitter")
            & Message.is_internal.is_(false()),
        )
        .where(Callback.status == "open", or_(Callback.ticket_id.is_(None), findable(reader)))
    )


async def _read(
    session: AsyncSession, query: Select[Callback, Ticket, str, str, datetime]
) -> list[_Row]:
    return [_Row(*row) for row in await session.execute(query)]


def _grouped(rows: Iterable[_Row], directory: Directory, now: datetime) -> tuple[Task, ...]:
    groups: dict[tuple[UUID, str], list[_Row]] = {}
    for row in rows:
        same = (row.callback.ticket_id or row.callback.id, row.callback.number)
        groups.setdefault(same, []).append(row)
    return tuple(_task(group, directory, now) for group in groups.values())


def _task(group: list[_Row], directory: Directory, now: datetime) -> Task:
    first, ticket = group[0].callback, group[0].ticket
    unit = directory.units.get(ticket.unit_id) if ticket is not None else None
    held = next((row for row in group if _is_held(row.callback, now)), None)
    return Task(
        id=first.id,
        ticket_id=first.ticket_id,
        number=first.number,
        language=first.language,
        ticket=ticket.ticket_number if ticket is not None else None,
        title=masked(ticket.title, Place.STAFF) if ticket is not None else "",
        name=ticket.submitter_name if ticket is not None else None,
        unit=unit.name if unit is not None else "",
        status=ticket.status if ticket is not None else "",
        attempts=max(row.callback.attempts for row in group),
        outcome=first.outcome,
        next_at=min(row.callback.next_at for row in group),
        claimed_by=held.callback.claimed_by if held is not None else None,
        claimer=held.claimer if held is not None else None,
        news=tuple(_item(row) for row in group),
    )


def _item(row: _Row) -> Item:
    return Item(
        template=row.callback.template,
        said=masked(row.said or row.callback.words or "", Place.PERSON),
        at=row.at or row.callback.created_at,
    )


def _is_held(callback: Callback, now: datetime) -> bool:
    return callback.claimed_at is not None and is_near(callback.claimed_at, now, LEASE)
