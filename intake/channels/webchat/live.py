"""The live line of a chat (WHATWG server-sent events): that there is news, never what."""

import asyncio
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from aiohttp import web

from core.database import DatabaseAwayError, transaction
from intake.channels.webchat import log
from intake.channels.webchat.room import Room

LOOK_SECONDS: Final = 20.0
LONGEST_SECONDS: Final = 3600.0
MOST_LINES: Final = 500
_RETRY_MILLISECONDS: Final = 5000


@dataclass(slots=True)
class Live:
    """Holds the open lines of this process."""

    room: Room
    look_seconds: float = LOOK_SECONDS
    _lines: int = field(default=0, init=False)

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (web.get("/chat/events", self.listen, allow_head=False),)

    async def listen(self, request: web.Request) -> web.StreamResponse:
        """Keep a line open. Without a chat, or when all are taken: 204, do not try again."""
        chat = self.room.chat_of(request)
        session_id = await self._session(chat) if chat else None
        if session_id is None or self._lines >= MOST_LINES:
            return web.Response(status=204)
        seen = request.headers.get("Last-Event-ID") or request.query.get("seen", "")
        response = web.StreamResponse(
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        )
        response.content_type = "text/event-stream"
        await response.prepare(request)
        self._lines += 1
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                await self._tell(response, session_id, seen)
        except (TimeoutError, ConnectionError):
            pass  # long enough, or the reader went away
        finally:
            self._lines -= 1
        return response

    async def _session(self, chat: UUID) -> UUID | None:
        try:
            return await self.room.conversation.session_id(str(chat))
        except DatabaseAwayError:
            return None

    async def _tell(self, response: web.StreamResponse, session_id: UUID, seen: str) -> None:
        await response.write(f"retry: {_RETRY_MILLISECONDS}\n\n".encode())
        with self.room.runtime.bell.waiting(f"chat-{session_id}") as ring:
            while True:
                ring.clear()
                version = await self._version(session_id)
                if version and version != seen:
                    seen = version
                    news = f"event: news\nid: {version}\ndata: {version}\n\n"
                    await response.write(news.encode())
                else:
                    await response.write(b": still here\n\n")
                try:
                    async with asyncio.timeout(self.look_seconds):
                        await ring.wait()
                except TimeoutError:
                    continue

    async def _version(self, session_id: UUID) -> str:
        try:
            async with transaction(self.room.runtime.database) as session:
                return await log.version_of(session, session_id)
        except DatabaseAwayError:
            return ""  # no news to tell; the line stays
