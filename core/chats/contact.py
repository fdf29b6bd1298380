"""A chat as the address that news of tickets goes to: told first, blocked, used again."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.ground.concealed import address_kept, spellings
from core.ground.secret import Secret
from core.tickets.address import TicketAddress

_BLOCK = text("""
UPDATE ticket_addresses SET blocked_at = :now, blocked_reason = 'blocked', updated_at = :now
 WHERE channel = :channel AND address = ANY(:spellings) AND blocked_at IS NULL
""")
_UNBLOCK = text("""
UPDATE ticket_addresses SET blocked_at = NULL, blocked_reason = NULL, updated_at = :now
 WHERE channel = :channel AND address = ANY(:spellings) AND blocked_at IS NOT NULL
""")
_SILENCE = text("""
UPDATE deliveries SET status = 'cancelled', lease_until = NULL, updated_at = :now
 WHERE channel = :channel AND recipient_ref = :address AND ticket_id IS NULL
   AND status IN ('pending', 'queued')
""")
_FIRST_RANK = text("SELECT coalesce(min(rank), 1) - 1 FROM ticket_addresses WHERE ticket_id = :id")
_CONCEALS = text("SELECT is_anonymous FROM tickets WHERE id = :id")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatContact:
    """A chat as an address, in the channel's own form."""

    secret: Secret = field(repr=False)
    channel: str
    address: str

    @property
    def alias(self) -> str:
        """A name of it that stays the same and tells nobody which chat it is."""
        return address_kept(self.secret, self.address, conceals=True)

    @property
    def spellings(self) -> list[str]:
        """The forms in which tickets may keep it."""
        return spellings(self.secret, self.address)


async def link(session: AsyncSession, chat: ChatContact, ticket_id: UUID, now: datetime) -> None:
    """Tell this chat first from now on."""
    conceals = bool(await session.scalar(_CONCEALS, {"id": ticket_id}))
    row = {
        "ticket_id": ticket_id,
        "channel": chat.channel,
        "address": address_kept(chat.secret, chat.address, conceals=conceals),
        "rank": await session.scalar(_FIRST_RANK, {"id": ticket_id}),
        "confirmed_at": now,
    }
    await session.execute(insert(TicketAddress).values(**row).on_conflict_do_nothing())


async def block(session: AsyncSession, chat: ChatContact, now: datetime) -> None:
    """Mark the address: staff see it, and the next notice goes to another one.

    What the chat itself was about to be told is called off.
    """
    facts = {"channel": chat.channel, "now": now}
    await session.execute(_BLOCK, facts | {"spellings": chat.spellings})
    await session.execute(_SILENCE, facts | {"address": chat.address})


async def unblock(session: AsyncSession, chat: ChatContact, now: datetime) -> None:
    """Use the address again."""
    facts = {"channel": chat.channel, "spellings": chat.spellings, "now": now}
    await session.execute(_UNBLOCK, facts)
