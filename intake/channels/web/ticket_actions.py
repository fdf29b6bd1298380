"""What the person does on a ticket's page: add words and files, say whether it is solved, rate."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from core.ground.database import DatabaseAwayError
from core.reading.reporter import Tracked
from core.tickets.follow_up import Followed, FollowUp
from core.tickets.lifecycle import WORKING
from intake.channels.web.banners import AWAY
from intake.channels.web.context import redirect_after_post
from intake.channels.web.receipt import hand_over
from intake.channels.web.report_form import CHANNEL, FilledForm
from intake.channels.web.ticket_page import TicketPage
from intake.language import translate
from intake.pages import RETRY_AFTER_SECONDS, language_for
from intake.uploads.receive import Received, receive

_STARS: Final = {str(count): count for count in range(1, 6)}


@dataclass(frozen=True, slots=True)
class TicketActions:
    """One form each."""

    page: TicketPage

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.post("/tracking/message", self.add),
            web.post("/tracking/solved", self.solved),
            web.post("/tracking/rating", self.rate),
        )

    async def add(self, request: web.Request) -> web.StreamResponse:
        """Take words and files; whatever is wrong, they come back with the page."""

        async def do(ticket: Tracked) -> web.StreamResponse:
            context, language = self.page.context, language_for(request)
            received = await self._received(request)
            addition = FilledForm.read(
                received, context.handles, context.limits, context.now(), language
            )
            if addition.errors:
                return await self.page.shown(request, ticket, addition, status=addition.status)
            return await self._added(request, ticket, addition)

        return await self.page.act(request, do)

    async def solved(self, request: web.Request) -> web.StreamResponse:
        """Close the ticket, or open it again."""

        async def do(ticket: Tracked) -> web.StreamResponse:
            desk = self.page.context.desk
            if (await self._received(request)).text("solved") == "yes":
                await desk.confirm(ticket.id)
                return redirect_after_post(request, "/tracking?done=solved")
            if ticket.status in WORKING:  # tapped again, and it is open by now
                return redirect_after_post(request, "/tracking?done=reopened")
            words = translate(ticket.language, "It is not solved yet.")
            key = f"not-yet.{ticket.id}.{ticket.version}"
            follow_up = FollowUp(channel=CHANNEL, key=key, words=words)
            followed = await desk.follow_up(ticket.id, follow_up)
            return self._followed(request, followed, key)

        return await self.page.act(request, do)

    async def rate(self, request: web.Request) -> web.StreamResponse:
        """Keep the stars; none chosen changes nothing."""

        async def do(ticket: Tracked) -> web.StreamResponse:
            stars = _STARS.get((await self._received(request)).text("stars"))
            if stars is None:
                return redirect_after_post(request, "/tracking")
            await self.page.context.desk.rate(ticket.id, stars)
            return redirect_after_post(request, "/tracking?done=rated")

        return await self.page.act(request, do)

    async def _received(self, request: web.Request) -> Received:
        context = self.page.context
        return await receive(request, context.runtime.storage, context.limits)

    async def _added(
        self, request: web.Request, ticket: Tracked, addition: FilledForm
    ) -> web.StreamResponse:
        follow_up = addition.follow_up()
        try:
            followed = await self.page.context.desk.follow_up(ticket.id, follow_up)
        except DatabaseAwayError:
            response = await self.page.shown(request, ticket, addition, AWAY, status=503)
            response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
            return response
        if addition.form.danger.alarm and followed.receipt is None:
            return redirect_after_post(request, "/tracking?done=danger")
        return self._followed(request, followed, follow_up.key, lost=len(addition.lost))

    def _followed(
        self, request: web.Request, followed: Followed, key: str, *, lost: int = 0
    ) -> web.Response:
        """Lead on to the ticket, or to the thanks of the new one if the old was closed long ago."""
        if followed.receipt is None:
            done = "lost" if lost else "reopened" if followed.reopened else "added"
            return redirect_after_post(request, f"/tracking?done={done}")
        response = redirect_after_post(request, "/thanks")
        hand_over(request, response, followed.receipt, self.page.context, key=key, lost=lost)
        self.page.hold(request, response, followed.receipt.tracking_code)
        return response
