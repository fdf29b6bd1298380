"""The chat page: a log, buttons, and a field. Plain form posts; a script only makes it live."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from aiohttp import web

from core.chats.log import ChatLog
from core.ground.network_buckets import NetworkBuckets
from core.ground.rate_limits import CHATS_BEGUN
from core.runtime import Runtime
from intake.channels.webchat import incoming, log
from intake.channels.webchat.incoming import Posted
from intake.channels.webchat.keys import chat_of, key_of
from intake.channels.webchat.log import LogLine
from intake.chat.conversation import Conversation
from intake.chat.limits import upload_limits
from intake.chat.update import ChatUpdate
from intake.dialogue.events import Start
from intake.dialogue.machine import SCREENS
from intake.dialogue.state import load
from intake.language import Language
from intake.pages import (
    RETRY_AFTER_SECONDS,
    error_page,
    from_another_site,
    house_of,
    language_for,
    page,
    set_cookie,
)
from intake.pages.caller import caller
from intake.pages.headers import forget_cookie, read_cookie
from intake.uploads.receive import Received, receive

COOKIE: Final = "chat"
KEPT: Final = timedelta(days=90)
"""How long a browser remembers its chat."""
_LONGEST_TOKEN: Final = 62


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the page shows of a chat."""

    key: str
    lines: tuple[LogLine, ...]
    choices: LogLine | None
    """The line whose buttons answer the present question."""
    start: str | None
    version: str
    language: Language
    is_kept: bool
    """Whether there is a chat yet, to which one can come back."""


@dataclass(slots=True)
class ChatPage:
    """Serves the page."""

    runtime: Runtime
    conversation: Conversation
    begun: NetworkBuckets = field(default_factory=lambda: NetworkBuckets(CHATS_BEGUN))

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/chat", self.show),
            web.post("/chat", self.take),
            web.post("/chat/leave", self.leave),
            web.get("/chat/{key}", self.resume),
        )

    async def show(self, request: web.Request) -> web.Response:
        """Show the chat of this browser, or how a new one would begin."""
        chat = self.chat_of(request)
        start = _start(request, new=chat is None)
        view = await self._view(chat or uuid4(), language_for(request), start)
        return page(
            request,
            "pages/chat.html",
            language=view.language,
            view=view,
            message=uuid4().hex,
            link=f"{house_of(request).public_url}/chat/{view.key}",
            limit=upload_limits(self.runtime.settings).file_bytes,
        )

    async def take(self, request: web.Request) -> web.Response:
        """Take what the person sends, and show the chat again (RFC 9110 §15.4.4)."""
        if from_another_site(request, house_of(request)):
            raise web.HTTPForbidden
        limits = upload_limits(self.runtime.settings)
        form = await receive(request, self.runtime.storage, limits)
        key = form.text("chat")
        chat = chat_of(self.runtime.secret, key)
        if chat is None:
            raise web.HTTPSeeOther("/chat")
        chat = await self._begun(request, chat)
        if await self._is_crowded(request, chat):
            return error_page(request, 429, retry_after_seconds=RETRY_AFTER_SECONDS)
        key = key_of(self.runtime.secret, chat)
        posted = incoming.read(form, limits)
        if posted.events:
            await self._hear(chat, form, posted, language_for(request))
        response = web.Response(status=303, headers={"Location": "/chat#latest"})
        self._remember(request, response, key)
        return response

    async def resume(self, request: web.Request) -> web.Response:
        """Open a chat by its link; the key then leaves the address."""
        key = request.match_info["key"]
        response = web.Response(status=303, headers={"Location": "/chat#latest"})
        if chat_of(self.runtime.secret, key) is not None:
            self._remember(request, response, key)
        return response

    async def leave(self, request: web.Request) -> web.Response:
        """Let this browser forget the chat; its link still opens it."""
        if from_another_site(request, house_of(request)):
            raise web.HTTPForbidden
        response = web.Response(status=303, headers={"Location": "/"})
        forget_cookie(response, house_of(request), COOKIE)
        return response

    def chat_of(self, request: web.Request) -> UUID | None:
        """Return the chat that this browser remembers."""
        return chat_of(self.runtime.secret, read_cookie(request, house_of(request), COOKIE) or "")

    async def _begun(self, request: web.Request, chat: UUID) -> UUID:
        """Return the chat to go on in: this browser's own, if the posted one never began.

        A page in another tab may have been opened before the chat of this browser was.
        """
        mine = self.chat_of(request)
        if mine is None or mine == chat or await self._has_begun(chat):
            return chat
        return mine

    async def _is_crowded(self, request: web.Request, chat: UUID) -> bool:
        """Count a chat that begins; say whether too many do where this one comes from."""
        if await self._has_begun(chat):
            return False
        address = caller(request, self.runtime.settings.trusted_proxies)
        if self.begun.spend(address, self.runtime.clock().timestamp()):
            return False
        self.runtime.refusals.note(CHATS_BEGUN)
        return True

    async def _hear(self, chat: UUID, form: Received, posted: Posted, lang: Language) -> None:
        if form.files:
            await self.conversation.chats.keep(str(chat), [file.stored for file in form.files])
        await self._open(chat, posted, lang)
        await self.conversation.hear(
            ChatUpdate(
                key=f"{chat}:{posted.key}",
                address=str(chat),
                events=posted.events,
                raw=posted.words.encode(),
                language=lang,
                waits=bool(form.text("live")),
                shown=posted.words,
            )
        )

    async def _open(self, chat: UUID, posted: Posted, lang: Language) -> None:
        """Follow the link by which the page was opened, once, before what it says first.

        A page without a link, opened before the chat began in another tab, has none to follow.
        """
        opening = posted.opening
        if opening is None or (not opening.payload and await self._has_begun(chat)):
            return
        key = f"{chat}:{posted.page}:opening"
        await self.conversation.hear(
            ChatUpdate(key=key, address=str(chat), events=(opening,), language=lang)
        )

    async def _has_begun(self, chat: UUID) -> bool:
        return await self.conversation.chats.find(str(chat)) is not None

    async def _view(self, chat: UUID, lang: Language, start: str | None) -> View:
        """Read the log; the answer to a link not followed yet is shown ahead of it."""
        standing = await self.conversation.chats.find(str(chat))
        state = load(standing.state, frozenset(SCREENS)) if standing else None
        lines: tuple[LogLine, ...] = ()
        version = ""
        if standing is not None:
            logged, version = await ChatLog(self.runtime).read(standing.id, log.SHOWN)
            lines = log.shown(logged)
        if start is not None:
            talk = await self.conversation.rehearse(_opened(chat, start, lang))
            state = talk.state
            lines += log.preview(talk.said, state.lang, self.runtime.clock())
        spoken = state.lang if state else lang
        return View(
            key=key_of(self.runtime.secret, chat),
            lines=lines,
            choices=_choices(lines, state.version if state else 0),
            start=start,
            version=version,
            language=spoken,
            is_kept=bool(version),
        )

    def _remember(self, request: web.Request, response: web.Response, key: str) -> None:
        span = int(KEPT.total_seconds())
        set_cookie(response, house_of(request), COOKIE, key, max_age_seconds=span)


def _opened(chat: UUID, start: str, lang: Language) -> ChatUpdate:
    event = Start(payload=start)
    return ChatUpdate(key=f"{chat}:look", address=str(chat), events=(event,), language=lang)


def _start(request: web.Request, *, new: bool) -> str | None:
    """Return the link by which the page was opened; a new chat has an empty one at least."""
    poster, ticket = request.query.get("u", ""), request.query.get("t", "")
    if poster:
        return f"u_{poster[:_LONGEST_TOKEN]}"
    if ticket:
        return f"t_{ticket[:_LONGEST_TOKEN]}"
    return "" if new else None


def _choices(lines: tuple[LogLine, ...], version: int) -> LogLine | None:
    """Return the newest question with buttons under it, if it is the present one."""
    asked = (line for line in reversed(lines) if line.author == "bot" and line.style == "reply")
    newest = next(asked, None)
    return newest if newest and newest.version == version else None
