"""The inbox's line: how many stand in each queue, told whenever a ticket changes."""

from dataclasses import dataclass, field

from aiohttp import web

from core.ground.database import transaction
from core.reading.saved_view import named_views
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
            async with transaction(self.console.runtime.database) as session:
                views = await named_views(session, desk.reader.user_id)
                return [("counts", await written_counts(session, desk, views))]

        return await self.lines.keep(request, "tickets", look)
