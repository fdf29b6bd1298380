"""The inbox's line: how many stand in each queue, told whenever a ticket changes."""

from dataclasses import dataclass, field

from aiohttp import web

from core.reading.inbox import Inbox
from intake.console.context import Console
from intake.console.event_streams import News, StaffStreams
from intake.console.inbox.sidebar import desk_of, written_counts


@dataclass(slots=True)
class InboxStream:
    """Counts, live."""

    console: Console
    lines: StaffStreams = field(init=False)

    def __post_init__(self) -> None:
        """Have lines of one's own."""
        self.lines = StaffStreams(self.console)

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (web.get("/inbox/events", self.listen, allow_head=False),)

    async def listen(self, request: web.Request) -> web.StreamResponse:
        """Keep a line open."""

        async def look() -> list[News]:
            desk = await desk_of(request, self.console)
            counted = await Inbox(self.console.runtime).counts(desk)
            return [("counts", written_counts(counted))]

        return await self.lines.keep(request, "tickets", look)
