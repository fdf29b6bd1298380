"""The conversation of one channel: each update, timer and notice is one transaction.

docs/adr/0012-a-chat-update-is-one-transaction.md tells why an update is understood in the
transaction that notes it.
"""

import logging
import traceback
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

import asyncpg
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.chats.session import ChatMessage, ChatSession, lock_chat
from core.ground.database import DatabaseAwayError, passing_faults, transaction
from core.ground.faults import reach
from core.ground.ids import uuid7
from core.ground.text import clean, clean_line
from core.jobs.inbound import Inbound
from core.tickets.desk import Desk
from core.tickets.ticket import Ticket
from intake.chat.effects import do
from intake.chat.hospital_facts import HospitalFacts, without_poster_code
from intake.chat.outbox import ReplyOutbox
from intake.chat.talk import Talk
from intake.chat.update import ChatUpdate, Outcome
from intake.dialogue.events import Edited, Event, Location, Media, Text
from intake.dialogue.machine import SCREENS, sorry
from intake.dialogue.replies import Say
from intake.dialogue.state import State, load
from intake.language import Language

logger = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Conversation:
    """Speaks the dialogue in every chat of one channel. Any number of processes may do so."""

    desk: Desk
    channel: str
    outbox: ReplyOutbox
    bot: str = ""
    """How people mention the bot."""
    world: HospitalFacts = field(default_factory=HospitalFacts)

    async def hear(self, heard: ChatUpdate) -> Outcome:
        """Take one update; all that comes of it is committed when this returns.

        An update told before changes nothing. One that nobody can make sense of is set aside,
        and the person is told. Raises DatabaseAwayError: nothing happened, tell it again.
        """
        async with transaction(self.desk.runtime.database) as session:
            if not await self._is_new(session, heard):
                return "repeated"
            reach("chat.stored")
            talk = await self._understood(session, heard)
            reach("chat.stepped")
        reach("chat.committed")
        self.ring(talk)
        return "done" if talk else "set aside"

    async def hear_again(self, heard: ChatUpdate) -> Outcome:
        """Take an update that was set aside, or is already noted, once more."""
        async with transaction(self.desk.runtime.database) as session:
            talk = await self._understood(session, heard)
        self.ring(talk)
        return "done" if talk else "set aside"

    async def rehearse(self, heard: ChatUpdate) -> Talk:
        """Tell what would come of an update; nothing of it is kept."""
        async with self.desk.runtime.database.sessions() as session:
            with passing_faults():
                chat = await lock_chat(session, self.channel, heard.address)
                talk = await self._talked(session, chat, heard)
                await session.rollback()
        return talk

    async def set_aside(self, key: str, raw: bytes, error: str, lane: str | None = None) -> None:
        """Keep bytes that are no update of ours, for a person to look at."""
        async with transaction(self.desk.runtime.database) as session:
            row = self._row(key, raw, lane) | {"status": "quarantined", "last_error": error}
            await session.execute(insert(Inbound).values(**row).on_conflict_do_nothing())

    async def tell(self, address: str, event: Event, key: str) -> tuple[list[Say], Language]:
        """Let something happen that the person did not cause; return what to tell them, and how.

        The replies are not put into the outbox: the caller is about to send them.
        """
        async with transaction(self.desk.runtime.database) as session:
            talk = await self._talk(session, address, key)
            await talk.happen(event, do)
            talk.finish()
        self.ring(talk)
        return talk.says, talk.state.lang

    async def happen(
        self, session: AsyncSession, chat: ChatSession, event: Event, key: str
    ) -> Talk:
        """Let something happen in a chat whose row is locked; its replies go to the outbox.

        The caller calls `ring` after its commit.
        """
        talk = await self._talk_in(session, chat, key)
        await talk.happen(event, do)
        await self._settle(talk)
        return talk

    def ring(self, talk: Talk | None) -> None:
        """Wake whoever waits for what a talk wrote."""
        topics = {"deliveries", *(talk.rings if talk else ())}
        if talk:
            topics.add(f"chat-{talk.chat.id}")
        self.desk.runtime.bell.ring(*sorted(topics))

    async def state_of(self, address: str) -> State | None:
        """Read where a chat stands; None for a chat that never was."""
        query = select(ChatSession.state).filter_by(channel=self.channel, address=address)
        async with transaction(self.desk.runtime.database) as session:
            stored = await session.scalar(query)
        return None if stored is None else load(stored, frozenset(SCREENS))

    async def session_id(self, address: str) -> UUID | None:
        """Return the row of a chat; None for a chat that never was. Raises DatabaseAwayError."""
        query = select(ChatSession.id).filter_by(channel=self.channel, address=address)
        async with transaction(self.desk.runtime.database) as session:
            found: UUID | None = await session.scalar(query)
        return found

    async def ticket_id(self, number: str) -> UUID | None:
        """Return the id of a ticket by its number."""
        query = select(Ticket.id).where(Ticket.ticket_number == number)
        async with transaction(self.desk.runtime.database) as session:
            found: UUID | None = await session.scalar(query)
        return found

    async def _is_new(self, session: AsyncSession, heard: ChatUpdate) -> bool:
        """Note the update. Another process with the same one waits here for our commit."""
        row = self._row(heard.key, b"", heard.address) | {"status": "done"}
        statement = insert(Inbound).values(**row).on_conflict_do_nothing().returning(Inbound.id)
        return await session.scalar(statement) is not None

    def _row(self, key: str, raw: bytes, lane: str | None) -> dict[str, object]:
        now = self.desk.runtime.clock()
        return {
            "id": uuid7(),
            "channel": self.channel,
            "external_id": key,
            "content_hash": b"",  # the key alone tells updates apart
            "lane": lane,
            "raw": raw,
            "received_at": now,
            "next_attempt_at": now,
        }

    async def _understood(self, session: AsyncSession, heard: ChatUpdate) -> Talk | None:
        """Take the steps; None if they failed, in which case only the apology is written."""
        chat = await lock_chat(session, self.channel, heard.address)
        try:
            with passing_faults():
                async with session.begin_nested():
                    return await self._talked(session, chat, heard)
        except DatabaseAwayError:
            raise  # not the update's fault: it is told again
        except Exception as error:  # one bad update must never block its chat
            if _is_deadlock(error):
                raise DatabaseAwayError from error
            await self._apologise(session, chat, heard, error)
            return None

    async def _talked(self, session: AsyncSession, chat: ChatSession, heard: ChatUpdate) -> Talk:
        talk = await self._talk_in(session, chat, heard.key, heard.language)
        talk.first_name = clean_line(heard.first_name)
        if heard.opening:
            await talk.happen(storable(heard.opening), do)
            await self._settle(talk)
        await self.outbox.note(session, chat, heard)
        for event in heard.events:
            readable = without_poster_code(storable(event), talk.directory)
            await talk.happen(await self._placed(session, heard, readable), do)
        await self._settle(talk)
        return talk

    async def _settle(self, talk: Talk) -> None:
        """Write where the chat stands, and what is said."""
        talk.finish()
        says, talk.says = talk.says, []
        await self.outbox.say(talk.session, talk.chat, says, talk.state.lang)
        if talk.leaves:
            await self.outbox.leave(talk.session, talk.chat)
        await talk.session.flush()

    async def _apologise(
        self, session: AsyncSession, chat: ChatSession, heard: ChatUpdate, error: Exception
    ) -> None:
        where = place_of(error)
        logger.error("chat: an update was set aside: %s", where)
        await session.refresh(chat)
        state = load(chat.state, frozenset(SCREENS))
        await session.execute(
            Inbound.__table__.update()  # type: ignore[attr-defined]  # a Table
            .where(Inbound.channel == self.channel, Inbound.external_id == heard.key)
            .values(status="quarantined", raw=heard.raw, last_error=where)
        )
        await self.outbox.note(session, chat, heard)
        await self.outbox.say(session, chat, list(sorry(state).replies), state.lang)
        await session.flush()

    async def _placed(self, session: AsyncSession, heard: ChatUpdate, event: Event) -> Event:
        """Say which ticket the message that was answered or edited belongs to."""
        if isinstance(event, Edited):
            number = await self._about(session, heard.address, event.message)
            return replace(event, ticket=number)
        if isinstance(event, Text | Media | Location) and heard.answers:
            number = await self._about(session, heard.address, heard.answers)
            return replace(event, reply_to=number)
        return event

    async def _about(self, session: AsyncSession, address: str, message: str) -> str | None:
        query = (
            select(Ticket.ticket_number)
            .join(ChatMessage, ChatMessage.ticket_id == Ticket.id)
            .where(
                ChatMessage.channel == self.channel,
                ChatMessage.address == address,
                ChatMessage.message == message,
            )
        )
        number: str | None = await session.scalar(query)
        return number

    async def _talk(self, session: AsyncSession, address: str, key: str) -> Talk:
        return await self._talk_in(session, await lock_chat(session, self.channel, address), key)

    async def _talk_in(
        self, session: AsyncSession, chat: ChatSession, key: str, language: Language | None = None
    ) -> Talk:
        talk = Talk(
            session=session,
            chat=chat,
            desk=self.desk,
            directory=await self.desk.runtime.directory.fresh(),
            world=self.world,
            bot=self.bot,
            now=self._now(),
            heard_key=key,
        )
        talk.begin(language)
        return talk

    def _now(self) -> datetime:
        return self.desk.runtime.clock()


def storable(event: Event) -> Event:
    """Return the event with every text in it fit for the database."""
    texts = {each.name: getattr(event, each.name) for each in fields(event)}
    cleaned = {name: clean(text) for name, text in texts.items() if isinstance(text, str)}
    return replace(event, **cleaned)  # type: ignore[arg-type]  # each is the field's own


def _is_deadlock(error: BaseException | None) -> bool:
    """Tell whether the database broke off a transaction that may simply be tried again."""
    while error is not None:
        if isinstance(error, asyncpg.TransactionRollbackError):
            return True
        error = error.__cause__
    return False


def place_of(error: BaseException) -> str:
    """Name an error and the line that raised it, without its words: they may be a person's."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {place}"
