"""The web chat served with a worker beside it, and a visitor with a browser without scripts."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from io import BytesIO
from uuid import uuid4

import aiohttp
from aiohttp import web
from selectolax.lexbor import LexborHTMLParser

from core.ground.database import DatabaseAwayError
from core.runtime import Runtime
from core.tickets.desk import Desk
from intake.channels.webchat.channel import WebChat
from intake.channels.webchat.settings import WebChatSettings
from intake.pages import ShownHospital, errors_as_pages
from intake.pages import mount as mount_pages
from intake.registry import Registry, write_channels
from notifier.worker import background
from tests.serving import WAKES, serve


@dataclass
class Chat:
    """What the page shows, parsed."""

    status: int
    url: str
    text: str

    @property
    def tree(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.text)

    @property
    def said(self) -> list[str]:
        """Texts of the bot's bubbles, in order."""
        return [node.text(separator=" ", strip=True) for node in self.tree.css(".bubble.bot")]

    @property
    def mine(self) -> list[str]:
        """Texts of the person's bubbles, in order."""
        return [node.text(separator=" ", strip=True) for node in self.tree.css(".bubble.person p")]

    def buttons(self) -> dict[str, str]:
        """Return every button of the page by its label; later ones win."""
        found = self.tree.css("button[name=press]")
        return {node.text(strip=True): node.attributes["value"] or "" for node in found}

    def hidden(self) -> dict[str, str]:
        """Return the fields a browser would send untouched."""
        nodes = self.tree.css("[data-chat] > input[type=hidden]")
        return {str(node.attributes["name"]): node.attributes.get("value") or "" for node in nodes}


@dataclass
class Visitor:
    """A browser without scripts."""

    session: aiohttp.ClientSession
    page: Chat = field(default_factory=lambda: Chat(0, "", ""))

    async def open(self, path: str = "/chat") -> Chat:
        """Open a page."""
        async with self.session.get(path) as answer:
            self.page = Chat(answer.status, str(answer.url), await answer.text())
        return self.page

    async def send(self, files: dict[str, bytes] | None = None, **fields: str) -> Chat:
        """Send the form of the page that is open."""
        form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
        for name, value in (self.page.hidden() | fields).items():
            form.add_field(name, value)
        for name, content in (files or {}).items():
            form.add_field("files", BytesIO(content), filename=name)
        async with self.session.post("/chat", data=form) as answer:
            self.page = Chat(answer.status, str(answer.url), await answer.text())
        return self.page

    async def say(self, *texts: str) -> Chat:
        """Type these, one after the other."""
        for each in texts:
            await self.send(say=each)
        return self.page

    async def press(self, label: str) -> Chat:
        """Press a button."""
        return await self.send(press=self.page.buttons()[label], say="")


@contextlib.asynccontextmanager
async def served(runtime: Runtime, *, works: bool = True) -> AsyncIterator[str]:
    """Serve the web chat on a loopback port, with a worker; hand out its address."""
    app, channel = await application(runtime)
    async with contextlib.AsyncExitStack() as stack:
        url = await stack.enter_async_context(serve(app))
        if works:
            registry = Registry({channel.name: channel})
            await stack.enter_async_context(background(runtime, registry, works=True, wakes=WAKES))
        yield url


async def application(runtime: Runtime) -> tuple[web.Application, WebChat]:
    """Make an application with the web chat in it, and let the database know the channel."""
    channel = WebChat(runtime, WebChatSettings(look_seconds=0.05, pause_seconds=0))
    with contextlib.suppress(DatabaseAwayError):  # a test may begin with one that is away
        await write_channels(runtime, Registry({channel.name: channel}))
    app = web.Application(middlewares=[errors_as_pages])
    mount_pages(app, ShownHospital(name="RS Contoh Sehat", public_url=runtime.settings.public_url))
    channel.mount(app, Desk(runtime))
    return app, channel


@contextlib.asynccontextmanager
async def visitor(url: str) -> AsyncIterator[Visitor]:
    """Visit with a cookie jar of one's own."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(url, cookie_jar=jar) as session:
        yield Visitor(session)


def message_id() -> str:
    """Name a sending, as each page does."""
    return uuid4().hex
