"""Our side for the tests: the application with the bot in it, and the worker that sends."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from aiohttp import web
from sqlalchemy import text

from core.ground.database import transaction
from core.runtime import Runtime
from core.tickets.desk import Desk
from intake.channels.telegram.channel import TelegramChannel
from intake.channels.telegram.settings import TelegramSettings
from intake.registry import Registry, write_channels
from notifier.worker import background
from tests.intake.channels.telegram.fake import TOKEN, FakeTelegram, Json, Person, post
from tests.serving import WAKES

PATIENCE = 10.0
TIMES = 10
"""How fast the tests' clock runs, and whoever sleeps by it."""


@dataclass
class House:
    """The served bot."""

    runtime: Runtime
    telegram: FakeTelegram
    channel: TelegramChannel
    settings: TelegramSettings
    url: str

    async def update(self, *updates: Json) -> None:
        """Let these happen at Telegram, in this order."""
        for each in updates:
            await self.telegram.enqueue_update(each, token=TOKEN)

    async def do(self, person: Person, *updates: Json) -> str:
        """Let these happen one by one, each answered before the next; return the last answer."""
        for each in updates:
            before = len(self.telegram.texts(person.id))
            await self.update(each)
            await self.until(partial(self._more_said, person, before))
            await self.quiet()
        return self.telegram.texts(person.id)[-1]

    def _more_said(self, person: Person, before: int) -> bool:
        return len(self.telegram.texts(person.id)) > before

    async def say(self, person: Person, *texts: str) -> str:
        """Type these, each answered before the next; return the last answer."""
        return await self.do(person, *[person.text(each) for each in texts])

    async def report(self, person: Person, words: str = "AC di kamar 3 mati.") -> str:
        """Send a report from the menu; return its number."""
        await self.say(person, "/start u_melati0000000000000000000000", words, "Kirim")
        return str((await self.rows("SELECT ticket_number FROM tickets"))[-1][0])

    async def quiet(self) -> None:
        """Wait until everything that was heard is answered."""

        async def settled() -> bool:
            query = (
                "SELECT count(*) FROM deliveries"
                " WHERE channel = 'telegram' AND status IN ('pending', 'queued', 'sending')"
                " AND next_attempt_at <= now() + interval '10 years'"
            )
            return bool((await self.rows(query))[0][0] == 0)

        await self.until(settled)

    async def until(self, holds: Callable[[], Any]) -> None:
        """Wait until something holds; fail after a while."""
        end = time.monotonic() + PATIENCE
        while True:
            found = holds()
            if await found if isinstance(found, Awaitable) else found:
                return
            assert time.monotonic() < end, f"in vain: {self.telegram.sent[-3:]}"
            await asyncio.sleep(0.02)

    async def rows(self, query: str, **facts: object) -> list[tuple[Any, ...]]:
        """Ask the database."""
        async with transaction(self.runtime.database) as session:
            return [tuple(row) for row in await session.execute(text(query), facts)]

    async def post(self, update: Json, secret: str | None = "") -> int:
        """Post to our webhook; an empty secret is the right one."""
        path = self.settings.path(self.runtime.secret)
        right = self.settings.secret(self.runtime.secret)
        return await post(self.url + path, update, right if secret == "" else secret)


def settings(api: str, **changes: object) -> TelegramSettings:
    """Make the channel's settings for a test."""
    facts: dict[str, object] = {
        "token": TOKEN,
        "api_url": api,
        "poll_seconds": 1,
        "look_seconds": 0.05,
        "pause_seconds": 0,
        "timeout": 2.0,
    }
    return TelegramSettings(**(facts | changes))  # type: ignore[arg-type]  # keyword overrides


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.asynccontextmanager
async def listening(app: web.Application, port: int) -> AsyncIterator[None]:
    """Serve an application at a port until the block ends."""
    runner = web.AppRunner(app, shutdown_timeout=1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def house(
    runtime: Runtime, fake: FakeTelegram, api: str, *, works: bool = True, **changes: object
) -> AsyncIterator[House]:
    """Serve the bot on this runtime, at an address that it knows before it begins."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    ours = runtime.settings.model_copy(update={"public_url": url})
    runtime = replace(runtime, settings=ours)
    chosen = settings(api, **changes)
    channel = TelegramChannel(runtime, chosen, sleep=_sleep)
    registry = Registry({channel.name: channel})
    with contextlib.suppress(Exception):  # a test may begin with a database that is away
        await write_channels(runtime, registry)
    app = web.Application()
    channel.mount(app, Desk(runtime))
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(listening(app, port))
        if works:
            await stack.enter_async_context(background(runtime, registry, works=True, wakes=WAKES))
        yield House(runtime, fake, channel, chosen, url)


async def _sleep(seconds: float) -> None:
    await asyncio.sleep(seconds / TIMES)
