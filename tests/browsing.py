"""A real Chromium, and what it noticed: dialogs, policy reports, requests that left the house."""

import contextlib
import os
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, async_playwright

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium"))), "no Chromium"
)
"""The shell is the same browser without windows: it draws the same in half the time."""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 800}
Test = TypeVar("Test", bound=Callable[..., object])
View = tuple[ViewportSize, Literal["light", "dark"]]
ONCE: tuple[View, ...] = ((PHONE, "light"), (DESK, "dark"))
"""Each size and each scheme once: what every run looks at."""
ALL: tuple[View, ...] = (*ONCE, (PHONE, "dark"), (DESK, "light"))

LANGUAGES_AND_VIEWS = (
    pytest.param("id", ONCE, id="id"),
    pytest.param("en", ALL, id="en-all", marks=pytest.mark.slow),
    pytest.param("id", ALL, id="id-all", marks=pytest.mark.slow),
)
"""One visit of a page judges it in several views; the full matrix belongs to the slow tests."""


def in_browser(test: Test) -> Test:
    """Mark one test of a file as one that needs a real browser, and the time for it."""
    marked: Test = pytest.mark.browser(pytest.mark.timeout(180)(test))
    return marked


_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AXE = """
async (rules) => {
  const found = await axe.run({runOnly: rules, resultTypes: ["violations"], iframes: false});
  return found.violations.flatMap((one) => one.nodes.map(
    (node) => `${one.id}: ${node.html.slice(0, 160)} ${(node.failureSummary || "").slice(0, 300)}`
  ));
}
"""


@dataclass
class Tab:
    """One page in a context of its own, and everything suspicious it did."""

    page: Page
    context: BrowserContext
    home: str
    views: tuple[View, ...] = ONCE
    complaints: list[str] = field(default_factory=list)

    async def open(self, path: str) -> None:
        """Go to a path of ours."""
        await self.page.goto(self.home + path)

    async def faults(self) -> str:
        """Say what is not for everybody on the page as it stands, in each of the tab's views.

        A line each; nothing to say is an empty string.
        """
        found = []
        for size, scheme in self.views:
            await self.page.set_viewport_size(size)
            await self.page.emulate_media(color_scheme=scheme)
            told = await self.violations()
            if wider := await self.overflow():
                told.append(f"{wider} px wider than the window")
            found += [f"{size['width']} px, {scheme}: {one}" for one in told]
        return "\n".join(found)

    async def violations(self) -> list[str]:
        """Say what axe finds against WCAG 2.2 AA on the page as it stands."""
        if not await self.page.evaluate("'axe' in window"):
            await self.page.evaluate(Axe().axe_script)
        return list(await self.page.evaluate(_AXE, _RULES))

    async def overflow(self) -> int:
        """Measure by how many pixels the page is wider than its window."""
        script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(await self.page.evaluate(script))


@contextlib.asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """Start Chromium; without one skip aloud, and fail on a build machine."""
    if not Path(CHROMIUM).is_file():
        told = f"{CHROMIUM} here: what needs a real browser is NOT tested"
        pytest.fail(told) if os.environ.get("CI") == "true" else pytest.skip(told)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        await chromium.close()


@contextlib.asynccontextmanager
async def tab(
    chromium: Browser,
    home: str,
    views: tuple[View, ...] = ONCE,
    **options: Any,  # noqa: ANN401 - whatever Playwright's new_context takes
) -> AsyncIterator[Tab]:
    """Open a tab that listens for everything that should not happen; it begins in its first view.

    `options` are those of a browser context.
    """
    size, scheme = views[0]
    facts: dict[str, Any] = {"viewport": size, "color_scheme": scheme, "locale": "id-ID"}
    facts["reduced_motion"] = "reduce"  # what fades in has no contrast yet, and costs a wait
    context = await chromium.new_context(**(facts | options))
    page = await context.new_page()
    made = Tab(page, context, home, views)
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
