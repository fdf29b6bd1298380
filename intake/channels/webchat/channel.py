"""The channel itself: the page and its live line inward, notices into the log outward."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

from aiohttp import web

from core.chats.chats import Chats
from core.chats.log import ChatLog
from core.ground.database import DatabaseAwayError
from core.ground.errors import DeliveryError, Reason
from core.jobs.set_aside import FAULT
from core.runtime import Runtime
from core.tickets.desk import Desk
from intake.channel import Outgoing, Preview, Processed, Raw
from intake.channels.webchat import FACTS, log
from intake.channels.webchat.event_stream import ChatStream
from intake.channels.webchat.log import Log
from intake.channels.webchat.page import ChatPage
from intake.channels.webchat.settings import WebChatSettings
from intake.chat.conversation import Conversation
from intake.chat.decided import address_in, file_decided
from intake.chat.news import says_of
from intake.chat.timers import Timers
from intake.set_aside import summary_of

logger = logging.getLogger(__name__)

NAME = "webchat"
_AGAIN = 5.0


class WebChat:
    """The chat in the browser."""

    name = NAME
    facts = FACTS

    def __init__(self, runtime: Runtime, settings: WebChatSettings) -> None:
        self._runtime, self._settings = runtime, settings
        pause = timedelta(seconds=settings.pause_seconds)
        self._conversation = Conversation(chats=Chats(runtime, NAME), outbox=Log(), pause=pause)

    def mount(self, app: web.Application, _desk: Desk) -> None:
        """Add the page, its live line, and the timers."""
        room = ChatPage(self._runtime, self._conversation)
        for part in (ChatStream(room), room):
            app.router.add_routes(part.routes())
        app.cleanup_ctx.append(self._ringing)

    async def send(self, outgoing: Outgoing) -> str:
        """Write a notice into the log of its chat; told twice, it stands there once."""
        try:
            return await self._write(outgoing)
        except DatabaseAwayError:
            raise DeliveryError(Reason.UNREACHABLE, "our database is away") from None
        except ValueError:
            raise DeliveryError(Reason.REFUSED, "the message cannot be read") from None

    async def process(self, raw: Raw, desk: Desk) -> Processed:
        """File what was set aside as a person decided; without a word of theirs it waits on."""
        words = raw.content.decode("utf-8", "replace")
        if raw.verdict is None:
            summary = await summary_of(self._runtime.database, words=words)
            return Processed(status="quarantined", reason=FAULT, summary=summary)
        return await file_decided(raw, desk, address=address_in(raw), words=words)

    async def give_up(self, raw: Raw, desk: Desk) -> Processed:
        """Do as `process` does: there is nothing in it that could not be read."""
        return await self.process(raw, desk)

    async def preview(self, raw: Raw) -> Preview:
        """Show what was typed."""
        return Preview(address=address_in(raw) or "", words=raw.content.decode("utf-8", "replace"))

    async def _write(self, outgoing: Outgoing) -> str:
        standing = await self._conversation.chats.find(outgoing.recipient)
        if standing is None:
            raise DeliveryError(Reason.UNKNOWN_RECIPIENT, "there is no such chat")
        meant = await says_of(self._conversation, outgoing)
        messages = log.written(*meant) if meant else [(outgoing.text, {})]
        await ChatLog(self._runtime).tell(standing.id, outgoing.delivery_id, messages)
        return str(outgoing.delivery_id)

    async def _ringing(self, _app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(self._ring(), name="web chat timers")
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def _ring(self) -> None:
        ringer = Timers(self._conversation, self._settings.look_seconds)
        while True:
            try:
                await ringer.run()
            except Exception as error:  # noqa: BLE001 - the loop's edge: reminders must go on
                logger.error("web chat: timers failed: %s", type(error).__name__)  # noqa: TRY400 - words
            await asyncio.sleep(_AGAIN)
