"""The live line of a tracking page (WHATWG server-sent events): there is news, never what.

The page then fetches itself, so that a lost line loses nothing and a stranger's line tells nothing.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from aiohttp import web

from core.database import DatabaseAwayError
from core.desk import NotFoundError
from core.tracked import version_of
from intake.channels.web.ticket_page import TicketPage

LOOK_SECONDS: Final = 20.0
"""A ring may be lost, so the version is looked at this often; the line is kept warm by it too."""
LONGEST_SECONDS: Final = 3600.0
"""Then the browser connects anew, perhaps to another process."""
MOST_LINES: Final = 500
_RETRY_MILLISECONDS: Final = 5000


@dataclass(slots=True)
class Live:
    """Holds the open lines of this process."""

    page: TicketPage
    look_seconds: float = LOOK_SECONDS
    _lines: int = field(default=0, init=False)

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (web.get("/tracking/events", self.listen, allow_head=False),)

    async def listen(self, request: web.Request) -> web.StreamResponse:
        """Keep a line open. Whoever comes when all are taken is told to reload instead (204)."""
        if self._lines >= MOST_LINES:
            return web.Response(status=204)  # by the standard, a browser does not try again
        try:
            ticket_id = await self.page.door.desk.find(self.page.code(request) or "")
        except NotFoundError:
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
                await self._tell(response, ticket_id, seen)
        except (TimeoutError, ConnectionError):
            pass  # long enough, or the reader went away
        finally:
            self._lines -= 1
        return response

    async def _tell(self, response: web.StreamResponse, ticket_id: UUID, seen: str) -> None:
        await response.write(f"retry: {_RETRY_MILLISECONDS}\n\n".encode())
        with self.page.door.runtime.bell.waiting(str(ticket_id)) as ring:
            while True:
                ring.clear()
                version = await self._version(ticket_id)
                if version and version != seen:
                    seen = version
                    await response.write(
                        f"event: news\nid: {version}\ndata: {version}\n\n".encode()
                    )
                else:
                    await response.write(b": still here\n\n")
                try:
                    await asyncio.wait_for(ring.wait(), self.look_seconds)
                except TimeoutError:
                    continue

    async def _version(self, ticket_id: UUID) -> str:
        try:
            return str(await version_of(self.page.door.runtime.database, ticket_id) or "")
        except DatabaseAwayError:
            return ""  # no news to tell; the line stays
