"""Plays a browser on the web door: opens the form, fills it in, sends it, follows it up."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp

from core.runtime import Runtime
from intake.channel import Channel
from intake.channels.web import open_channel
from tests.builders import Hands
from tests.intake.channels.contract import Answer, Traits, Verdict, typed
from tests.intake.channels.web.forms import Page, get, post, serve

_VERDICTS: dict[int, Verdict] = {200: "accepted", 429: "later", 503: "later"}


TRAITS = Traits(sends=False)


@dataclass
class WebDriver:
    """One browser; a form opened under a key stays the same form, however often it is sent."""

    traits = TRAITS
    channel: Channel
    visitor: aiohttp.ClientSession
    clock: Hands
    secrets: tuple[str, ...]
    _forms: dict[str, dict[str, str]] = field(default_factory=dict)
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def report(self, key: str, words: str) -> Answer:
        return await self._send(key, words, opened="/", sent="/")

    async def reply(self, key: str, words: str) -> Answer:
        code = (await get(self.visitor, "/thanks")).one(".code")
        return await self._send(key, words, opened=f"/t/{code}", sent="/tracking/message")

    async def settle(self) -> None:
        """Do nothing: what the web door answered is understood already."""

    async def _send(self, key: str, words: str, *, opened: str, sent: str) -> Answer:
        async with self._opening:
            if key not in self._forms:
                page = await get(self.visitor, opened)
                if page.status != 200:
                    return _answer(page)
                self._forms[key] = page.fields()
                self.clock.move(seconds=40)
        text = typed(words)
        return _answer(await post(self.visitor, sent, self._forms[key] | {"story": text}))


def _answer(page: Page) -> Answer:
    return Answer(verdict=_VERDICTS.get(page.status, "refused"), text=page.text)


@contextlib.asynccontextmanager
async def open_driver(runtime: Runtime) -> AsyncIterator[WebDriver]:
    assert isinstance(runtime.clock, Hands)
    async with serve(runtime) as visitor:
        secrets = (runtime.secret.current.content.decode(),)
        yield WebDriver(open_channel(runtime), visitor, runtime.clock, secrets)
