"""The live line of a chat (WHATWG server-sent events): that there is news, never what."""

import functools
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from aiohttp import web

from core.chats.log import ChatLog, topic_of
from core.ground.database import DatabaseAwayError
from core.ground.rate_limits import CHAT_STREAMS, CHAT_STREAMS_OF_NETWORK
from intake.channels.webchat.page import ChatPage
from intake.pages.event_streams import EventStreams

LONGEST_SECONDS: Final = 3600.0


@dataclass(slots=True)
class ChatStream:
    """Holds the open lines of this process."""

    room: ChatPage
    lines: EventStreams = field(init=False)

    def __post_init__(self) -> None:
        """Have lines of one's own."""
        self.lines = EventStreams.by_network(
            self.room.runtime,
            CHAT_STREAMS,
            CHAT_STREAMS_OF_NETWORK,
            longest_seconds=LONGEST_SECONDS,
        )

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (web.get("/chat/events", self.listen, allow_head=False),)

    async def listen(self, request: web.Request) -> web.StreamResponse:
        """Keep a line open. Without a chat there is nothing to wait for (204)."""
        chat = self.room.chat_of(request)
        session_id = await self._session(chat) if chat else None
        if session_id is None:
            return web.Response(status=204)
        version = functools.partial(self._version, session_id)
        return await self.lines.keep_news(request, topic_of(session_id), version)

    async def _session(self, chat: UUID) -> UUID | None:
        try:
            standing = await self.room.conversation.chats.find(str(chat))
        except DatabaseAwayError:
            return None
        return standing.id if standing else None

    async def _version(self, session_id: UUID) -> str:
        try:
            return await ChatLog(self.room.runtime).version(session_id)
        except DatabaseAwayError:
            return ""  # no news to tell; the line stays
