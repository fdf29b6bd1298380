"""The timers of chats: a moment at which a chat wants to be told that it has come."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.chats.session import ChatSession, ChatTimer


async def schedule(session: AsyncSession, chat: ChatSession, name: str, at: datetime) -> None:
    """Set a timer of a chat, or move it."""
    statement = insert(ChatTimer).values(session_id=chat.id, name=name, at=at)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["session_id", "name"], set_={"at": at})
    )


async def due(session: AsyncSession, channel: str, now: datetime) -> ChatSession | None:
    """Lock the chat whose timer is due longest; None if none is.

    The chat is locked first, as updates do; one that is busy now is left for the next look.
    """
    query = (
        select(ChatSession)
        .join(ChatTimer, ChatTimer.session_id == ChatSession.id)
        .where(ChatSession.channel == channel, ChatTimer.at <= now)
        .order_by(ChatTimer.at)
        .limit(1)
        .with_for_update(of=ChatSession, skip_locked=True)
    )
    found: ChatSession | None = await session.scalar(query)
    return found


async def take(session: AsyncSession, chat: ChatSession, now: datetime) -> str | None:
    """Take the timer that is due longest off a locked chat; None if another process was faster."""
    query = (
        select(ChatTimer.name)
        .where(ChatTimer.session_id == chat.id, ChatTimer.at <= now)
        .order_by(ChatTimer.at, ChatTimer.name)
        .limit(1)
    )
    name: str | None = await session.scalar(query)
    if name is not None:
        own = (ChatTimer.session_id == chat.id, ChatTimer.name == name)
        await session.execute(delete(ChatTimer).where(*own))
    return name
