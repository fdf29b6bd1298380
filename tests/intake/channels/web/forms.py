"""A visitor who fills in our forms as a browser would: hidden fields go back as they came."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
from aiohttp import web
from selectolax.lexbor import LexborHTMLParser

from core.runtime import Runtime
from intake.app import create_app
from intake.channel import Channel
from intake.channels.web import open_channel
from intake.commands.logs import AccessLog
from intake.registry import Registry
from tests.builders import Hands


@contextlib.asynccontextmanager
async def serve(
    runtime: Runtime, channel: Channel | None = None, *, cookies: bool = True
) -> AsyncIterator[aiohttp.ClientSession]:
    """Serve the web door alone on a loopback port; hand out a visitor with a cookie jar.

    Without `cookies` none gets through: to a real browser it is as if it kept none.
    """
    registry = Registry({"web": channel or open_channel(runtime)})
    app = create_app(runtime, registry)
    if not cookies:
        app.on_response_prepare.append(_without_cookies)
    runner = web.AppRunner(app, shutdown_timeout=1, access_log_class=AccessLog)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(f"http://{host}:{port}", cookie_jar=jar) as visitor:
        yield visitor
    await runner.cleanup()


async def _without_cookies(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.popall("Set-Cookie", None)


@dataclass(frozen=True)
class Page:
    """An answer, parsed."""

    status: int
    path: str
    text: str
    headers: dict[str, str]

    @property
    def tree(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.text)

    def all(self, selector: str) -> list[str]:
        return [node.text(strip=True) for node in self.tree.css(selector)]

    def one(self, selector: str) -> str:
        [text] = self.all(selector)
        return text

    def attribute(self, selector: str, name: str) -> str:
        """Give an attribute of the first element that a selector finds."""
        node = self.tree.css_first(selector)
        assert node is not None
        return node.attributes.get(name) or ""

    def fields(self, form: str = "#report") -> dict[str, str]:
        """Collect what a browser would send of a form untouched."""
        found = {}
        for node in self.tree.css(f"{form} input, {form} textarea, {form} select"):
            name, kind = node.attributes.get("name"), node.attributes.get("type")
            if name is None or kind == "file":
                continue
            if kind in {"radio", "checkbox"} and "checked" not in node.attributes:
                continue
            if node.tag == "textarea":
                found[name] = node.text().removeprefix("\n")
            elif node.tag == "select":
                chosen = node.css_first("option[selected]") or node.css_first("option")
                found[name] = (chosen.attributes.get("value") if chosen else "") or ""
            else:
                found[name] = node.attributes.get("value") or ""
        return found


async def get(visitor: aiohttp.ClientSession, path: str, **options: object) -> Page:
    async with visitor.get(path, **options) as response:  # type: ignore[arg-type]  # passed on
        return await _page(response)


async def post(
    visitor: aiohttp.ClientSession,
    path: str,
    fields: dict[str, str],
    files: dict[str, bytes] | None = None,
    headers: dict[str, str] | None = None,
) -> Page:
    """Send a form as multipart, follow where it leads."""
    form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
    for name, value in fields.items():
        form.add_field(name, value)
    for name, content in (files or {}).items():
        form.add_field("files", content, filename=name)
    async with visitor.post(path, data=form, headers=headers) as response:
        return await _page(response)


async def filled(visitor: aiohttp.ClientSession, hands: Hands, **fields: str) -> dict[str, str]:
    """Open the form, take time over it and fill it in."""
    form = await get(visitor, "/")
    hands.move(seconds=40)
    return form.fields() | {"story": "Antrean farmasi tiga jam."} | fields


async def _page(response: aiohttp.ClientResponse) -> Page:
    return Page(
        response.status, response.url.path, await response.text(), dict(response.headers.items())
    )
