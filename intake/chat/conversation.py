"""The conversation of one channel: each update, timer and notice is one step of its chat.

A step is one transaction of the core (`core/chats/chats.py`): the dialogue decides in it, and all
that comes of it is committed together.
"""

import logging
import traceback
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from pathlib import Path

from core.chats.chats import Chats
from core.chats.step import ChatStep
from core.ground.database import DatabaseAwayError
from core.ground.text import clean, clean_line
from intake.chat.codes import without_codes
from intake.chat.decided import summary_of
from intake.chat.effects import do
from intake.chat.hospital_facts import HospitalFacts, without_poster_code
from intake.chat.outbox import ReplyOutbox
from intake.chat.talk import Talk
from intake.chat.update import ChatUpdate, Outcome
from intake.dialogue.events import Edited, Event, Location, Media, Text
from intake.dialogue.machine import SCREENS, sorry
from intake.dialogue.replies import Say
from intake.dialogue.state import load
from intake.language import Language

logger = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Conversation:
    """Speaks the dialogue in every chat of one channel. Any number of processes may do so."""

    chats: Chats
    outbox: ReplyOutbox
    bot: str = ""
    """How people mention the bot."""
    world: HospitalFacts = field(default_factory=HospitalFacts)
    pause: timedelta = timedelta(0)
    """How long an answer waits for further words; zero: each message is answered by itself."""

    async def hear(self, heard: ChatUpdate) -> Outcome:
        """Take one update; all that comes of it is committed when this returns.

        An update told before changes nothing. One that nobody can make sense of is set aside,
        and the person is told. Raises DatabaseAwayError: nothing happened, tell it again.
        """
        async with self.chats.hear(heard.key, heard.address) as chat:
            if chat is None:
                return "repeated"
            return await self._understood(chat, heard)

    async def hear_again(self, heard: ChatUpdate) -> Outcome:
        """Take an update that was set aside, or is already noted, once more."""
        async with self.chats.step(heard.address) as chat:
            return await self._understood(chat, heard)

    async def rehearse(self, heard: ChatUpdate) -> Talk:
        """Tell what would come of an update; nothing of it is kept."""
        async with self.chats.look(heard.address) as chat:
            return await self._talked(chat, heard)

    async def tell(self, address: str, event: Event, key: str) -> tuple[list[Say], Language]:
        """Let something happen that the person did not cause; return what to tell them, and how.

        The replies are not put into the outbox: the caller is about to send them.
        """
        async with self.chats.step(address) as chat:
            talk = await self._talk(chat, key)
            await talk.hear(event, do)
            talk.finish()
        return talk.says, talk.state.lang

    async def happen(self, chat: ChatStep, event: Event, key: str) -> None:
        """Let something happen in a step that the caller opened; its replies go to the outbox."""
        talk = await self._talk(chat, key)
        await talk.hear(event, do)
        await self._settle(talk)

    async def _understood(self, chat: ChatStep, heard: ChatUpdate) -> Outcome:
        """Take the dialogue's steps; if they fail, only the apology is written."""
        try:
            async with chat.all_or_nothing():
                await self._talked(chat, heard)
        except DatabaseAwayError:
            raise  # not the update's fault: it is told again
        except Exception as error:  # noqa: BLE001 - one bad update must never block its chat
            await self._apologise(chat, heard, error)
            return "set aside"
        return "done"

    async def _talked(self, chat: ChatStep, heard: ChatUpdate) -> Talk:
        talk = await self._talk(chat, heard.key, heard.language, waits=heard.waits)
        heard = await without_codes(chat, heard)
        talk.first_name = clean_line(heard.first_name)
        await self.outbox.note(chat, heard)
        for event in heard.events:
            readable = without_poster_code(storable(event), talk.directory)
            await talk.hear(await _placed(chat, heard, readable), do)
        await self._settle(talk)
        return talk

    async def _settle(self, talk: Talk) -> None:
        """Write where the chat stands, and what is said."""
        talk.finish()
        says, talk.says = talk.says, []
        await self.outbox.say(talk.chat, says, talk.state.lang)
        if talk.leaves:
            await self.outbox.leave(talk.chat)

    async def _apologise(self, chat: ChatStep, heard: ChatUpdate, error: Exception) -> None:
        where = place_of(error)
        logger.error("chat: an update was set aside: %s", where)
        heard = await without_codes(chat, heard)
        state = load(chat.state, frozenset(SCREENS))
        await chat.set_aside(heard.key, heard.raw, where, summary_of(heard))
        await self.outbox.note(chat, heard)
        await self.outbox.say(chat, list(sorry(state).replies), state.lang)

    async def _talk(
        self, chat: ChatStep, key: str, language: Language | None = None, *, waits: bool = True
    ) -> Talk:
        talk = Talk(
            chat=chat,
            settings=self.chats.runtime.settings,
            directory=await self.chats.runtime.directory.fresh(),
            world=self.world,
            bot=self.bot,
            pause=self.pause if waits else timedelta(0),
            heard_key=key,
        )
        talk.begin(language)
        return talk


async def _placed(chat: ChatStep, heard: ChatUpdate, event: Event) -> Event:
    """Say which ticket the message that was answered or edited belongs to."""
    if isinstance(event, Edited):
        return replace(event, ticket=await chat.about(event.message))
    if isinstance(event, Text | Media | Location) and heard.answers:
        return replace(event, reply_to=await chat.about(heard.answers))
    return event


def storable(event: Event) -> Event:
    """Return the event with every text in it fit for the database."""
    texts = {each.name: getattr(event, each.name) for each in fields(event)}
    cleaned = {name: clean(text) for name, text in texts.items() if isinstance(text, str)}
    return replace(event, **cleaned)  # type: ignore[arg-type]  # each is the field's own


def place_of(error: BaseException) -> str:
    """Name an error and the line that raised it, without its words: they may be a person's."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {place}"
