"""Plays an agent at the telephone desk: signs in, takes a call down, adds what a caller says."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import NAMESPACE_OID, uuid5

from core.ground.database import DatabaseAwayError
from core.runtime import Runtime
from intake.channel import Channel
from intake.channels.phone import open_channel
from intake.registry import Registry
from tests.intake.channels.contract import Answer, Traits, Verdict, typed
from tests.intake.console.staff import Browser, Page, hire, serve

_VERDICTS: dict[int, Verdict] = {200: "accepted", 429: "later", 503: "later"}


TRAITS = Traits(sends=False, alarms=True)  # people do the sending: test_calling.py


@dataclass
class PhoneDriver:
    """One agent in one browser; a caller has no wire of their own."""

    traits = TRAITS
    channel: Channel
    browser: Browser
    runtime: Runtime
    secrets: tuple[str, ...]
    recipient: str = "+6281200000001"
    _code: str = ""

    async def begin(self) -> None:
        """Sign the agent in; with the database away nobody can."""
        with contextlib.suppress(DatabaseAwayError):
            person = await hire(self.runtime, "agen", "agent")
            await self.browser.let_in(person)

    async def report(self, key: str, words: str) -> Answer:
        fields = {"id": str(uuid5(NAMESPACE_OID, key)), "story": typed(words)}
        page = await self.browser.post("/console/phone", fields)
        if page.all("#code"):
            self._code = page.one("#code")
        return _answer(page)

    async def reply(self, key: str, words: str) -> Answer:
        page = await self.browser.post(
            "/console/phone/earlier-report", {"code": self._code, "prove": "yes"}
        )
        told = page.fields("form[action$=add]") | {"key": key, "words": typed(words)}
        return _answer(await self.browser.post("/console/phone/earlier-report/add", told))

    async def settle(self) -> None:
        """Do nothing: what the desk answered is filed already."""


def _answer(page: Page) -> Answer:
    return Answer(verdict=_VERDICTS.get(page.status, "refused"), text=page.text)


@contextlib.asynccontextmanager
async def open_driver(runtime: Runtime) -> AsyncIterator[PhoneDriver]:
    channel = open_channel(runtime)
    async with (
        serve(runtime, Registry({channel.name: channel})) as served,
        served.browser() as browser,
    ):
        driver = PhoneDriver(channel, browser, runtime, (runtime.secret.current.content.decode(),))
        await driver.begin()
        yield driver
