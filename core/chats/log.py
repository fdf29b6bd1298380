"""The log of a chat whose client is our own page: what was said, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.chats.line import ChatLine
from core.ground.base import Json
from core.ground.database import transaction
from core.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedLine:
    """One message in the log. `author` is `person` or `bot`; the payload is the channel's own."""

    seq: int
    author: str
    body: str
    payload: Json
    at: datetime


@dataclass(frozen=True, slots=True)
class ChatLog:
    """The logs, by the id of their chat. Every verb raises DatabaseAwayError."""

    runtime: Runtime

    async def read(self, chat_id: UUID, most: int) -> tuple[tuple[LoggedLine, ...], str]:
        """Return the newest lines of a chat, in their order, and the log's version."""
        async with transaction(self.runtime.database) as session:
            return await lines_of(session, chat_id, most), await _version(session, chat_id)

    async def version(self, chat_id: UUID) -> str:
        """Return a mark that changes whenever the log does."""
        async with transaction(self.runtime.database) as session:
            return await _version(session, chat_id)

    async def tell(
        self, chat_id: UUID, delivery_id: UUID, messages: Sequence[tuple[str, Json]]
    ) -> None:
        """Write down a notice, once however often it is delivered; whoever watches is woken."""
        at = self.runtime.clock()
        async with transaction(self.runtime.database) as session:
            for number, (body, payload) in enumerate(messages):
                row = {
                    "session_id": chat_id,
                    "author": "bot",
                    "body": body,
                    "payload": payload,
                    "delivery_id": uuid5(delivery_id, str(number)),
                    "at": at,
                }
                await session.execute(insert(ChatLine).values(**row).on_conflict_do_nothing())
        self.runtime.bell.ring(topic_of(chat_id))


def topic_of(chat_id: UUID) -> str:
    """Name what the bell rings when something is new in a chat."""
    return f"chat-{chat_id}"


async def lines_of(session: AsyncSession, chat_id: UUID, most: int) -> tuple[LoggedLine, ...]:
    """Return the newest lines of a chat, in their order."""
    query = (
        select(ChatLine)
        .where(ChatLine.session_id == chat_id)
        .order_by(ChatLine.seq.desc())
        .limit(most)
    )
    rows = reversed((await session.scalars(query)).all())
    return tuple(
        LoggedLine(seq=row.seq, author=row.author, body=row.body, payload=row.payload, at=row.at)
        for row in rows
    )


async def write(
    session: AsyncSession, chat_id: UUID, author: str, body: str, payload: Json, *, at: datetime
) -> None:
    """Add a line."""
    session.add(ChatLine(session_id=chat_id, author=author, body=body, payload=payload, at=at))
    await session.flush()


async def rewrite(
    session: AsyncSession, chat_id: UUID, marks: Json, body: str, payload: Json, *, at: datetime
) -> bool:
    """Change the bot's last line whose payload has these marks; False if there is none."""
    query = (
        select(ChatLine)
        .where(
            ChatLine.session_id == chat_id,
            ChatLine.author == "bot",
            ChatLine.payload.contains(marks),
        )
        .order_by(ChatLine.seq.desc())
        .limit(1)
    )
    last = await session.scalar(query)
    if last is None:
        return False
    last.body, last.payload, last.at = body, payload, at
    await session.flush()
    return True


async def _version(session: AsyncSession, chat_id: UUID) -> str:
    query = select(func.max(ChatLine.seq), func.max(ChatLine.at)).where(
        ChatLine.session_id == chat_id
    )
    seq, at = (await session.execute(query)).one()
    return f"{seq or 0}-{int(at.timestamp()) if at else 0}"
