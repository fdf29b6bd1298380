"""The driver of `tests/chats` against the running web chat: page, forms, PostgreSQL, worker."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import aiohttp
from sqlalchemy import text

from core.ground.database import transaction
from core.runtime import Runtime
from intake.channels.webchat.keys import chat_of
from intake.chat import buttons
from tests.builders import Hands
from tests.intake.channels.webchat.visiting import Visitor, message_id, served, visitor
from tests.intake.chat.standing import Standing, token_of
from tests.intake.dialogue.script import (
    AtOnce,
    Deed,
    Does,
    Follows,
    Presses,
    Says,
    Scans,
    Script,
    Sends,
)

PATIENCE = 10.0
FILES = {"photo": ("foto.jpg", b"\xff\xd8\xff "), "voice": ("suara.ogg", b"OggS"),
         "file": ("surat.pdf", b"%PDF-1.4\n")}  # fmt: skip
"""What a browser sends for each kind of file: a name, and how it begins."""

Form = dict[str, str]


def can_play(script: Script) -> bool:
    """Tell whether a page can do what a script's person does: no edits, albums, stickers."""
    deeds = [each for step in script.steps
             for each in (step.at_once if isinstance(step, AtOnce) else (step,))]  # fmt: skip
    return all(map(_is_for_a_page, deeds))


def _is_for_a_page(deed: object) -> bool:
    match deed:
        case Says():
            return deed.reply_to is None
        case Sends():
            small = deed.megabytes < 1 and not deed.seconds and deed.send in FILES
            return small and deed.album is None and deed.reply_to is None
        case Does():
            return deed.do == "start"
        case _:
            return type(deed).__name__ not in ("Edits", "Shares") and not _needs_a_profile(deed)


def _needs_a_profile(deed: object) -> bool:
    return isinstance(deed, Presses) and deed.press in ("my-name", "my-number")


@dataclass
class BrowserDriver(Standing):
    """One person with a browser without scripts, their staff, and a clock that is moved."""

    runtime: Runtime
    hands: Hands
    guest: Visitor = field(init=False)
    path: str = "/chat"
    buttons: dict[str, str] = field(default_factory=dict)
    files: int = 0
    _stack: contextlib.AsyncExitStack = field(default_factory=contextlib.AsyncExitStack)

    @property
    def side(self) -> "BrowserDriver":
        return self

    @property
    def address(self) -> str:
        chat = chat_of(self.runtime.secret, self.guest.page.hidden().get("chat", ""))
        return str(chat)

    async def begin(self) -> None:
        """Start our side, and a browser."""
        url = await self._stack.enter_async_context(served(self.runtime))
        self.guest = await self._stack.enter_async_context(visitor(url))

    async def end(self) -> None:
        """Stop both."""
        await self._stack.aclose()

    async def restart(self) -> None:
        """Serve anew; the browser keeps its chat by the link."""
        key = self.guest.page.hidden()["chat"]
        await self.end()
        self._stack = contextlib.AsyncExitStack()
        await self.begin()
        await self.guest.open(f"/chat/{key}" if self.path == "/chat" else self.path)

    async def deed(self, deed: Deed) -> None:
        await self.at_once((deed,))

    async def at_once(self, deeds: tuple[Deed, ...]) -> None:
        """Each is a tab of its own, opened before any of them sends."""
        forms = [await self._form(deed) for deed in deeds]
        await asyncio.gather(*[self._post(*form) for form in forms if form])
        await self.quiet()

    async def quiet(self) -> None:
        query = (
            "SELECT count(*) FROM deliveries"
            " WHERE channel = 'webchat' AND status IN ('pending', 'queued', 'sending')"
        )

        async def settled() -> bool:
            return await self.rows(query) == [(0,)]

        await self.until(settled)

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        end = time.monotonic() + PATIENCE
        while not await holds():
            assert time.monotonic() < end, "in vain"
            await asyncio.sleep(0.02)

    async def rows(self, query: str, **facts: object) -> list[tuple[Any, ...]]:
        async with transaction(self.runtime.database) as session:
            return [tuple(row) for row in await session.execute(text(query), facts)]

    async def _form(self, deed: Deed) -> tuple[Form, dict[str, bytes]] | None:
        """Fill the form as the person would; None where a link is opened and nothing sent."""
        match deed:
            case Scans():
                self.path = f"/chat?u={token_of(deed.scan)}"
            case Follows():
                code = (await self.outcome()).tickets[deed.follow - 1].code
                self.path = f"/chat?t={code.replace('-', '')}"
            case Does():
                self.path = "/chat"
        await self.guest.open(self.path)
        sealed = self.guest.page.hidden() | {"id": message_id()}
        match deed:
            case Says():
                return sealed | {"say": deed.say}, {}
            case Presses():
                return sealed | {"press": await self._pressed(deed)}, {}
            case Sends():
                self.files += 1
                name, begin = FILES[deed.send]
                return sealed | {"say": deed.caption}, {f"{self.files}-{name}": begin}
            case _:
                return None

    async def _post(self, fields: Form, files: dict[str, bytes]) -> None:
        form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
        for name, value in fields.items():
            form.add_field(name, value)
        for name, content in files.items():
            form.add_field("files", BytesIO(content), filename=name)
        async with self.guest.session.post("/chat", data=form) as answer:
            assert answer.status == 200
        self.path = "/chat"

    async def _pressed(self, deed: Presses) -> str:
        """Return what the button sends that was shown last with that id."""
        if deed.again:
            return self.buttons[deed.press]
        about = deed.about
        if isinstance(about, int):
            about = (await self.outcome()).tickets[about - 1].number
        elif about:
            [(about,)] = await self.rows("SELECT id::text FROM units WHERE code = :c", c=about)
        shown = self.guest.page.tree.css("button[name=press]")
        for sends in reversed([node.attributes["value"] or "" for node in shown]):
            press = buttons.read(sends)
            if press and press.id == deed.press and about in (None, press.about):
                self.buttons[deed.press] = sends
                return sends
        raise AssertionError(f"no button {deed.press} was shown")
