"""Whoever calls: what they reported earlier, whether they are who they say, and repeats."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, union
from sqlalchemy.ext.asyncio import AsyncSession

from core.access.lookup import ticket_for
from core.access.scope import Reader, findable
from core.audit.trail import note_read
from core.ground.database import transaction
from core.hospital.channel import SPOKEN
from core.runtime import Runtime
from core.tickets.address import TicketAddress
from core.tickets.ticket import Ticket
from core.tickets.tracking_code import hash_of, read_code

REPEAT: Final = timedelta(hours=72)
"""The same number about the same unit within this time is probably the same matter."""
_SHOWN: Final = 8

_FORMS_OF_ADDRESS: Final = frozenset(
    {"bapak", "bpk", "pak", "ibu", "bu", "saudara", "saudari", "sdr", "sdri", "tuan", "tn"}
    | {"nyonya", "ny", "nona", "nn", "haji", "hj", "h", "mr", "mrs", "ms", "miss", "dr", "drs"}
)
_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A ticket of a caller. Its state is left out: it is told to those who prove who they are."""

    id: UUID
    number: str
    kind: str
    title: str
    unit_id: UUID
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Callers:
    """What an agent may know of a caller. Every look is audited; each raises DatabaseAwayError."""

    runtime: Runtime

    async def earlier(self, reader: Reader, number: str) -> tuple[Earlier, ...]:
        """List the tickets of a telephone number (E.164), the latest first."""
        async with transaction(self.runtime.database) as session:
            return await _earlier(session, reader, number, self.runtime.clock())

    async def by_code(self, reader: Reader, typed: str) -> UUID | None:
        """Return the ticket of a tracking code that the caller told; None where it opens none."""
        theirs = Ticket.tracking_hash == hash_of(read_code(typed) or "")
        async with transaction(self.runtime.database) as session:
            ticket = await session.scalar(select(Ticket).where(theirs, findable(reader)))
            return self._told(session, reader, ticket, "code") if ticket is not None else None

    async def by_facts(
        self, reader: Reader, number: str, telephone: str | None, name: str
    ) -> UUID | None:
        """Return the ticket of a number, to a caller whose telephone and name are on it."""
        async with transaction(self.runtime.database) as session:
            ticket = await ticket_for(session, reader, number)
            if ticket is None or not await _is_theirs(session, ticket, telephone, name):
                return None
            return self._told(session, reader, ticket, "two_facts")

    def _told(self, session: AsyncSession, reader: Reader, ticket: Ticket, by: str) -> UUID:
        now = self.runtime.clock()
        note_read(session, reader.user_id, "ticket", now, ticket_id=ticket.id, by=by)
        return ticket.id


async def _earlier(
    session: AsyncSession, reader: Reader, number: str, now: datetime
) -> tuple[Earlier, ...]:
    known = union(
        select(TicketAddress.ticket_id).where(
            TicketAddress.channel.in_(SPOKEN), TicketAddress.address == number
        ),
        select(Ticket.id).where(Ticket.submitter_phone == number),
    )
    query = (
        select(Ticket)
        .where(Ticket.id.in_(known), findable(reader))
        .order_by(Ticket.received_at.desc())
        .limit(_SHOWN)
    )
    found = tuple(await session.scalars(query))
    for ticket in found:
        note_read(session, reader.user_id, "person", now, ticket_id=ticket.id, by="number")
    return tuple(
        Earlier(
            id=ticket.id,
            number=ticket.ticket_number,
            kind=ticket.type,
            title=ticket.title,
            unit_id=ticket.unit_id,
            received_at=ticket.received_at,
        )
        for ticket in found
    )


def repeated(found: tuple[Earlier, ...], unit_id: UUID | None, now: datetime) -> Earlier | None:
    """Return the ticket that a new one about this unit would probably repeat. Pure."""
    return next((e for e in found if e.unit_id == unit_id and e.received_at > now - REPEAT), None)


def is_same_person(said: str, known: str | None) -> bool:
    """Say whether a name told on the telephone is the one on the ticket. Pure.

    Two names must agree (one, where the ticket has only one), in any order and case; forms of
    address do not count, and no name may be said that is not there.
    """
    told, there = _names(said), _names(known or "")
    return bool(told) and told <= there and len(told) >= min(2, len(there))


async def _is_theirs(session: AsyncSession, ticket: Ticket, number: str | None, name: str) -> bool:
    """Say whether number and name are those of a ticket: the two facts that stand for its code."""
    if number is None or not is_same_person(name, ticket.submitter_name):
        return False
    if ticket.submitter_phone == number:
        return True
    query = select(TicketAddress.id).where(
        TicketAddress.ticket_id == ticket.id,
        TicketAddress.channel.in_(SPOKEN),
        TicketAddress.address == number,
    )
    return await session.scalar(query) is not None


def _names(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold())) - _FORMS_OF_ADDRESS
