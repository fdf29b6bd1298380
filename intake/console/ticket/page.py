"""The page of a ticket."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from intake.console.context import Console
from intake.console.frame import say
from intake.console.ticket.case_page import case_page
from intake.language import marked as _

DONE: Final = {
    "reply": _("Your answer is on its way."),
    "ask": _("Your question is on its way. It waits in “Waiting for the person”."),
    "note": _("The note is kept. Only staff see it."),
    "resolve": _("Marked as solved. The person is asked whether it is."),
    "assign": _("Given."),
    "move": _("Moved. The deadline stays as promised."),
    "grade": _("The risk is set."),
    "start": _("Work has begun; the person hears of it."),
    "escalate": _("Raised to those above."),
    "close": _("Closed."),
    "reopen": _("Open again."),
    "merge": _("Merged. The person is told where it goes on."),
    "link": _("Linked."),
    "subject": _("Kept from the person it is about."),
    "resend": _("It goes out again in a moment."),
    "cancel": _("Called off."),
    "address": _("News goes to the new address from now on."),
}


@dataclass(frozen=True, slots=True)
class TicketPage:
    """Shows a ticket."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (web.get("/tickets/{number}", self.show),)

    async def show(self, request: web.Request) -> web.Response:
        """Show it."""
        done = DONE.get(request.query.get("done", ""))
        return await case_page(request, self.console, done=done and say(request, done))
