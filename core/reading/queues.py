"""The inbox's queues: which tickets stand in each, a page of one, and how many there are.

Read `QUEUES` as: under this name, these tickets, in this order, for whoever may see such. Every
query goes through `core.access.scope`. Cost must not grow with the number of tickets stored: open
work has partial indexes of its own, a page is read from where the last one ended, and counting
stops at COUNTED.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession

from core.access.scope import Reader, listed
from core.ground.masking import Place, masked
from core.hospital.directory import Directory
from core.notices.delivery import UNDELIVERED, Delivery
from core.people.staff import User
from core.reading.cursor import Cursor
from core.reading.filters import NOT_GRADED, Wanted
from core.reading.search import found
from core.reading.shares import nearest
from core.tickets.involved_unit import involves
from core.tickets.lifecycle import WORKING
from core.tickets.ticket import Ticket

SOON: Final = timedelta(hours=8)
"""A deadline this near is amber: a shift."""
PAGE: Final = 50
COUNTED: Final = 1000
"""A queue is counted up to so many; beyond it the number says nothing anybody acts on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueReader:
    """Who asks, when, and of which hospital."""

    reader: Reader
    directory: Directory
    now: datetime


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue of the inbox."""

    name: str
    holds: Callable[[QueueReader], ColumnElement[bool]]
    """What stands in it, of all that is still owed; of all, where it is sorted by arrival."""
    shown_to: Callable[[QueueReader], bool] = lambda _: True
    by_arrival: bool = False
    """The newest first; else the nearest deadline first."""
    is_sparse: bool = False
    """So few stand in it, of all there are, that its own index finds them soonest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """A ticket as a line of a queue."""

    id: UUID
    number: str
    version: int
    who: str | None
    """Nobody: they did not want to be named."""
    title: str
    source: str
    kind: str
    unit: str
    grade: str | None
    status: str
    due_at: datetime
    received_at: datetime
    is_owed: bool
    is_waiting: bool
    is_undelivered: bool
    holder: str | None
    """The member of staff who has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """Some rows of a queue, and where the next page begins."""

    queue: Queue
    rows: tuple[QueueRow, ...]
    following: Cursor | None


def words_in_sql(column: ColumnElement[str], words: tuple[str, ...]) -> ColumnElement[bool]:
    """Write the words into the statement, so that PostgreSQL sees that a partial index fits."""
    return column.in_([literal_column(f"'{word}'") for word in words])


OWED: Final = words_in_sql(Ticket.status.expression, WORKING)

UNDELIVERED_NEWS: Final = exists().where(
    Delivery.ticket_id == Ticket.id,
    words_in_sql(Delivery.status.expression, UNDELIVERED),
)


QUEUES: Final[Mapping[str, Queue]] = {
    queue.name: queue
    for queue in (
        Queue(
            "triage",
            lambda desk: Ticket.unit_id == desk.directory.triage_desk.id,
            lambda desk: desk.reader.sees_all or desk.directory.triage_desk.id in desk.reader.units,
        ),
        Queue(
            "unit",
            lambda desk: or_(Ticket.unit_id.in_(desk.reader.units), involves(desk.reader.units)),
            lambda desk: bool(desk.reader.units),
        ),
        Queue(
            "mine",
            lambda desk: Ticket.assigned_to == desk.reader.user_id,
            lambda desk: desk.reader.may_change,
        ),
        Queue("soon", lambda desk: Ticket.sla_deadline.between(desk.now, desk.now + SOON)),
        Queue("overdue", lambda desk: Ticket.sla_deadline < desk.now),
        Queue("waiting", lambda _: Ticket.waiting_since.is_not(None), is_sparse=True),
        Queue("undelivered", lambda _: UNDELIVERED_NEWS, by_arrival=True, is_sparse=True),
        Queue("all", lambda _: true(), by_arrival=True),
    )
}


def queues_of(desk: QueueReader) -> tuple[Queue, ...]:
    """Return the queues somebody has, in their order."""
    return tuple(queue for queue in QUEUES.values() if queue.shown_to(desk))


FIRST: Final = ("unit", "triage", "all")
"""Where somebody's work begins: at the first of these that they have."""


def queue_of(desk: QueueReader, wanted: Wanted) -> Queue:
    """Return the queue that is wanted; without one a search looks through all."""
    mine = {queue.name: queue for queue in queues_of(desk)}
    order = ("all",) if wanted.words else FIRST
    return mine.get(wanted.queue) or next(mine[name] for name in (*order, *mine) if name in mine)


async def page(
    session: AsyncSession,
    desk: QueueReader,
    wanted: Wanted,
    after: Cursor | None = None,
    size: int = PAGE,
) -> QueuePage:
    """Read one page of a queue."""
    queue = queue_of(desk, wanted)
    moment = Ticket.received_at if queue.by_arrival else Ticket.sla_deadline
    newest, nearest_first = (moment.desc(), Ticket.id.desc()), (moment.asc(), Ticket.id.asc())
    order = newest if queue.by_arrival else nearest_first
    fits = [*_stand_in(desk, queue), *narrowed(desk, wanted)]
    if after is not None:
        place, reached = tuple_(moment, Ticket.id), tuple_(after.at, after.id)
        fits.append(place < reached if queue.by_arrival else place > reached)
    words = await found(session, wanted.words)
    if words is not None:
        fits.append(words.holds)
    if not (queue.is_sparse or (words is not None and words.are_rare)):
        near = nearest(desk.reader, fits, order, size + 1)
        fits = fits if near is None else [Ticket.id.in_(select(near.c.id))]
    fits.append(listed(desk.reader))
    query = select(*_COLUMNS).outerjoin(User, User.id == Ticket.assigned_to).where(*fits)
    found_rows = await session.execute(query.order_by(*order).limit(size + 1))
    rows = tuple(_row(desk, row) for row in found_rows)
    following = _end(queue, rows[size - 1]) if rows[size:] else None
    return QueuePage(queue=queue, rows=rows[:size], following=following)


async def counts(
    session: AsyncSession, desk: QueueReader, views: Mapping[str, Wanted] | None = None
) -> dict[str, int]:
    """Count each queue somebody has, and each view given by a key, up to COUNTED.

    The queue of all is not counted, nor a view that searches for words.
    """
    owed: dict[str, ColumnElement[bool]] = {}
    others: dict[str, list[ColumnElement[bool]]] = {}
    for queue in queues_of(desk):
        if not queue.by_arrival:
            owed[queue.name] = queue.holds(desk)
        elif queue.name != "all":
            others[queue.name] = [queue.holds(desk)]
    for key, view in (views or {}).items():
        if not view.words:
            others[key] = [*_stand_in(desk, queue_of(desk, view)), *narrowed(desk, view)]
    return await _in_one_look(session, desk, owed) | await _apart(session, desk, others)


def _stand_in(desk: QueueReader, queue: Queue) -> list[ColumnElement[bool]]:
    """Say what stands in a queue. Who waits for a person is owed: its own index says so."""
    own = queue.holds(desk)
    return [own] if queue.by_arrival or queue.is_sparse else [OWED, own]


async def _apart(
    session: AsyncSession, desk: QueueReader, asked: dict[str, list[ColumnElement[bool]]]
) -> dict[str, int]:
    """Count each along its own index, up to COUNTED."""
    counted = []
    for fits in asked.values():
        some = select(Ticket.id).where(listed(desk.reader), *fits).limit(COUNTED)
        counted.append(select(func.count()).select_from(some.subquery()).scalar_subquery())
    row = (await session.execute(select(*counted))).one() if counted else ()
    return dict(zip(asked, row, strict=True))


async def _in_one_look(
    session: AsyncSession, desk: QueueReader, asked: dict[str, ColumnElement[bool]]
) -> dict[str, int]:
    """Count in one look at all that is owed; `idx_tickets_owed` holds every column it takes."""
    counted = [func.count().filter(fits) for fits in asked.values()]
    query = select(*counted).select_from(Ticket).where(OWED, listed(desk.reader))
    row = (await session.execute(query)).one() if counted else ()
    return {key: min(count, COUNTED) for key, count in zip(asked, row, strict=True)}


def narrowed(desk: QueueReader, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return the conditions of the filters, without the words."""
    chosen: list[ColumnElement[bool]] = []
    if wanted.unit:
        unit = desk.directory.unit_by_code(wanted.unit)
        chosen.append(Ticket.unit_id == (unit.id if unit else None))
    if wanted.status:
        chosen.append(Ticket.status == wanted.status)
    if wanted.source:
        chosen.append(Ticket.source == wanted.source)
    if wanted.kind:
        chosen.append(Ticket.type == wanted.kind)
    if wanted.grade:
        none = wanted.grade == NOT_GRADED
        chosen.append(Ticket.risk_grade.is_(None) if none else Ticket.risk_grade == wanted.grade)
    return chosen


_COLUMNS: Final = (
    Ticket.id,
    Ticket.ticket_number,
    Ticket.version,
    Ticket.submitter_name,
    Ticket.title,
    Ticket.source,
    Ticket.type,
    Ticket.unit_id,
    Ticket.risk_grade,
    Ticket.status,
    Ticket.sla_deadline,
    Ticket.received_at,
    Ticket.waiting_since,
    User.full_name.label("holder"),
    UNDELIVERED_NEWS.label("is_undelivered"),
)


def _row(desk: QueueReader, row: Row[*tuple[Any, ...]]) -> QueueRow:
    unit = desk.directory.units.get(row.unit_id)
    return QueueRow(
        id=row.id,
        number=row.ticket_number,
        version=row.version,
        who=row.submitter_name,
        title=masked(row.title, Place.STAFF, desk.directory.telephones),
        source=row.source,
        kind=row.type,
        unit=unit.name if unit else "",
        grade=row.risk_grade,
        status=row.status,
        due_at=row.sla_deadline,
        received_at=row.received_at,
        is_owed=row.status in WORKING,
        is_waiting=row.waiting_since is not None,
        is_undelivered=row.is_undelivered,
        holder=row.holder,
    )


def _end(queue: Queue, last: QueueRow) -> Cursor:
    return Cursor(last.received_at if queue.by_arrival else last.due_at, last.id)
