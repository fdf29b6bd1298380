"""Read side for channels in which people answer: which ticket, and who is part of it.

One round trip for each question, as every mail asks several of these.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.ground.concealed import address_kept, spellings, word_plain, word_spellings
from core.ground.database import Database, borrowed, transaction
from core.runtime import Runtime
from core.tickets.known_codes import known_codes

_TOLD = """
SELECT t.id AS ticket_id, d.audience, d.recipient_ref AS recipient, u.id AS user_id,
       d.ticket_id IS NULL AS by_code
  FROM deliveries d
  JOIN tickets t ON t.id = coalesce(d.ticket_id, (d.payload->>'state_of')::uuid)
  LEFT JOIN users u ON d.audience <> 'submitter' AND u.is_active
                   AND lower(u.email) = lower(d.recipient_ref)
 WHERE d.id = $1
"""
_ALARM = """
SELECT EXISTS (SELECT FROM deliveries
                WHERE id = ANY($1) AND ticket_id IS NULL AND audience = 'unit')
"""
_HEARD = """
SELECT heard.ticket_id FROM (
    SELECT ticket_id, max(received_at) AS at FROM inbound
     WHERE channel = $1 AND external_id = ANY($2) AND ticket_id IS NOT NULL
     GROUP BY ticket_id
) AS heard
 ORDER BY heard.at DESC, heard.ticket_id DESC LIMIT 20
"""
_UNREAD = """
SELECT EXISTS (
    SELECT FROM inbound earlier JOIN inbound this ON this.id = $1
     WHERE earlier.channel = this.channel AND earlier.external_id = ANY($2)
       AND earlier.status IN ('pending', 'queued', 'processing') AND earlier.seq < this.seq)
"""
_BELONGS = """
SELECT EXISTS (SELECT FROM ticket_addresses
                WHERE ticket_id = $1 AND channel = $2 AND (lower(address) = $3 OR address = $4))
    OR EXISTS (SELECT FROM tickets WHERE id = $1 AND lower(submitter_email) = $3)
"""
_CONCEALS = "SELECT is_anonymous FROM tickets WHERE id = $1"
_FILED = """
SELECT count(*) FROM ticket_addresses a JOIN tickets t ON t.id = a.ticket_id
 WHERE a.channel = $1 AND a.address = ANY($2) AND t.received_at > $3
"""
_TITLED = """
SELECT t.id, t.title FROM ticket_addresses a JOIN tickets t ON t.id = a.ticket_id
 WHERE a.channel = $1 AND (lower(a.address) = $2 OR a.address = $4) AND t.received_at > $3
 ORDER BY t.received_at DESC, t.id DESC LIMIT 50
"""
_OVER = "SELECT EXISTS (SELECT FROM tickets WHERE id = $1 AND status = 'closed' AND closed_at < $2)"
_TOLD_EARLIER = """
SELECT id FROM deliveries
 WHERE ticket_id = $1 AND channel = $2 AND recipient_ref = ANY($3) AND status = 'sent'
 ORDER BY seq LIMIT 200
"""
_HEARD_FIRST = """
SELECT external_id FROM inbound WHERE ticket_id = $1 AND channel = $2 ORDER BY seq LIMIT 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Whom a notice of ours told about which ticket."""

    ticket_id: UUID
    audience: str
    recipient: str
    user_id: UUID | None = None
    """The active member of staff who owns that address, if it told staff."""
    by_code: bool = False
    """Whether it answered a mail that showed the ticket's tracking code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidEarlier:
    """What went to and fro on a ticket before the next notice, oldest first."""

    told: tuple[UUID, ...]
    """Deliveries that were sent to the recipient."""
    heard: str | None
    """The first message that came by the channel, by the id its sender gave it."""


async def told_by(database: Database, delivery_id: UUID) -> Told | None:
    """Return whom a delivery told; None where there is no such delivery about a ticket."""
    async with borrowed(database) as connection:
        row = await connection.fetchrow(_TOLD, delivery_id)
    return Told(**row) if row else None


async def is_alarm(database: Database, delivery_ids: Sequence[UUID]) -> bool:
    """Say whether one of these deliveries told staff of no ticket, but of the review desk."""
    if not delivery_ids:
        return False
    async with borrowed(database) as connection:
        return bool(await connection.fetchval(_ALARM, list(delivery_ids)))


async def numbered(database: Database, number: str) -> UUID | None:
    """Return the ticket of a number. Whoever writes a number has shown nothing by it."""
    return await _id(database, "SELECT id FROM tickets WHERE ticket_number = $1", number)


async def opened_by(database: Database, texts: Sequence[str]) -> tuple[str, UUID] | None:
    """Return the first tracking code in these texts that opens a ticket, and that ticket."""
    async with transaction(database) as session:
        return next(iter((await known_codes(session, texts)).items()), None)


async def heard_in(runtime: Runtime, channel: str, ids: Sequence[str]) -> tuple[UUID, ...]:
    """Return the tickets of earlier messages of a channel, by the ids their senders gave them.

    The one that heard the newest of them first; twenty at most.
    """
    if not ids:
        return ()
    names = [each for one in ids for each in word_spellings(runtime.secret, one)]
    async with borrowed(runtime.database) as connection:
        rows = await connection.fetch(_HEARD, channel, names)
    return tuple(row["ticket_id"] for row in rows)


async def is_unread(database: Database, inbound_id: UUID, ids: Sequence[str]) -> bool:
    """Say whether one of these arrived before a raw message, and is still to be read."""
    if not ids:
        return False
    async with borrowed(database) as connection:
        return bool(await connection.fetchval(_UNREAD, inbound_id, list(ids)))


async def titled_since(
    runtime: Runtime, channel: str, address: str, since: datetime
) -> tuple[tuple[UUID, str], ...]:
    """Return tickets with an address (lower case) that arrived since, and their titles."""
    concealed = address_kept(runtime.secret, address, conceals=True)
    async with borrowed(runtime.database) as connection:
        rows = await connection.fetch(_TITLED, channel, address, since, concealed)
    return tuple((row["id"], row["title"]) for row in rows)


async def ended_before(database: Database, ticket_id: UUID, moment: datetime) -> bool:
    """Say whether a ticket was closed before a moment, and still is."""
    async with borrowed(database) as connection:
        return bool(await connection.fetchval(_OVER, ticket_id, moment))


async def belongs_to(runtime: Runtime, ticket_id: UUID, channel: str, address: str) -> bool:
    """Say whether an address (lower case) is the submitter's on this ticket."""
    concealed = address_kept(runtime.secret, address, conceals=True)
    async with borrowed(runtime.database) as connection:
        return bool(await connection.fetchval(_BELONGS, ticket_id, channel, address, concealed))


async def conceals(database: Database, ticket_id: UUID) -> bool:
    """Say whether a ticket is of somebody without a name, so that nobody is to be named on it."""
    async with borrowed(database) as connection:
        return bool(await connection.fetchval(_CONCEALS, ticket_id))


async def still_there(database: Database, ticket_id: UUID) -> bool:
    """Say whether a ticket exists: one that was erased leaves signed addresses behind."""
    return await _id(database, "SELECT id FROM tickets WHERE id = $1", ticket_id) is not None


async def filed_since(runtime: Runtime, channel: str, address: str, since: datetime) -> int:
    """Count the tickets with an address of a channel that arrived since a moment."""
    names = spellings(runtime.secret, address)
    async with borrowed(runtime.database) as connection:
        return int(await connection.fetchval(_FILED, channel, names, since) or 0)


async def message_kept(database: Database, key: str) -> UUID | None:
    """Return the message of an idempotency key that was used before."""
    return await _id(database, "SELECT id FROM messages WHERE idempotency_key = $1", key)


async def staff_by_email(database: Database, address: str) -> UUID | None:
    """Return the active member of staff who says that an address (lower case) is theirs."""
    query = "SELECT id FROM users WHERE lower(email) = $1 AND is_active LIMIT 1"
    return await _id(database, query, address)


async def said_earlier(
    runtime: Runtime, ticket_id: UUID, channel: str, recipient: str
) -> SaidEarlier:
    """Return what the next notice to a recipient by a channel follows."""
    names = spellings(runtime.secret, recipient)
    async with borrowed(runtime.database) as connection:
        rows = await connection.fetch(_TOLD_EARLIER, ticket_id, channel, names)
        heard = await connection.fetchval(_HEARD_FIRST, ticket_id, channel)
    heard = word_plain(runtime.secret, heard) if heard is not None else None
    return SaidEarlier(told=tuple(row["id"] for row in rows), heard=heard)


async def _id(database: Database, query: str, *values: object) -> UUID | None:
    async with borrowed(database) as connection:
        found: UUID | None = await connection.fetchval(query, *values)
    return found
