"""What the messages of a chat were about, so that a reply or an edit finds its ticket.

These rows join a chat to its tickets, so they name the chat by its alias alone.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.chats.contact import ChatContact
from core.chats.session import ChatMessage
from core.tickets.ticket import Ticket


async def number_of(session: AsyncSession, chat: ChatContact, message: str) -> str | None:
    """Return the number of the ticket that a message was about."""
    query = (
        select(Ticket.ticket_number)
        .join(ChatMessage, ChatMessage.ticket_id == Ticket.id)
        .where(
            ChatMessage.channel == chat.channel,
            ChatMessage.address.in_(chat.spellings),
            ChatMessage.message == message,
        )
    )
    number: str | None = await session.scalar(query)
    return number


async def said_on(
    session: AsyncSession, chat: ChatContact, ticket_id: UUID, messages: Sequence[str]
) -> None:
    """Let an edit of these messages of a person, or a reply to them, find the ticket."""
    if not messages:
        return
    place = {"channel": chat.channel, "address": chat.alias, "ticket_id": ticket_id}
    statement = insert(ChatMessage).values([place | {"message": each} for each in messages])
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["channel", "address", "message"],
            set_={"ticket_id": statement.excluded.ticket_id},
        )
    )


async def sent(
    session: AsyncSession,
    chat: ChatContact,
    message: str,
    *,
    number: str | None,
    asks: bool,
) -> None:
    """Keep what a message of ours is about, and whether it asks with buttons."""
    ticket_id = None
    if number is not None:
        ticket_id = await session.scalar(select(Ticket.id).where(Ticket.ticket_number == number))
    row = {"channel": chat.channel, "address": chat.alias, "message": message}
    statement = insert(ChatMessage).values(**row, ticket_id=ticket_id, asks=asks)
    await session.execute(statement.on_conflict_do_nothing())


async def last_question(session: AsyncSession, chat: ChatContact) -> str | None:
    """Return the newest message of ours that asks with buttons."""
    query = (
        select(ChatMessage.message)
        .where(
            ChatMessage.channel == chat.channel,
            ChatMessage.address.in_(chat.spellings),
            ChatMessage.asks,
        )
        .order_by(
            ChatMessage.created_at.desc(),
            func.length(ChatMessage.message).desc(),  # ids are numbers, and one moment may hold two
            ChatMessage.message.desc(),
        )
        .limit(1)
    )
    found: str | None = await session.scalar(query)
    return found
