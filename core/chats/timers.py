"""The timers of chats: a moment at which a chat wants to be told that it has come."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.chats.session import ChatSession, ChatTimer

_GIVE = text("""
INSERT INTO chat_timers (session_id, name, at)
SELECT s.id, :name, s.updated_at + :life FROM chat_sessions s
 WHERE s.channel = :channel AND s.state->>'at' = :state
   AND NOT EXISTS (SELECT FROM chat_timers t WHERE t.session_id = s.id AND t.name = :name)
ON CONFLICT DO NOTHING
""")


async def schedule(session: AsyncSession, chat: ChatSession, name: str, at: datetime) -> None:
    """Set a timer of a chat, or move it."""
    statement = insert(ChatTimer).values(session_id=chat.id, name=name, at=at)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["session_id", "name"], set_={"at": at})
    )


async def give(
    session: AsyncSession, channel: str, name: str, lives: Mapping[str, timedelta]
) -> None:
    """Set a timer of every chat that stands in one of these states and has none of that name.

    It is due when the state's life is over, counted from when the chat last changed.
    """
    for at, life in lives.items():
        facts = {"channel": channel, "name": name, "state": at, "life": life}
        await session.execute(_GIVE, facts)


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
