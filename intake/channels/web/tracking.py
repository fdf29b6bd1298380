"""Opening a ticket's page: by a link, by a typed code; and closing it on this phone."""

from dataclasses import dataclass

from aiohttp import web

from core.ground.errors import NotFoundError
from core.tickets.tracking_code import read_code
from intake.channels.web.answers import DONE, onwards
from intake.channels.web.report_form import ReportForm
from intake.channels.web.ticket_page import Addition, TicketPage
from intake.pages import RETRY_AFTER_SECONDS, error_page, from_another_site, house_of
from intake.uploads.receive import receive


@dataclass(frozen=True, slots=True)
class Tracking:
    """The way in and the way out."""

    page: TicketPage

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/t/{code}", self.enter),
            web.get("/tracking", self.show),
            web.post("/tracking/code", self.typed),
            web.post("/tracking/leave", self.leave),
        )

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """Follow a link from a mail or a slip. Nothing changes, so scanners may follow it too."""
        return self.page.entered(request, read_code(request.match_info["code"]))

    async def typed(self, request: web.Request) -> web.StreamResponse:
        """Take a code as somebody typed it."""
        if from_another_site(request, house_of(request)):
            return error_page(request, 403)
        form = await receive(request, self.page.door.runtime.storage, self.page.door.limits)
        code = read_code(form.text("code"))
        if code is None:
            return self.page.sign_in(request, wrong=True)
        return self.page.entered(request, code)

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Show the ticket, or ask for the code. Wrong codes are counted, and guessing slowed."""
        door = self.page.door
        if self.page.code(request) is None:
            return self.page.sign_in(request)
        if not door.guesses.spend(door.caller(request), door.now()):
            return error_page(request, 429, retry_after_seconds=RETRY_AFTER_SECONDS)
        try:
            ticket = await self.page.ticket(request)
        except NotFoundError:
            return self.page.let_go(request, self.page.sign_in(request, wrong=True))
        door.guesses.refund(door.caller(request))
        notice = DONE.get(request.query.get("done", ""))
        return await self.page.shown(request, ticket, Addition(form=ReportForm.blank()), notice)

    async def leave(self, request: web.Request) -> web.StreamResponse:
        """Close the report on this phone."""
        if from_another_site(request, house_of(request)):
            return error_page(request, 403)
        return self.page.let_go(request, onwards(request, "/tracking"))
