"""Words written on a page whose report is no longer open there: kept until the code is given.

They travel inside the page that asks for the code, never in an address, and nothing is kept of them
on our side but files, which are kept as those of any form that comes back. Nothing is sent by
itself: after the code the report is shown with the words in its box, and the person sends them.
"""

from dataclasses import dataclass, replace
from typing import Final

from aiohttp import web

from core.ground.errors import NotFoundError
from core.tickets.codes_in_texts import typed_code
from intake.channels.web.banners import Banner
from intake.channels.web.report_form import FilledForm
from intake.channels.web.ticket_page import EXAMPLE, NO_SUCH_REPORT, TicketPage, slowed
from intake.language import marked as _
from intake.language import translate
from intake.pages import (
    error_page,
    from_another_site,
    house_of,
    language_for,
    page,
)
from intake.uploads.receive import receive

STILL_YOURS: Final = Banner(
    "warn",
    _("Not sent yet"),
    _("This is the report of your code. Your words stand below; press Send to add them to it."),
)


@dataclass(frozen=True, slots=True)
class Reopening:
    """The page that asks for the code and holds the words meanwhile."""

    page: TicketPage

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (web.post("/tracking/again", self.open),)

    def ask(
        self, request: web.Request, addition: FilledForm, problem: str = "", *, status: int = 401
    ) -> web.Response:
        """Ask for the code, with words and files in hand."""
        context, language = self.page.context, language_for(request)
        errors = {"code": translate(language, problem)} if problem else {}
        if "files" in addition.errors:
            errors["files"] = addition.errors["files"]
        return page(
            request,
            "pages/reopen.html",
            status=status,
            path="/tracking",
            values=addition.form,
            staged=addition.shown_files(context.handles, context.now(), language),
            limits=context.limits,
            errors=errors,
            example=EXAMPLE,
        )

    async def open(self, request: web.Request) -> web.StreamResponse:
        """Open the report of a code and put the words back into its box."""
        if from_another_site(request, house_of(request)):
            return error_page(request, 403)
        context, now = self.page.context, self.page.context.now()
        received = await receive(request, context.runtime.storage, context.limits)
        language = language_for(request)
        addition = FilledForm.read(received, context.handles, context.limits, now, language)
        code = typed_code(received.text("code")) or ""
        try:
            ticket = await self.page.ticket_of(request, code)
        except NotFoundError as error:
            return slowed(self.ask(request, addition, NO_SUCH_REPORT, status=404), error)
        shown = await self.page.shown(request, ticket, replace(addition, errors={}), STILL_YOURS)
        self.page.hold(request, shown, code)
        return shown
