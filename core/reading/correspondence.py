"""Read side for channels in which people answer: which ticket, and who is part of it.

One round trip for each question, as every mail asks several of these.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.ground.database import Database, borrowed

_TOLD = """
SELECT d.ticket_id, d.audience, d.recipient_ref AS recipient, u.id AS user_id
  FROM deliveries d
  LEFT JOIN users u ON d.audience <> 'submitter' AND u.is_active
                   AND lower(u.email) = lower(d.recipient_ref)
 WHERE d.id = $1 AND d.ticket_id IS NOT NULL
"""
_HEARD = """
SELECT ticket_id FROM inbound
 WHERE channel = $1 AND external_id = ANY($2) AND ticket_id IS NOT NULL
 ORDER BY seq DESC LIMIT 1
"""
_BELONGS = """
SELECT EXISTS (SELECT FROM ticket_addresses
                WHERE ticket_id = $1 AND channel = $2 AND lower(address) = $3)
    OR EXISTS (SELECT FROM tickets WHERE id = $1 AND lower(submitter_email) = $3)
"""
_FILED = """
SELECT count(*) FROM ticket_addresses a JOIN tickets t ON t.id = a.ticket_id
 WHERE a.channel = $1 AND a.address = $2 AND t.received_at > $3
"""
_TOLD_EARLIER = """
SELECT id FROM deliveries
 WHERE ticket_id = $1 AND channel = $2 AND recipient_ref = $3 AND status = 'sent'
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


async def numbered(database: Database, number: str) -> UUID | None:
    """Return the ticket of a number. Whoever writes a number has shown nothing by it."""
    return await _id(database, "SELECT id FROM tickets WHERE ticket_number = $1", number)


async def heard_in(database: Database, channel: str, ids: Sequence[str]) -> UUID | None:
    """Return the ticket of an earlier message of a channel, by the ids its senders gave them."""
    return await _id(database, _HEARD, channel, list(ids)) if ids else None


async def belongs_to(database: Database, ticket_id: UUID, channel: str, address: str) -> bool:
    """Say whether an address (lower case) is the submitter's on this ticket."""
    async with borrowed(database) as connection:
        return bool(await connection.fetchval(_BELONGS, ticket_id, channel, address))


async def still_there(database: Database, ticket_id: UUID) -> bool:
    """Say whether a ticket exists: one that was erased leaves signed addresses behind."""
    return await _id(database, "SELECT id FROM tickets WHERE id = $1", ticket_id) is not None


async def filed_since(database: Database, channel: str, address: str, since: datetime) -> int:
    """Count the tickets with an address of a channel that arrived since a moment."""
    async with borrowed(database) as connection:
        return int(await connection.fetchval(_FILED, channel, address, since) or 0)


async def message_kept(database: Database, key: str) -> UUID | None:
    """Return the message of an idempotency key that was used before."""
    return await _id(database, "SELECT id FROM messages WHERE idempotency_key = $1", key)


async def staff_by_email(database: Database, address: str) -> UUID | None:
    """Return the active member of staff who says that an address (lower case) is theirs."""
    query = "SELECT id FROM users WHERE lower(email) = $1 AND is_active LIMIT 1"
    return await _id(database, query, address)


async def said_earlier(
    database: Database, ticket_id: UUID, channel: str, recipient: str
) -> SaidEarlier:
    """Return what the next notice to a recipient by a channel follows."""
    async with borrowed(database) as connection:
        rows = await connection.fetch(_TOLD_EARLIER, ticket_id, channel, recipient)
        heard = await connection.fetchval(_HEARD_FIRST, ticket_id, channel)
    return SaidEarlier(told=tuple(row["id"] for row in rows), heard=heard)


async def _id(database: Database, query: str, *values: object) -> UUID | None:
    async with borrowed(database) as connection:
        found: UUID | None = await connection.fetchval(query, *values)
    return found
