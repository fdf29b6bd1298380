"""The tickets of a chat, as the person in it may know them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.chats.contact import ChatContact
from core.ground.database import transaction
from core.ground.masking import Place, masked
from core.notices.delivery import Delivery
from core.runtime import Runtime
from core.tickets.event import Event
from core.tickets.lifecycle import WORKING
from core.tickets.message import Message

_MOST = 20

_SELECT = """
SELECT t.ticket_number, u.name AS unit, t.status, t.sla_deadline,
       (SELECT max(e.at) FROM events e
         WHERE e.ticket_id = t.id
           AND e.kind NOT IN ('rated', 'noted', 'followed_up', 'amended')) AS since,
       (SELECT m.body FROM messages m
         WHERE m.ticket_id = t.id AND m.author <> 'submitter' AND NOT m.is_internal
         ORDER BY m.received_at DESC, m.id DESC LIMIT 1) AS answer,
       (SELECT max(e.at) FROM events e
         WHERE e.ticket_id = t.id AND e.kind = 'asked'
           AND NOT EXISTS (SELECT FROM events f LEFT JOIN messages w ON w.id = f.message_id
                            WHERE f.ticket_id = t.id AND f.seq > e.seq
                              AND f.kind IN ('followed_up', 'reopened')
                              AND w.remarks->>'retracted' IS NULL)) AS asked_at,
       (SELECT max(e.at) FROM events e
         WHERE e.ticket_id = t.id AND e.kind <> 'noted') AS heard_at,
       (SELECT e.kind IN ('confirmed', 'withdrawn') FROM events e
         WHERE e.ticket_id = t.id
           AND e.kind IN ('confirmed', 'withdrawn', 'closed', 'resolved', 'reopened')
         ORDER BY e.seq DESC LIMIT 1) AS ended_by_person,
       (SELECT max(e.at) FROM events e
         WHERE e.ticket_id = t.id AND e.kind = 'rated' AND t.rating IS NOT NULL) AS rated_at
  FROM tickets t JOIN units u ON u.id = t.unit_id
"""
_OF_CHAT = text(
    _SELECT  # noqa: S608 - both halves are our own
    + """
 WHERE t.id IN (SELECT ticket_id FROM ticket_addresses
                 WHERE channel = :channel AND address = ANY(:spellings))
 ORDER BY t.received_at DESC, t.ticket_number DESC LIMIT :most
"""
)
_ONE = text(_SELECT + " WHERE t.id = :id")
_NUMBER = text("SELECT id FROM tickets WHERE ticket_number = :number")
_NUMBERED = text(_SELECT + " WHERE t.ticket_number = ANY(:numbers)")
_FILED = text("""
SELECT count(*) FROM tickets t
 WHERE t.source = :channel AND t.received_at > :since
   AND t.id IN (SELECT ticket_id FROM ticket_addresses
                 WHERE channel = :channel AND address = ANY(:spellings))
""")
_BUSIEST = text("""
SELECT unit_id FROM tickets WHERE received_at > :since
 GROUP BY unit_id ORDER BY count(*) DESC, unit_id LIMIT :most
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatTicket:
    """A ticket as its submitter may see it in a chat."""

    number: str
    unit: str
    status: str
    since: datetime
    """When it last moved."""
    due_at: datetime | None
    """Until when an answer is owed; None once nothing is."""
    answer: str
    """What staff said last; empty where nothing was said."""
    asked_at: datetime | None
    """When staff last asked something that was not answered yet."""
    heard_at: datetime
    """When anybody last did or said something the person may know of."""
    ended_by_person: bool
    """Whether the person said last that it is solved, or took it back."""
    rated_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChatTickets:
    """Reads the ticket that news for a chat is about; raises DatabaseAwayError."""

    runtime: Runtime

    async def find(self, ticket_id: UUID) -> ChatTicket:
        """Return a ticket that exists."""
        async with transaction(self.runtime.database) as session:
            return await ticket_by_id(session, ticket_id)

    async def in_the_words_of(self, delivery_id: UUID, ticket_id: UUID) -> ChatTicket:
        """Return a ticket as it stands, with the very words that this delivery is about."""
        query = (
            select(Message.body)
            .join(Event, Event.message_id == Message.id)
            .join(Delivery, Delivery.event_id == Event.id)
            .where(Delivery.id == delivery_id, Message.is_internal.is_(False))
        )
        async with transaction(self.runtime.database) as session:
            ticket = await ticket_by_id(session, ticket_id)
            words = await session.scalar(query)
        return replace(ticket, answer=masked(words, Place.PERSON)) if words else ticket


async def tickets_of(session: AsyncSession, chat: ChatContact) -> tuple[ChatTicket, ...]:
    """Return the newest tickets whose news goes to this chat, newest first."""
    facts = {"channel": chat.channel, "spellings": chat.spellings, "most": _MOST}
    return _tickets((await session.execute(_OF_CHAT, facts)).all())


async def filed_since(session: AsyncSession, chat: ChatContact, since: datetime) -> int:
    """Count the reports that this chat sent since a moment."""
    facts = {"channel": chat.channel, "spellings": chat.spellings, "since": since}
    return int(await session.scalar(_FILED, facts) or 0)


async def busiest_units(session: AsyncSession, since: datetime, most: int) -> tuple[UUID, ...]:
    """Return the units that got the most reports since a moment, the busiest first."""
    return tuple(await session.scalars(_BUSIEST, {"since": since, "most": most}))


async def ticket_by_id(session: AsyncSession, ticket_id: UUID) -> ChatTicket:
    """Return one ticket that exists."""
    [ticket] = _tickets((await session.execute(_ONE, {"id": ticket_id})).all())
    return ticket


async def id_of(session: AsyncSession, number: str) -> UUID | None:
    """Return the id of a ticket by its number."""
    ticket_id: UUID | None = await session.scalar(_NUMBER, {"number": number})
    return ticket_id


async def numbered(session: AsyncSession, numbers: Sequence[str]) -> tuple[ChatTicket, ...]:
    """Return the tickets of these numbers, in their order."""
    rows = (await session.execute(_NUMBERED, {"numbers": list(numbers)})).all()
    found = {each.number: each for each in _tickets(rows)}
    return tuple(found[number] for number in numbers if number in found)


async def retract(session: AsyncSession, ticket_id: UUID, keys: Sequence[str], remark: str) -> None:
    """Mark messages for staff as not meant for this ticket; they stay where they were read."""
    query = select(Message).where(Message.ticket_id == ticket_id, Message.idempotency_key.in_(keys))
    for message in await session.scalars(query):
        remarks = message.remarks.get("remarks")
        earlier = remarks if isinstance(remarks, list) else []
        message.remarks = {**message.remarks, "retracted": True, "remarks": [*earlier, remark]}
    await session.flush()


def _tickets(rows: Sequence[Row[Any]]) -> tuple[ChatTicket, ...]:
    return tuple(
        ChatTicket(
            number=row.ticket_number,
            unit=row.unit,
            status=row.status,
            since=row.since,
            due_at=row.sla_deadline if row.status in WORKING else None,
            answer=masked(row.answer or "", Place.PERSON),
            asked_at=row.asked_at,
            heard_at=row.heard_at,
            ended_by_person=bool(row.ended_by_person),
            rated_at=row.rated_at,
        )
        for row in rows
    )
