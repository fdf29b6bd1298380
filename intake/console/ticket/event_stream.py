"""A ticket's line: that it changed, and who else is at it."""

import contextlib
from dataclasses import dataclass, field

from aiohttp import web

from core.ground.database import DatabaseAwayError
from core.tickets.presence import Attendance
from intake.console.context import Console
from intake.console.event_streams import News, StaffStreams
from intake.console.signed_in import present_of
from intake.console.ticket.door import find


@dataclass(slots=True)
class TicketStream:
    """Keeps who looks and who writes, and tells the others."""

    console: Console
    lines: StaffStreams = field(init=False)

    def __post_init__(self) -> None:
        """Have lines of one's own."""
        self.lines = StaffStreams(self.console)

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/tickets/{number}/events", self.listen, allow_head=False),
            web.post("/tickets/{number}/writing", self.writing),
        )

    async def listen(self, request: web.Request) -> web.StreamResponse:
        """Keep a line open; while it is, its reader counts as looking."""
        ticket, me = await find(request, self.console), present_of(request).reader.user_id
        attendance, bell = Attendance(self.console.runtime), self.console.runtime.bell

        async def look() -> list[News]:
            found = await attendance.look(ticket.id, me)
            people = [{"name": one.name, "writing": one.writing} for one in found.others]
            return [("version", found.version), ("people", people)]

        bell.ring(str(ticket.id))
        try:
            return await self.lines.keep(request, str(ticket.id), look)
        finally:
            with contextlib.suppress(DatabaseAwayError):
                await attendance.leave(ticket.id, me)
            bell.ring(str(ticket.id))

    async def writing(self, request: web.Request) -> web.Response:
        """Note that somebody is writing an answer."""
        ticket, me = await find(request, self.console), present_of(request).reader.user_id
        await Attendance(self.console.runtime).write(ticket.id, me)
        self.console.runtime.bell.ring(str(ticket.id))
        return web.Response(status=204)
