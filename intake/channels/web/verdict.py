"""What the person thinks of the answer: solved or not, and how many stars."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from core.reading.reporter import Tracked
from core.tickets.follow_up import FollowUp
from core.tickets.lifecycle import WORKING
from intake.channels.web.adding import after_follow_up
from intake.channels.web.answers import onwards
from intake.channels.web.report_form import CHANNEL
from intake.channels.web.ticket_page import TicketPage
from intake.language import translate
from intake.uploads.receive import Received, receive

_STARS: Final = {str(count): count for count in range(1, 6)}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One tap each."""

    page: TicketPage

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.post("/tracking/solved", self.solved),
            web.post("/tracking/rating", self.rate),
        )

    async def solved(self, request: web.Request) -> web.StreamResponse:
        """Close the ticket, or open it again."""

        async def do(ticket: Tracked) -> web.StreamResponse:
            desk = self.page.door.desk
            if (await self._form(request)).text("solved") == "yes":
                await desk.confirm(ticket.id)
                return onwards(request, "/tracking?done=solved")
            if ticket.status in WORKING:  # tapped again, and it is open by now
                return onwards(request, "/tracking?done=reopened")
            words = translate(ticket.language, "It is not solved yet.")
            key = f"not-yet.{ticket.id}.{ticket.version}"
            follow_up = FollowUp(channel=CHANNEL, key=key, words=words)
            followed = await desk.follow_up(ticket.id, follow_up)
            return after_follow_up(request, self.page, followed, key)

        return await self.page.act(request, do)

    async def rate(self, request: web.Request) -> web.StreamResponse:
        """Keep the stars; none chosen changes nothing."""

        async def do(ticket: Tracked) -> web.StreamResponse:
            stars = _STARS.get((await self._form(request)).text("stars"))
            if stars is None:
                return onwards(request, "/tracking")
            await self.page.door.desk.rate(ticket.id, stars)
            return onwards(request, "/tracking?done=rated")

        return await self.page.act(request, do)

    async def _form(self, request: web.Request) -> Received:
        return await receive(request, self.page.door.runtime.storage, self.page.door.limits)
