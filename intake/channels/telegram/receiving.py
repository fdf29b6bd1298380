"""What becomes of one update, whichever way it came: heard, or set aside with its bytes."""

import asyncio
import hashlib
import json
import logging
from dataclasses import dataclass, field

from telegram import Bot
from telegram.error import TelegramError

from intake.channels.telegram.looked_at import looked_at
from intake.channels.telegram.understand import UnreadableError, understand
from intake.chat.conversation import Conversation
from intake.chat.update import ChatUpdate, Outcome
from intake.set_aside import summary_of

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Receiving:
    """Takes updates; whatever this returned for may be confirmed to Telegram."""

    bot: Bot
    bot_id: str
    conversation: Conversation
    _answers: set[asyncio.Task[None]] = field(default_factory=set)

    async def take(self, raw: object) -> Outcome:
        """Take one update. Raises DatabaseAwayError: Telegram must keep it."""
        content = json.dumps(raw).encode()
        key = self.key_of(raw, content)
        try:
            heard, query = self._heard(key, raw, content)
        except UnreadableError as error:
            logger.warning("telegram: an update was set aside: %s", error)
            await self._set_aside(key, content, str(error))
            return "set aside"
        if query:
            self._answer(query)
        return await self.conversation.hear(heard)

    async def take_again(self, key: str, content: bytes) -> Outcome:
        """Take an update that is noted already; UnreadableError if it still cannot be read."""
        try:
            raw = json.loads(content)
        except ValueError:
            raise UnreadableError("no JSON") from None
        heard, _ = self._heard(key, raw, content)
        return await self.conversation.hear_again(heard)

    async def set_aside(self, content: bytes, error: str) -> None:
        """Keep bytes in which there is not even an update."""
        await self._set_aside(self.key_of(None, content), content, error)

    async def _set_aside(self, key: str, content: bytes, error: str) -> None:
        told = looked_at(content)
        chats = self.conversation.chats
        summary = await summary_of(chats.runtime.database, words=told.words)
        await chats.set_aside(key, content, error, told.address, summary)

    def key_of(self, raw: object, content: bytes) -> str:
        """Name an update: Telegram's number, told apart by bot; else by what it holds."""
        number = raw.get("update_id") if isinstance(raw, dict) else None
        if isinstance(number, int):
            return f"{self.bot_id}:{number}"
        return f"{self.bot_id}:unreadable:{hashlib.sha256(content).hexdigest()[:32]}"

    def _heard(self, key: str, raw: object, content: bytes) -> tuple[ChatUpdate, str | None]:
        said = understand(raw)
        heard = ChatUpdate(
            key=key,
            address=said.address,
            events=(said.event,) if said.event else (),
            raw=content,
            answers=said.answers,
            first_name=said.first_name,
            language=said.language,
        )
        return heard, said.query

    def _answer(self, query: str) -> None:
        """Let the button stop turning, at once and without waiting; nothing depends on it."""
        task = asyncio.create_task(self._answered(query), name="answer a button")
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _answered(self, query: str) -> None:
        try:
            await self.bot.answer_callback_query(query)
        except TelegramError as error:
            logger.info("telegram: a button was not answered: %s", type(error).__name__)

    async def close(self) -> None:
        """Wait for answers under way."""
        await asyncio.gather(*self._answers, return_exceptions=True)
