"""A mail before it was cut to its writer's words: what was trimmed, all of it, the mail itself.

The channel keeps it beside the words, in the message's remarks under "mail"; the original lies
among the raw messages for as long as those are kept.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.jobs.inbound import Inbound
from core.tickets.concealing import is_concealed
from core.tickets.message import Message
from core.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class AsItCame:
    """A mail beside the words that were taken from it."""

    trimmed: str
    """What was cut from it; empty where nothing was."""
    whole: str | None
    """All of its readable text; None where only the original has that."""
    has_original: bool
    """Whether the mail itself is still kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A raw message: its bytes, or the key in storage where they lie."""

    content: bytes | None
    key: str | None


def as_it_came(message: Message, originals: frozenset[UUID] = frozenset()) -> AsItCame | None:
    """Return what a message was; None where it did not come as a mail."""
    facts, has_original = message.remarks.get("mail"), message.id in originals
    if not isinstance(facts, dict):  # a mail of staff keeps no facts
        return AsItCame(trimmed="", whole=None, has_original=True) if has_original else None
    trimmed, text = str(facts.get("elided") or ""), facts.get("text")
    whole = None if trimmed and not text else str(text or message.body)
    return AsItCame(trimmed=trimmed, whole=whole, has_original=has_original)


async def originals_of(session: AsyncSession, ticket: Ticket) -> frozenset[UUID]:
    """Return those messages of a ticket whose originals are kept, and may be looked at."""
    query = select(Message).join(Inbound, _is_original()).where(Message.ticket_id == ticket.id)
    found = await session.scalars(query)
    return frozenset(message.id for message in found if not is_concealed(ticket, message))


async def original_of(session: AsyncSession, ticket: Ticket, message_id: UUID) -> Original | None:
    """Return the original of a message of a ticket; None where nobody may look at one any more."""
    message = await session.get(Message, message_id)
    if message is None or is_concealed(ticket, message):
        return None
    query = (
        select(Inbound.raw, Inbound.raw_path)
        .join(Message, _is_original())
        .where(Message.ticket_id == ticket.id, Message.id == message_id)
        .order_by(Inbound.seq)
        .limit(1)
    )
    found = (await session.execute(query)).first()
    return Original(content=found[0], key=found[1]) if found else None


def _is_original() -> ColumnElement[bool]:
    return and_(Inbound.message_id == Message.id, Inbound.ticket_id == Message.ticket_id)
