"""The channel itself: updates in by poll or webhook, messages out, files fetched."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

from aiohttp import web
from telegram.error import BadRequest, TelegramError

from core.chats.chats import Chats
from core.ground.errors import FetchError
from core.jobs.set_aside import FAULT, UNREADABLE
from core.runtime import Runtime
from core.tickets.desk import Desk
from intake.channel import Outgoing, Preview, PreviewError, Processed, Raw
from intake.channels.telegram import FACTS
from intake.channels.telegram import bot as bots
from intake.channels.telegram.looked_at import looked_at
from intake.channels.telegram.pacing import Pacing, Sleep
from intake.channels.telegram.poller import KINDS, Poller
from intake.channels.telegram.profile import Profile
from intake.channels.telegram.receiving import Receiving
from intake.channels.telegram.sender import Sender
from intake.channels.telegram.settings import TelegramSettings
from intake.channels.telegram.understand import UnreadableError
from intake.channels.telegram.webhook import Webhook
from intake.chat.conversation import Conversation
from intake.chat.decided import file_decided
from intake.chat.outbox import Deliveries
from intake.chat.timers import Timers
from intake.set_aside import summary_of

logger = logging.getLogger(__name__)

NAME = "telegram"
_AGAIN = 5.0
"""Seconds until a loop that failed is begun anew."""


class TelegramChannel:
    """The chat bot on Telegram."""

    name = NAME
    facts = FACTS

    def __init__(
        self, runtime: Runtime, settings: TelegramSettings, *, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._runtime, self._settings = runtime, settings
        self._bot = bots.open_bot(settings)
        pause = timedelta(seconds=settings.pause_seconds)
        self._conversation = Conversation(
            chats=Chats(runtime, NAME), outbox=Deliveries(), pause=pause
        )
        pacing = Pacing(runtime, settings.bot_id, sleep)
        self._sender = Sender(self._bot, self._conversation, pacing)
        self._receiving = Receiving(self._bot, settings.bot_id, self._conversation)
        self._profile = Profile(self._bot, self._conversation, kinds=tuple(KINDS))

    def mount(self, app: web.Application, _desk: Desk) -> None:
        """Poll, or take posts at a path that nobody can guess; ring timers."""
        settings = self._settings
        if settings.mode == "webhook":
            way_in = self._mount_webhook(app)
        else:
            way_in = Poller(
                self._bot,
                self._runtime,
                settings.bot_id,
                self._receiving,
                self._profile,
                settings.poll_seconds,
            ).run
        ringer = Timers(self._conversation, settings.look_seconds)
        app.cleanup_ctx.append(self._running(way_in, ringer.run))

    async def send(self, outgoing: Outgoing) -> str:
        """Take a message or a notice to its chat."""
        return await self._sender.send(outgoing)

    async def fetch(self, ref: str) -> bytes:
        """Get a file's bytes; its address holds the token, so it is neither kept nor told."""
        try:
            file = await self._bot.get_file(ref)
            return bytes(await file.download_as_bytearray())
        except BadRequest:
            raise FetchError("gone", gone=True) from None
        except TelegramError as error:
            raise FetchError(type(error).__name__) from None

    async def process(self, raw: Raw, desk: Desk) -> Processed:
        """Understand an update that was set aside: filed as a person decided, else once more."""
        told = looked_at(raw.content)
        if raw.verdict is not None:
            return await file_decided(raw, desk, address=told.address, words=told.words)
        summary = await summary_of(self._runtime.database, words=told.words)
        try:
            outcome = await self._receiving.take_again(raw.external_id, raw.content)
        except UnreadableError as error:
            return Processed(
                status="quarantined", note=str(error), reason=UNREADABLE, summary=summary
            )
        if outcome == "set aside":
            return Processed(status="quarantined", reason=FAULT, summary=summary)
        return Processed()

    async def give_up(self, raw: Raw, desk: Desk) -> Processed:
        """Leave it for a person: an update is no report by itself, until they say that it is."""
        told = looked_at(raw.content)
        if raw.verdict is not None:
            return await file_decided(raw, desk, address=told.address, words=told.words)
        return Processed(
            status="quarantined",
            note="could not be understood",
            reason=UNREADABLE,
            summary=await summary_of(self._runtime.database, words=told.words),
        )

    async def preview(self, raw: Raw) -> Preview:
        """Show the words of an update, where it has any. Raises PreviewError."""
        told = looked_at(raw.content)
        if not told.words:
            raise PreviewError("no words")
        return Preview(address=told.address or "", words=told.words)

    def _mount_webhook(self, app: web.Application) -> Callable[[], Awaitable[None]]:
        ways_in = self._settings.ways_in(self._runtime.secret)
        webhook = Webhook(
            self._runtime, self._settings.bot_id, ways_in, self._receiving, self._profile
        )
        path, header = next(iter(ways_in.items()))
        self._profile.webhook_url = self._runtime.settings.public_url.rstrip("/") + path
        self._profile.secret = header
        for each in ways_in:
            app.router.add_post(each, webhook.take)
        return webhook.introduce

    def _running(
        self, *loops: Callable[[], Awaitable[None]]
    ) -> Callable[[web.Application], AsyncIterator[None]]:
        """Run the loops while the application serves, each begun anew after a fault."""

        async def run(_app: web.Application) -> AsyncIterator[None]:
            tasks = [asyncio.create_task(_kept_going(loop)) for loop in loops]
            yield
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._receiving.close()
            await bots.close(self._bot)

        return run


async def _kept_going(loop: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await loop()
        except Exception as error:  # noqa: BLE001 - the loop's edge: without it the bot falls silent
            logger.error("telegram: a loop failed: %s", type(error).__name__)  # noqa: TRY400 - words
        else:
            return
        await asyncio.sleep(_AGAIN)
