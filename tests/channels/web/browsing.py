"""A real Chromium, and what it noticed: dialogs, policy reports, requests that left the house."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}


@dataclass
class Tab:
    """One page in a context of its own, and everything suspicious it did."""

    page: Page
    context: BrowserContext
    home: str
    complaints: list[str] = field(default_factory=list)
    wire_bytes: int = 0

    async def open(self, path: str) -> None:
        """Go to a path of ours."""
        await self.page.goto(self.home + path)

    async def violations(self) -> list[str]:
        """Say what axe finds against WCAG 2.2 AA on the page as it stands."""
        rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        await self.page.evaluate(_AT_REST)  # what fades in has no contrast yet
        found = await Axe().run(self.page, options={"runOnly": rules})
        return [
            f"{one['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
            for one in found.response["violations"]
            for node in one["nodes"]
        ]

    async def overflow(self) -> int:
        """Measure by how many pixels the page is wider than its window."""
        script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(await self.page.evaluate(script))


_AT_REST = "Promise.allSettled(document.getAnimations().map((moving) => moving.finished))"


@contextlib.asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """Start Chromium."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        await chromium.close()


@contextlib.asynccontextmanager
async def tab(chromium: Browser, home: str, **options: object) -> AsyncIterator[Tab]:
    """Open a tab that listens for everything that should not happen."""
    facts: dict[str, object] = {"viewport": PHONE, "locale": "id-ID"}
    context = await chromium.new_context(**(facts | options))  # type: ignore[arg-type]  # a builder
    page = await context.new_page()
    made = Tab(page, context, home)
    page.on("dialog", lambda dialog: made.complaints.append(f"dialog: {dialog.message}"))
    page.on("pageerror", lambda error: made.complaints.append(f"script: {error}"))
    page.on("console", lambda line: _listen(made, line.type, line.text))
    page.on("request", lambda request: _watch(made, request.url))
    yield made
    await context.close()


def _listen(made: Tab, kind: str, text: str) -> None:
    expected = "Failed to load resource" in text  # a 4xx page is meant, and told in the console
    if kind in {"error", "warning"} and not expected:
        made.complaints.append(f"console: {text}")


def _watch(made: Tab, url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"blob", "data"} and parts.netloc != urlsplit(made.home).netloc:
        made.complaints.append(f"left the house: {parts.scheme}://{parts.netloc}")
