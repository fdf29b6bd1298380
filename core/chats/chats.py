"""The chats of a channel: each update, timer and notice is one step, and one transaction.

docs/adr/0012-a-chat-update-is-one-transaction.md tells why an update is understood in the
transaction that notes it.
"""

import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.chats import files, messages, timers
from core.chats.contact import ChatContact
from core.chats.session import ChatSession, lock_chat
from core.chats.step import ChatStep
from core.ground.base import Json
from core.ground.database import passing_faults, transaction
from core.ground.faults import reach
from core.ground.ids import uuid7
from core.jobs.inbound import Inbound, set_aside
from core.jobs.set_aside import UNREADABLE, Summary
from core.runtime import Runtime
from core.tickets.desk import Desk
from core.tickets.submission import StoredFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A chat as it is remembered: its id, and where it stands."""

    id: UUID
    state: Json


@dataclass(frozen=True, slots=True)
class Chats:
    """Opens steps in the chats of one channel, in any number of processes.

    A step's chat is locked; what is done in the block is committed at its end, and then the bell
    rings. Every verb raises DatabaseAwayError: nothing happened.
    """

    runtime: Runtime
    channel: str

    @contextlib.asynccontextmanager
    async def step(self, address: str) -> AsyncIterator[ChatStep]:
        """Take a step in a chat, which is made if it is new."""
        async with transaction(self.runtime.database) as session:
            step = await self._locked(session, address)
            yield step
        step.ring()

    @contextlib.asynccontextmanager
    async def hear(self, key: str, address: str) -> AsyncIterator[ChatStep | None]:
        """Note an update by the channel's own key and take its step; None if it is told again.

        Another process with the same one waits for our commit.
        """
        async with transaction(self.runtime.database) as session:
            row = self._noted(key, b"", None) | {"status": "done"}  # its chat has its own row
            statement = insert(Inbound).values(**row).on_conflict_do_nothing()
            step = None
            if await session.scalar(statement.returning(Inbound.id)) is not None:
                reach("chat.stored")
                step = await self._locked(session, address)
            yield step
            if step is not None:
                await session.flush()
                reach("chat.stepped")
        if step is not None:
            reach("chat.committed")
            step.ring()

    @contextlib.asynccontextmanager
    async def look(self, address: str) -> AsyncIterator[ChatStep]:
        """Take a step of which nothing is kept."""
        with passing_faults():
            async with self.runtime.database.sessions() as session:
                yield await self._locked(session, address)
                await session.rollback()

    @contextlib.asynccontextmanager
    async def due(self) -> AsyncIterator[ChatStep | None]:
        """Take a step in the chat whose timer is due longest; None if none is."""
        step = None
        async with transaction(self.runtime.database) as session:
            chat = await timers.due(session, self.channel, self.runtime.clock())
            if chat is not None:
                step = ChatStep(session, chat, Desk(self.runtime))
            yield step
        if step is not None:
            step.ring()

    async def give_timers(self, name: str, lives: Mapping[str, timedelta]) -> None:
        """Let every chat that stands in one of these states be told when its life is over.

        For chats that came to stand there before the state had an end; the others have a timer.
        """
        async with transaction(self.runtime.database) as session:
            await timers.give(session, self.channel, name, lives)

    async def set_aside(
        self, key: str, raw: bytes, error: str, address: str | None, summary: Summary
    ) -> None:
        """Keep bytes that are no update of ours, once, for a person to look at."""
        row = self._noted(key, raw, address) | set_aside(UNREADABLE, error, summary)
        async with transaction(self.runtime.database) as session:
            await session.execute(insert(Inbound).values(**row).on_conflict_do_nothing())

    async def find(self, address: str) -> Standing | None:
        """Return a chat; None for one that never was."""
        query = select(ChatSession).filter_by(channel=self.channel, address=address)
        async with transaction(self.runtime.database) as session:
            chat = await session.scalar(query)
        return Standing(id=chat.id, state=chat.state) if chat else None

    async def keep(self, address: str, came: Sequence[StoredFile]) -> None:
        """Note files that came whole with a message; their keys in storage are their names."""
        now = self.runtime.clock()
        async with transaction(self.runtime.database) as session:
            for file in came:
                await files.keep(session, self.channel, address, file, now)

    async def sent(self, address: str, message: str, *, number: str | None, asks: bool) -> None:
        """Keep which ticket a message of ours is about, and whether it asks with buttons."""
        async with transaction(self.runtime.database) as session:
            await messages.sent(session, self._contact(address), message, number=number, asks=asks)

    async def last_question(self, address: str) -> str | None:
        """Return the newest message of ours that asks with buttons."""
        async with transaction(self.runtime.database) as session:
            return await messages.last_question(session, self._contact(address))

    async def move(self, old: str, new: str) -> None:
        """Let a chat go on at another address, unless one began there already."""
        known = select(ChatSession.id).filter_by(channel=self.channel, address=new)
        async with transaction(self.runtime.database) as session:
            if await session.scalar(known) is None:
                statement = update(ChatSession).filter_by(channel=self.channel, address=old)
                await session.execute(statement.values(address=new))

    def _contact(self, address: str) -> ChatContact:
        return ChatContact(secret=self.runtime.secret, channel=self.channel, address=address)

    async def _locked(self, session: AsyncSession, address: str) -> ChatStep:
        chat = await lock_chat(session, self.channel, address)
        return ChatStep(session, chat, Desk(self.runtime))

    def _noted(self, key: str, raw: bytes, address: str | None) -> dict[str, object]:
        now = self.runtime.clock()
        return {
            "id": uuid7(),
            "channel": self.channel,
            "external_id": key,
            "content_hash": b"",  # the key alone tells updates apart
            "lane": None if address is None else f"{self.channel}:{address}",
            "envelope": {} if address is None else {"address": address},
            "raw": raw,
            "received_at": now,
            "next_attempt_at": now,
        }
