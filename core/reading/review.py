"""The review desk as it is read: what was set aside and waits, and one message of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.access.scope import Reader, listed
from core.audit.trail import note_read
from core.ground.database import transaction
from core.ground.masking import Place, masked
from core.jobs.inbound import Inbound
from core.jobs.set_aside import UNREAD, Summary, reason_of
from core.people.staff import User
from core.review.waiting import STATUS, DeskCount, copy_key, count_waiting, looked_at
from core.runtime import Runtime
from core.tickets.address import TicketAddress
from core.tickets.ticket import Ticket

SHOWN: Final = 100
"""So many messages stand on the page; what is decided makes room."""
CANDIDATES: Final = 5
"""So many tickets of the same writer are offered to join a message to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A message that was set aside, as a list shows it."""

    id: UUID
    channel: str
    received_at: datetime
    status: str
    reason: str
    """A code of `core/jobs/set_aside.py`."""
    summary: Summary
    is_told: bool
    """Whether somebody read it when it was set aside, so that the summary says what it is."""
    copies: int
    """How often it came; they are decided together."""
    verdict: str | None
    decided_by: str | None
    decided_at: datetime | None
    ticket: str | None
    """The number of the ticket it became, or was joined to."""
    conceals: bool
    """Whether that is of somebody without a name: who wrote it is shown to nobody."""

    @property
    def waits(self) -> bool:
        """Whether nobody has decided yet, or what was decided could not be done."""
        return self.status == STATUS


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAsideMessage:
    """One message with its bytes, or the key in storage where they lie."""

    row: SetAside
    external_id: str
    envelope: dict[str, object]
    content: bytes | None
    key: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A ticket that a message may belong to."""

    number: str
    title: str
    status: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ReviewDesk:
    """Reads the desk. Every verb raises DatabaseAwayError."""

    runtime: Runtime

    async def waiting(self) -> DeskCount:
        """Count what waits; copies of one message count once."""
        async with transaction(self.runtime.database) as session:
            return await count_waiting(session)

    async def all(self) -> tuple[SetAside, ...]:
        """List what waits: danger first, then what waits longest; SHOWN at most."""
        one = looked_at().c
        first = select(one.id).where(one.place == 1)
        shown = first.order_by(one.is_danger.desc(), one.received_at, one.id).limit(SHOWN)
        order = (Inbound.is_danger.desc(), Inbound.received_at, Inbound.id)
        query = _rows(Inbound.id.in_(shown)).order_by(*order)
        async with transaction(self.runtime.database) as session:
            return tuple(_row(*found) for found in await session.execute(query))

    async def look(self, message_id: UUID, *, by: UUID | None = None) -> SetAsideMessage | None:
        """Return one message that was ever set aside; who looked is noted. None for every other."""
        query = _rows(and_(Inbound.id == message_id, _was_set_aside()))
        async with transaction(self.runtime.database) as session:
            found = (await session.execute(query)).first()
            if found is None:
                return None
            if by is not None:
                now = self.runtime.clock()
                note_read(session, by, "message", now, inbound_id=str(message_id))
            message = found[0]
            return SetAsideMessage(
                row=_row(*found),
                external_id=message.external_id,
                envelope=message.envelope,
                content=message.raw,
                key=message.raw_path,
            )

    async def candidates(self, reader: Reader, channel: str, address: str) -> tuple[Candidate, ...]:
        """Return the newest tickets that news goes from to this address, of those one may see."""
        if not address:
            return ()
        async with transaction(self.runtime.database) as session:
            return await _candidates(session, reader, channel, address)


def _was_set_aside() -> ColumnElement[bool]:
    ever = or_(Inbound.reason.is_not(None), Inbound.decided_at.is_not(None))
    return or_(Inbound.status == STATUS, ever)


def _rows(which: ColumnElement[bool]) -> Select[Inbound, str, str, bool, int]:
    """Select messages; how often each came is counted for all of them in one pass."""
    other = aliased(Inbound)
    same_id = tuple_(other.channel, other.external_id)
    shown = select(Inbound.channel, Inbound.external_id).where(which)
    named = (other.channel, other.external_id, copy_key(other).label("key"))
    counted = (
        select(*named, func.count().label("copies"))
        .where(same_id.in_(shown))
        .group_by(*named)
        .subquery()
    )
    theirs = Ticket.id == func.coalesce(Inbound.ticket_id, Inbound.verdict_ticket_id)
    number = select(Ticket.ticket_number).where(theirs).scalar_subquery()
    unnamed = select(Ticket.is_anonymous).where(theirs).scalar_subquery()
    same = and_(
        counted.c.channel == Inbound.channel,
        counted.c.external_id == Inbound.external_id,
        counted.c.key == copy_key(),
    )
    query = select(Inbound, User.full_name, number, unnamed, counted.c.copies).where(which)
    return query.outerjoin(User, User.id == Inbound.decided_by).outerjoin(counted, same)


def _row(
    message: Inbound,
    decided_by: str | None,
    ticket: str | None,
    unnamed: bool | None,
    copies: int | None,
) -> SetAside:
    summary = Summary.read(message.summary)
    reason = reason_of(message.reason, message.last_error)
    return SetAside(
        id=message.id,
        channel=message.channel,
        received_at=message.received_at,
        status=message.status,
        reason=reason,
        summary=replace(summary, who="") if unnamed else summary,
        is_told=message.summary is not None and reason not in UNREAD,
        copies=copies or 1,
        verdict=message.verdict,
        decided_by=decided_by,
        decided_at=message.decided_at,
        ticket=ticket,
        conceals=bool(unnamed),
    )


async def _candidates(
    session: AsyncSession, reader: Reader, channel: str, address: str
) -> tuple[Candidate, ...]:
    theirs = select(TicketAddress.ticket_id).where(
        TicketAddress.channel == channel, TicketAddress.address.in_({address, address.lower()})
    )
    query = (
        select(Ticket.ticket_number, Ticket.title, Ticket.status, Ticket.received_at)
        .where(Ticket.id.in_(theirs), listed(reader))
        .order_by(Ticket.received_at.desc())
        .limit(CANDIDATES)
    )
    return tuple(
        Candidate(
            number=number,
            title=masked(title, Place.STAFF),
            status=status,
            received_at=received_at,
        )
        for number, title, status, received_at in await session.execute(query)
    )
