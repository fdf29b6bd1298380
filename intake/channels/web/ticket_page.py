"""The page of one ticket: found by the code in a cookie no script reads, never by a path."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from core.ground.errors import NotFoundError
from core.reading.reporter import Tracked, tracked
from core.tickets.lifecycle import IllegalMoveError
from intake.channels.web.answers import Notice, onwards
from intake.channels.web.door import Door
from intake.channels.web.files import shown_again
from intake.channels.web.progress import progress_of
from intake.channels.web.report_form import ReportForm
from intake.language import marked as _
from intake.language import translate
from intake.pages import error_page, from_another_site, house_of, language_for, page, set_cookie
from intake.pages.headers import forget_cookie, read_cookie
from intake.uploads.arrival import ReceivedFile

_COOKIE: Final = "ticket"
_OPEN_SECONDS: Final = 12 * 3600
_EXAMPLE: Final = "7KQ4-M2XD-9RTA-H5WN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What somebody is adding, and what is wrong with it."""

    form: ReportForm
    files: tuple[ReceivedFile, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TicketPage:
    """What the pages of a ticket share: who may see it, and how it looks."""

    door: Door

    def code(self, request: web.Request) -> str | None:
        """Give the code this browser holds."""
        return read_cookie(request, house_of(request), _COOKIE)

    async def ticket(self, request: web.Request) -> Tracked:
        """Read the ticket this browser holds the code of. Raises NotFoundError."""
        ticket_id = await self.door.desk.find(self.code(request) or "")
        ticket = await tracked(self.door.runtime.database, ticket_id)
        if ticket is None:
            raise NotFoundError
        return ticket

    async def act(
        self, request: web.Request, do: Callable[[Tracked], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Do something to that ticket, if the request comes from our own page."""
        if from_another_site(request, house_of(request)):
            return error_page(request, 403)
        try:
            return await do(await self.ticket(request))
        except NotFoundError:
            return self.sign_in(request, wrong=True)
        except IllegalMoveError:  # the ticket moved on while the page lay open; show how it stands
            return onwards(request, "/tracking")

    def entered(self, request: web.Request, code: str | None) -> web.Response:
        """Lead to the page with a code in hand; without one the page asks for it."""
        response = onwards(request, "/tracking")
        if code is not None:
            self.hold(request, response, code)
        return response

    def hold(self, request: web.Request, response: web.Response, code: str) -> None:
        """Let the browser hold a code for half a day."""
        set_cookie(response, house_of(request), _COOKIE, code, max_age_seconds=_OPEN_SECONDS)

    def let_go(self, request: web.Request, response: web.Response) -> web.Response:
        """Let the browser hold no code any more."""
        forget_cookie(response, house_of(request), _COOKIE)
        return response

    def sign_in(self, request: web.Request, *, wrong: bool = False) -> web.Response:
        """Ask for a code. A wrong one and a missing ticket are told alike."""
        sentence = _("No report opens with this code. Please compare it with your slip.")
        errors = {"code": translate(language_for(request), sentence)} if wrong else {}
        status = 404 if wrong else 200
        return page(request, "pages/sign_in.html", status=status, errors=errors, example=_EXAMPLE)

    async def shown(
        self,
        request: web.Request,
        ticket: Tracked,
        addition: Addition,
        notice: Notice | None = None,
        *,
        status: int = 200,
    ) -> web.Response:
        """Show the ticket, with what is being added to it."""
        door, form = self.door, addition.form
        directory, language, now = await door.directory(), language_for(request), door.now()
        return page(
            request,
            "pages/tracking.html",
            status=status,
            ticket=progress_of(ticket, directory, language, now),
            values=form,
            staged=shown_again(addition.files, door.handles, form.key, now, language),
            errors=addition.errors,
            notice=notice.said_in(language) if notice else None,
            limits=door.limits,
        )
