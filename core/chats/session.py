"""Chats: where each conversation stands, what times it asked for, what its messages say."""

from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Json, Keyed, at_present
from core.hospital.channel import Channel


class ChatSession(Keyed, Base):
    """One chat. Its row is locked while anything happens to it, so one thing follows another."""

    __tablename__ = "chat_sessions"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    channel: Mapped[str] = mapped_column(ForeignKey(Channel.name), comment="The chat's channel.")
    address: Mapped[str] = mapped_column(
        comment="The chat in the channel's own form; news of its tickets goes there."
    )
    state: Mapped[Json] = mapped_column(
        server_default=text("'{}'"),
        default=dict,
        comment="Where the conversation stands, as `intake.dialogue.state.dump` writes it.",
    )


class ChatTimer(Base):
    """A moment at which a chat wants to be told that it has come."""

    __tablename__ = "chat_timers"

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("chat_sessions.id", ondelete="CASCADE"),
        primary_key=True,
        comment="The chat that asked for it.",
    )
    name: Mapped[str] = mapped_column(
        primary_key=True, comment="What it is for; a chat has one of each name."
    )
    at: Mapped[datetime] = mapped_column(index=True, comment="When the chat is told.")


class ChatMessage(Base):
    """What a message of a chat was about: a reply to it, or an edit of it, belongs there too."""

    __tablename__ = "chat_messages"
    __table_args__ = (
        Index("idx_chat_messages_ticket_id", "ticket_id"),
        Index("idx_chat_messages_created_at", "created_at"),
    )

    channel: Mapped[str] = mapped_column(
        ForeignKey(Channel.name), primary_key=True, comment="The chat's channel."
    )
    address: Mapped[str] = mapped_column(
        primary_key=True, comment="The chat in the channel's own form."
    )
    message: Mapped[str] = mapped_column(
        primary_key=True, comment="The message's id in the channel."
    )
    ticket_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("tickets.id", ondelete="CASCADE"),
        comment="The ticket it was about; NULL: none yet.",
    )
    asks: Mapped[bool] = mapped_column(
        server_default=false(),
        default=False,
        comment="A question with buttons on it, which the next one may replace in place.",
    )
    created_at: Mapped[datetime] = mapped_column(
        default=at_present,
        comment="When it was noted; old ones are forgotten.",
    )


async def lock_chat(session: AsyncSession, channel: str, address: str) -> ChatSession:
    """Return a chat, made if it is new, with its row locked until the transaction ends."""
    key = {"channel": channel, "address": address}
    await session.execute(insert(ChatSession).values(**key).on_conflict_do_nothing())
    query = select(ChatSession).filter_by(**key).with_for_update()
    return cast("ChatSession", await session.scalar(query))
