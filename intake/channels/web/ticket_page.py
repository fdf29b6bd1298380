"""The page of one ticket: found by the code in a cookie no script reads, never by a path."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from core.ground.errors import NotFoundError
from core.reading.reporter import Tracked, TrackedFile, tracked
from core.tickets.codes_in_texts import typed_code
from core.tickets.lifecycle import IllegalMoveError
from core.tickets.tracking_code import read_code
from intake.channels.web.banners import DONE, Banner
from intake.channels.web.context import TooManyGuessesError, WebContext, redirect_after_post
from intake.channels.web.forgetting import forget_report
from intake.channels.web.progress import progress_of
from intake.channels.web.report_form import FilledForm, ReportForm
from intake.language import marked as _
from intake.language import translate
from intake.pages import (
    RETRY_AFTER_SECONDS,
    error_page,
    from_another_site,
    house_of,
    language_for,
    page,
    set_cookie,
)
from intake.pages.headers import forget_cookie, read_cookie
from intake.uploads.receive import receive
from intake.uploads.serve import download, files_of, show

_COOKIE: Final = "ticket"
_OPEN_SECONDS: Final = 12 * 3600
EXAMPLE: Final = "7KQ4-M2XD-9RTA-H5WN"
"""What a code looks like; nobody's."""
NO_SUCH_REPORT: Final = _("No report opens with this code. Please compare it with your slip.")


@dataclass(frozen=True, slots=True)
class TicketPage:
    """Opening the page by a link or a typed code, looking at it and its files, leaving it."""

    context: WebContext

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/t/{code}", self.enter),
            web.get("/tracking", self.show),
            web.post("/tracking/code", self.typed),
            web.post("/tracking/leave", self.leave),
            web.get("/tracking/files/{file}", self.file),
            web.get("/tracking/files/{file}/picture", self.picture),
        )

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """Follow a link from a mail or a slip. Nothing changes, so scanners may follow it too."""
        return self._entered(request, read_code(request.match_info["code"]))

    async def typed(self, request: web.Request) -> web.StreamResponse:
        """Take a code as somebody typed it."""
        if from_another_site(request, house_of(request)):
            return error_page(request, 403)
        context = self.context
        form = await receive(request, context.runtime.storage, context.limits.without_files())
        code = typed_code(form.text("code"))
        if code is None:
            return self._sign_in(request, wrong=True)
        return self._entered(request, code)

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Show the ticket, or ask for the code. Wrong codes are counted, and guessing slowed."""
        if self.code(request) is None:
            return self._sign_in(request)
        try:
            ticket = await self._ticket(request)
        except NotFoundError as error:
            return self._let_go(request, self._sign_in(request, wrong=True, told=error))
        notice = DONE.get(request.query.get("done", ""))
        return await self.shown(request, ticket, FilledForm(form=ReportForm.blank()), notice)

    async def leave(self, request: web.Request) -> web.StreamResponse:
        """Close the report on this phone."""
        if from_another_site(request, house_of(request)):
            return error_page(request, 403)
        response = redirect_after_post(request, "/tracking")
        forget_report(request, response)
        return response

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Hand out a file, to save. A locked one is not handed out."""
        file = await self._file(request)
        files = files_of(self.context.runtime, is_sealed=file.is_sealed)
        return await download(request, files, file.key, name=file.name, mime=file.mime_type)

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """Show the copy of a picture that holds nothing but the picture."""
        file = await self._file(request)
        if file.display_key is None:
            raise web.HTTPNotFound
        return await show(request, self.context.runtime.storage, file.display_key)

    def code(self, request: web.Request) -> str | None:
        """Give the code this browser holds."""
        return read_cookie(request, house_of(request), _COOKIE)

    def hold(self, request: web.Request, response: web.Response, code: str) -> None:
        """Let the browser hold a code for half a day."""
        set_cookie(response, house_of(request), _COOKIE, code, max_age_seconds=_OPEN_SECONDS)

    async def act(
        self,
        request: web.Request,
        do: Callable[[Tracked], Awaitable[web.StreamResponse]],
        closed: Callable[[NotFoundError], web.StreamResponse] | None = None,
    ) -> web.StreamResponse:
        """Do something to that ticket, if the request comes from our own page.

        `closed` answers where the report is open here no more; without it the code is asked for.
        """
        if from_another_site(request, house_of(request)):
            return error_page(request, 403)
        try:
            return await do(await self._ticket(request))
        except NotFoundError as error:
            return closed(error) if closed else self._sign_in(request, closed=True, told=error)
        except IllegalMoveError:  # the ticket moved on while the page lay open; show how it stands
            return redirect_after_post(request, "/tracking")

    async def shown(
        self,
        request: web.Request,
        ticket: Tracked,
        addition: FilledForm,
        notice: Banner | None = None,
        *,
        status: int = 200,
        again: bool = False,
        opens: str = "",
    ) -> web.Response:
        """Show the ticket, with what is being added to it.

        `again`: the same words stand on it already; sent from this page, they are meant once more.
        `opens`: a code that is all that was written; its report can be opened instead.
        """
        context, language = self.context, language_for(request)
        directory, now = await context.directory(), context.now()
        return page(
            request,
            "pages/tracking.html",
            status=status,
            path="/tracking",
            ticket=progress_of(ticket, directory, language, now),
            values=addition.form,
            staged=addition.shown_files(context.handles, now, language),
            errors=addition.errors or addition.unkept,
            notice=notice.said_in(language) if notice else None,
            limits=context.limits,
            again=again,
            opens=opens,
        )

    async def _ticket(self, request: web.Request) -> Tracked:
        """Read the ticket this browser holds the code of. Raises NotFoundError."""
        return await self.ticket_of(request, self.code(request) or "")

    async def ticket_of(self, request: web.Request, code: str) -> Tracked:
        """Read the ticket of a code. Raises NotFoundError, of many wrong ones TooManyGuesses."""
        ticket_id = await self.context.find(request, code)
        ticket = await tracked(self.context.runtime, ticket_id)
        if ticket is None:
            raise NotFoundError
        return ticket

    async def _file(self, request: web.Request) -> TrackedFile:
        try:
            ticket = await self._ticket(request)
        except NotFoundError:
            raise web.HTTPNotFound from None
        wanted = request.match_info["file"]
        files = (file for message in ticket.messages for file in message.files)
        found = next((file for file in files if str(file.id) == wanted and file.is_open), None)
        if found is None:
            raise web.HTTPNotFound
        return found

    def _entered(self, request: web.Request, code: str | None) -> web.Response:
        """Lead to the page with a code in hand; without one the page asks for it."""
        response = redirect_after_post(request, "/tracking")
        if code is not None:
            self.hold(request, response, code)
        return response

    def _let_go(self, request: web.Request, response: web.Response) -> web.Response:
        """Let the browser hold no code any more."""
        forget_cookie(response, house_of(request), _COOKIE)
        return response

    def _sign_in(
        self,
        request: web.Request,
        *,
        wrong: bool = False,
        closed: bool = False,
        told: NotFoundError | None = None,
    ) -> web.Response:
        """Ask for a code. A wrong one and a missing ticket are told alike."""
        errors = {"code": translate(language_for(request), NO_SUCH_REPORT)} if wrong else {}
        status = 404 if wrong else 401 if closed else 200
        response = page(
            request,
            "pages/sign_in.html",
            status=status,
            path="/tracking",
            errors=errors,
            closed=closed,
            example=EXAMPLE,
        )
        return slowed(response, told) if told else response


def slowed(response: web.Response, told: NotFoundError) -> web.Response:
    """Let the answer to a wrong code say so where too many of them came."""
    if isinstance(told, TooManyGuessesError):
        response.set_status(429)
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response
