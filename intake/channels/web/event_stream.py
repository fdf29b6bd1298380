"""The event stream of a tracking page (WHATWG server-sent events): there is news, never what.

The page then fetches itself, so that a lost line loses nothing and a stranger's line tells nothing.
"""

import functools
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from aiohttp import web

from core.ground.database import DatabaseAwayError
from core.ground.errors import NotFoundError
from core.ground.rate_limits import TRACKING_STREAMS, TRACKING_STREAMS_OF_NETWORK
from core.reading.reporter import version_of
from intake.channels.web.ticket_page import TicketPage
from intake.pages.event_streams import EventStreams

LONGEST_SECONDS: Final = 3600.0


@dataclass(slots=True)
class TrackingStream:
    """Holds the open lines of this process."""

    page: TicketPage
    lines: EventStreams = field(init=False)

    def __post_init__(self) -> None:
        """Have lines of one's own."""
        self.lines = EventStreams.by_network(
            self.page.context.runtime,
            TRACKING_STREAMS,
            TRACKING_STREAMS_OF_NETWORK,
            longest_seconds=LONGEST_SECONDS,
        )

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (web.get("/tracking/events", self.listen, allow_head=False),)

    async def listen(self, request: web.Request) -> web.StreamResponse:
        """Keep a line open for whoever holds a code; to anybody else it is no use (204)."""
        try:
            ticket_id = await self.page.context.find(request, self.page.code(request))
        except NotFoundError:
            return web.Response(status=204)
        version = functools.partial(self._version, ticket_id)
        return await self.lines.keep_news(request, str(ticket_id), version)

    async def _version(self, ticket_id: UUID) -> str:
        try:
            return str(await version_of(self.page.context.runtime.database, ticket_id) or "")
        except DatabaseAwayError:
            return ""  # no news to tell; the line stays
