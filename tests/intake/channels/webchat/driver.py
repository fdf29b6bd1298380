"""Plays a browser on the web chat for the suite that every channel passes."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

import aiohttp
import asyncpg
from sqlalchemy import text

from core.chats.session import lock_chat
from core.ground.database import Database, DatabaseAwayError, open_database, plain_url, transaction
from core.ground.errors import Reason
from core.runtime import Runtime
from intake.channel import Channel
from intake.channels.webchat.channel import WebChat
from intake.channels.webchat.keys import key_of
from intake.channels.webchat.settings import WebChatSettings
from tests.builders import TOKEN as POSTER
from tests.intake.channels.contract import Answer, Traits, Verdict, typed
from tests.intake.channels.webchat.visiting import application
from tests.serving import serve

_VERDICTS: dict[int, Verdict] = {303: "accepted", 503: "later"}


TRAITS = Traits(
    alarms=True,
    of_nothing=("accepted", ()),
    says_otherwise={  # no provider but our own database: the chat is there, or it is not
        Reason.BLOCKED: Reason.UNKNOWN_RECIPIENT,
        Reason.REFUSED: Reason.UNKNOWN_RECIPIENT,
        Reason.THROTTLED: Reason.UNREACHABLE,
    },
)


@dataclass
class WebChatDriver:
    """One browser in one chat; a key names the page's own sendings, told again as they were."""

    traits = TRAITS
    channel: Channel
    runtime: Runtime
    url: str
    nowhere: Database
    secrets: tuple[str, ...]
    chat: UUID = field(default_factory=uuid4)
    missing: bool = False
    _told: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    @property
    def recipient(self) -> str:
        """The chat that news goes to; one that never was, where a refusal is wanted."""
        return str(uuid4()) if self.missing else str(self.chat)

    async def report(self, key: str, words: str) -> Answer:
        opened = {"start": f"u_{POSTER}"}
        return await self._post(key, [opened | {"say": words}, {"say": "Kirim"}])

    async def reply(self, key: str, words: str) -> Answer:
        async with transaction(self.runtime.database) as session:
            number = await session.scalar(text("SELECT ticket_number FROM tickets"))
        return await self._post(key, [{"press": f"add:0:{number}"}, {"say": words}])

    async def settle(self) -> None:
        """Do nothing: what was answered is understood."""

    def provider_says(self, reason: Reason | None) -> None:
        """Let the chat be unknown, or our own database be away: there is no other provider."""
        self.missing = reason in (Reason.BLOCKED, Reason.REFUSED)
        if reason in (Reason.THROTTLED, Reason.UNREACHABLE):
            ill = replace(self.runtime, database=self.nowhere)
            self.channel = WebChat(ill, WebChatSettings(pause_seconds=0))

    def received(self) -> list[str]:
        """Read the log beside the loop, which is busy with the test."""
        with ThreadPoolExecutor(1) as beside:
            return beside.submit(asyncio.run, self._lines()).result()

    async def _lines(self) -> list[str]:
        url = self.runtime.database.engine.url.render_as_string(hide_password=False)
        connection = await asyncpg.connect(plain_url(url))
        try:
            query = "SELECT body FROM chat_lines WHERE author = 'bot' ORDER BY seq"
            return [row["body"] for row in await connection.fetch(query)]
        finally:
            await connection.close()

    async def _post(self, key: str, sendings: list[dict[str, str]]) -> Answer:
        sealed = {"chat": key_of(self.runtime.secret, self.chat)}
        fresh = [sealed | {"id": uuid4().hex} | each for each in sendings]
        told = self._told.setdefault(key, fresh)
        statuses = []
        async with aiohttp.ClientSession() as session:
            for fields in told:
                form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
                for name, value in fields.items():
                    form.add_field(name, typed(value))
                async with session.post(
                    f"{self.url}/chat", data=form, allow_redirects=False
                ) as answer:
                    statuses.append(answer.status)
                    said = await answer.text()
        worst = max(statuses)
        return Answer(verdict=_VERDICTS.get(worst, "refused"), text=said)


@contextlib.asynccontextmanager
async def open_driver(runtime: Runtime) -> AsyncIterator[WebChatDriver]:
    app, channel = await application(runtime)
    nowhere = await open_database(
        "postgresql://postgres@/kiss?host=/nowhere", runtime.settings, runtime.clock
    )
    async with serve(app) as url:
        secrets = (runtime.secret.current.content.decode(),)
        driver = WebChatDriver(channel, runtime, url, nowhere, secrets)
        with contextlib.suppress(DatabaseAwayError):  # a test may begin with one that is away
            async with transaction(runtime.database) as session:
                await lock_chat(session, channel.name, str(driver.chat))
        yield driver
    await nowhere.close()
