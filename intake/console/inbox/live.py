"""The inbox's line: how many stand in each queue, told whenever a ticket changes."""

from dataclasses import dataclass, field

from aiohttp import web

from core.ground.database import transaction
from core.reading.saved_view import named_views
from intake.console.inbox.shelf import desk_of, written_counts
from intake.console.lines import News, StaffLines
from intake.console.office import Office


@dataclass(slots=True)
class InboxLine:
    """Counts, live."""

    office: Office
    lines: StaffLines = field(init=False)

    def __post_init__(self) -> None:
        """Have lines of one's own."""
        self.lines = StaffLines(self.office)

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (web.get("/inbox/events", self.listen, allow_head=False),)

    async def listen(self, request: web.Request) -> web.StreamResponse:
        """Keep a line open."""

        async def look() -> list[News]:
            desk = await desk_of(request, self.office)
            async with transaction(self.office.runtime.database) as session:
                views = await named_views(session, desk.reader.user_id)
                return [("counts", await written_counts(session, desk, views))]

        return await self.lines.keep(request, "tickets", look)
