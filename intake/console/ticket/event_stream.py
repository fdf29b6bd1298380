"""A ticket's line: that it changed, and who else is at it."""

import contextlib
from dataclasses import dataclass, field

from aiohttp import web
from sqlalchemy import select

from core.ground.database import DatabaseAwayError, transaction
from core.tickets import presence
from core.tickets.ticket import Ticket
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
        database, bell = self.console.runtime.database, self.console.runtime.bell

        async def look() -> list[News]:
            async with transaction(database) as session:
                version = await session.scalar(select(Ticket.version).where(Ticket.id == ticket.id))
                await presence.look(session, ticket.id, me, self.console.now())
                others = await presence.beside(session, ticket.id, me, self.console.now())
            people = [{"name": one.name, "writing": one.writing} for one in others]
            return [("version", version), ("people", people)]

        bell.ring(str(ticket.id))
        try:
            return await self.lines.keep(request, str(ticket.id), look)
        finally:
            with contextlib.suppress(DatabaseAwayError):
                async with transaction(database) as session:
                    await presence.leave(session, ticket.id, me)
            bell.ring(str(ticket.id))

    async def writing(self, request: web.Request) -> web.Response:
        """Note that somebody is writing an answer."""
        ticket, me = await find(request, self.console), present_of(request).reader.user_id
        async with transaction(self.console.runtime.database) as session:
            await presence.look(session, ticket.id, me, self.console.now(), writing=True)
        self.console.runtime.bell.ring(str(ticket.id))
        return web.Response(status=204)
