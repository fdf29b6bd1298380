"""A chat as the address that news of tickets goes to: told first, blocked, used again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.tickets.address import TicketAddress

_BLOCK = text("""
UPDATE ticket_addresses SET blocked_at = :now, blocked_reason = 'blocked', updated_at = :now
 WHERE channel = :channel AND address = :address AND blocked_at IS NULL
""")
_UNBLOCK = text("""
UPDATE ticket_addresses SET blocked_at = NULL, blocked_reason = NULL, updated_at = :now
 WHERE channel = :channel AND address = :address AND blocked_at IS NOT NULL
""")
_SILENCE = text("""
UPDATE deliveries SET status = 'cancelled', lease_until = NULL, updated_at = :now
 WHERE channel = :channel AND recipient_ref = :address AND ticket_id IS NULL
   AND status IN ('pending', 'queued')
""")
_FIRST_RANK = text("SELECT coalesce(min(rank), 1) - 1 FROM ticket_addresses WHERE ticket_id = :id")


async def link(
    session: AsyncSession, channel: str, address: str, ticket_id: UUID, now: datetime
) -> None:
    """Tell this chat first from now on."""
    row = {
        "ticket_id": ticket_id,
        "channel": channel,
        "address": address,
        "rank": await session.scalar(_FIRST_RANK, {"id": ticket_id}),
        "confirmed_at": now,
    }
    await session.execute(insert(TicketAddress).values(**row).on_conflict_do_nothing())


async def block(session: AsyncSession, channel: str, address: str, now: datetime) -> None:
    """Mark the address: staff see it, and the next notice goes to another one.

    What the chat itself was about to be told is called off.
    """
    facts = {"channel": channel, "address": address, "now": now}
    await session.execute(_BLOCK, facts)
    await session.execute(_SILENCE, facts)


async def unblock(session: AsyncSession, channel: str, address: str, now: datetime) -> None:
    """Use the address again."""
    await session.execute(_UNBLOCK, {"channel": channel, "address": address, "now": now})
