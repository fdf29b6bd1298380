"""What people do while somebody means to shut them out, each thing timed from its beginning."""

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from io import BytesIO

import aiohttp
from PIL import Image

from tests.intake.channels.web.forms import get, post
from tests.intake.channels.webchat.visiting import Visitor

PERSON = "127.0.1.9"
PASSWORD = "coba-kiss-di-sini"
A_SENTENCE = 3.2
"""Seconds that a person needs at least; whoever is faster is asked twice."""
NUMBER = re.compile(r"TKT-\d{8}-\d{4}")
CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")

Action = Callable[[], Awaitable[float]]


class Kept(Exception):  # noqa: N818 - what happened to somebody, not a fault of the program
    """A person did not get what they came for."""


def wanted(is_so: object, what: str) -> None:
    """Raise Kept unless it is so."""
    if not is_so:
        raise Kept(what)


def photo() -> bytes:
    """Take a picture."""
    made = BytesIO()
    Image.effect_noise((640, 480), 60).save(made, "JPEG")
    return made.getvalue()


@dataclass
class Person:
    """Somebody with one address, and a door to come in by."""

    web: int
    smtp: int
    opened: list[tuple[aiohttp.ClientSession, dict[str, str]]] = field(default_factory=list)
    """Forms that were opened a while ago."""

    def browser(self) -> aiohttp.ClientSession:
        """Open a browser that knows nothing yet."""
        return aiohttp.ClientSession(
            f"http://127.0.0.1:{self.web}",
            connector=aiohttp.TCPConnector(local_addr=(PERSON, 0)),
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            timeout=aiohttp.ClientTimeout(total=15),
        )

    async def open_forms(self, count: int) -> None:
        """Open the form in so many browsers and read it as long as a person does."""
        for _ in range(count):
            browser = self.browser()
            self.opened.append((browser, (await get(browser, "/")).fields()))
        await asyncio.sleep(A_SENTENCE)

    async def sends(self, files: dict[str, bytes] | None = None, **more: str) -> str:
        """Send one of the forms; return the page of its receipt."""
        browser, fields = self.opened.pop()
        async with browser:
            words = {"story": "Antrean farmasi tiga jam.", "type": "complaint"}
            page = await post(browser, "/", fields | words | more, files)
        wanted(NUMBER.search(page.text), f"no number, {page.status}")
        return page.text

    async def reports(self) -> float:
        """Report something."""
        return await timed(self.sends())

    async def reports_as(self, mailbox: str) -> float:
        """Report something in the name of a mailbox."""
        return await timed(self.sends(email=mailbox))

    async def reports_with_photo(self) -> float:
        """Report something with a photo."""
        return await timed(self.sends({"foto.jpg": photo()}))

    async def looks_up(self, code: str) -> float:
        """Open one's own report by its code, in a browser that does not know it."""
        async with self.browser() as browser:
            began = time.monotonic()
            page = await get(browser, f"/t/{code}")
            wanted(NUMBER.search(page.text), f"not open, {page.status}")
            return time.monotonic() - began

    async def listens(self, code: str) -> float:
        """Open one's report and get a live line."""
        async with self.browser() as browser:
            browser.cookie_jar.update_cookies({"kiss-ticket": code})
            began = time.monotonic()
            async with browser.get("/tracking/events") as answer:
                wanted(answer.status == 200, f"no line, {answer.status}")
                return time.monotonic() - began

    async def hears_news(self, code: str) -> float:
        """Add words to one's report, and hear of it on the line of another page."""
        async with self.browser() as page, self.browser() as other:
            for one in (page, other):
                one.cookie_jar.update_cookies({"kiss-ticket": code})
            async with page.get("/tracking/events") as line:
                wanted(line.status == 200, f"no line, {line.status}")
                await line.content.readany()
                fields = (await get(other, "/tracking")).fields("form[action='/tracking/message']")
                words = {"story": f"Masih begitu, {time.monotonic()}."}
                began = time.monotonic()
                await post(other, "/tracking/message", fields | words)
                async with asyncio.timeout(10):
                    while b"data:" not in await line.content.readany():
                        pass
                return time.monotonic() - began

    async def rates(self, code: str) -> float:
        """Say how content one is."""
        async with self.browser() as browser:
            browser.cookie_jar.update_cookies({"kiss-ticket": code})
            began = time.monotonic()
            page = await post(browser, "/tracking/rating", {"stars": "4"})
            wanted(page.status == 200, f"not rated, {page.status}")
            return time.monotonic() - began

    async def signs_in(self, name: str, known: aiohttp.ClientSession | None = None) -> float:
        """Sign in, in a browser that knows the account or in a new one."""
        async with contextlib.AsyncExitStack() as stack:
            browser = known
            if browser is None:
                browser = await stack.enter_async_context(self.browser())
            began = time.monotonic()
            page = await post(browser, "/console/sign-in", {"name": name, "password": PASSWORD})
            wanted(page.path != "/console/sign-in", f"not in, {page.status}")
            return time.monotonic() - began

    async def is_ready(self) -> float:
        """Ask as a balancer does."""
        async with self.browser() as browser:
            began = time.monotonic()
            async with browser.get("/readyz") as answer:
                wanted(answer.status == 200, f"not ready, {answer.status}")
                return time.monotonic() - began

    async def chats(self) -> float:
        """Begin a chat and be answered."""
        async with self.browser() as browser:
            visitor = Visitor(browser)
            began = time.monotonic()
            await visitor.open()
            before = len(visitor.page.said)
            page = await visitor.send(say="AC di kamar tiga mati sejak kemarin.")
            wanted(page.status == 200 and len(page.said) > before, f"no answer, {page.status}")
            return time.monotonic() - began

    async def chat_listens(self) -> float:
        """Begin a chat and get a live line."""
        async with self.browser() as browser:
            visitor = Visitor(browser)
            await visitor.open()
            await visitor.send(say="Halo.")
            began = time.monotonic()
            async with browser.get("/chat/events") as answer:
                wanted(answer.status == 200, f"no line, {answer.status}")
                return time.monotonic() - began

    async def mails(self, size: int = 2000) -> float:
        """Send a mail and hear that it was taken."""
        began = time.monotonic()
        async with asyncio.timeout(15):
            told = await self._mailed(size)
        wanted(told.startswith("250"), told.strip()[:40] or "hung up")
        return time.monotonic() - began

    async def _mailed(self, size: int) -> str:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.smtp, local_addr=(PERSON, 0)
        )
        text = f"From: sari@example.org\r\nSubject: Infus\r\nDate: {time.monotonic()}\r\n\r\n"
        body = "Infus habis.\r\n" * (size // 14)
        said = (
            "EHLO example.org",
            "MAIL FROM:<sari@example.org>",
            "RCPT TO:<halo@rs.example.org>",
            "DATA",
            f"{text}{body}.",
        )
        try:
            told = await answer(reader)
            for each in said:
                if told[:1] not in "23":
                    return told
                writer.write(each.encode() + b"\r\n")
                told = await answer(reader)
            return told
        finally:
            writer.close()


async def answer(reader: asyncio.StreamReader) -> str:
    """Hear one answer of the mail door; return its last line."""
    while True:
        told = (await reader.readline()).decode()
        if told[3:4] != "-":
            return told


async def timed(work: Awaitable[object]) -> float:
    """Return the seconds it takes."""
    began = time.monotonic()
    await work
    return time.monotonic() - began


@contextlib.asynccontextmanager
async def somebody(web: int, smtp: int) -> AsyncIterator[Person]:
    """Have a person, and close what was opened."""
    person = Person(web, smtp)
    try:
        yield person
    finally:
        for browser, _ in person.opened:
            await browser.close()
