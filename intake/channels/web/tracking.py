"""The tracking page: opened by a code, added to, confirmed, rated, closed on this phone."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote
from uuid import UUID

from aiohttp import web

from core.database import DatabaseAwayError
from core.desk import NotFoundError
from core.follow_up import Followed, FollowUp
from core.lifecycle import IllegalMoveError
from core.tracked import Tracked, TrackedFile, tracked
from core.tracking import read_code
from intake.channels.web import receipt as receipts
from intake.channels.web.answers import AWAY, DONE, Notice, onwards
from intake.channels.web.door import Door
from intake.channels.web.files import (
    fingerprint,
    gathered,
    problems_of,
    shown_again,
    status_for,
    stored,
)
from intake.channels.web.progress import progress_of
from intake.channels.web.report_form import CHANNEL, ReportForm
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
from intake.uploads.arrival import ReceivedFile
from intake.uploads.receive import Received, receive
from intake.uploads.serve import download, show

COOKIE: Final = "ticket"
_OPEN_SECONDS: Final = 12 * 3600
_EXAMPLE: Final = "7KQ4-M2XD-9RTA-H5WN"
_MOST_STARS: Final = 5


def _(message: str) -> str:
    """Mark a message for the catalogue."""
    return message


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What somebody is adding, and what is wrong with it."""

    form: ReportForm
    files: tuple[ReceivedFile, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tracking:
    """The pages of one ticket. The code travels in a cookie no script reads, never in a path."""

    door: Door

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/t/{code}", self.enter),
            web.get("/tracking", self.show),
            web.post("/tracking/code", self.typed),
            web.post("/tracking/message", self.add),
            web.post("/tracking/solved", self.solved),
            web.post("/tracking/rating", self.rate),
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
        form = await receive(request, self.door.runtime.storage, self.door.limits)
        code = read_code(form.text("code"))
        if code is None:
            return self._sign_in(request, wrong=True)
        return self._entered(request, code)

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Show the ticket, or ask for the code."""
        code = read_cookie(request, house_of(request), COOKIE)
        if code is None:
            return self._sign_in(request)
        if not self.door.guesses.spend(self.door.caller(request), self.door.now()):
            return error_page(request, 429, retry_after_seconds=RETRY_AFTER_SECONDS)
        try:
            ticket = await self._ticket(code)
        except NotFoundError:
            response = self._sign_in(request, wrong=True)
            forget_cookie(response, house_of(request), COOKIE)
            return response
        self.door.guesses.refund(self.door.caller(request))
        notice = DONE.get(request.query.get("done", ""))
        return await self._shown(request, ticket, Addition(form=ReportForm.blank()), notice)

    async def add(self, request: web.Request) -> web.StreamResponse:
        """Add words and files; whatever is wrong, they come back with the page."""

        async def do(ticket: Tracked) -> web.StreamResponse:
            received = await receive(request, self.door.runtime.storage, self.door.limits)
            addition = self._understood(request, received)
            if addition.errors:
                return await self._shown(request, ticket, addition, status=status_for(received))
            return await self._added(request, ticket, addition)

        return await self._with_ticket(request, do)

    async def solved(self, request: web.Request) -> web.StreamResponse:
        """Take the one tap: solved closes the ticket, not solved opens it again."""

        async def do(ticket: Tracked) -> web.StreamResponse:
            form = await receive(request, self.door.runtime.storage, self.door.limits)
            if form.text("solved") == "yes":
                await self.door.desk.confirm(ticket.id)
                return onwards(request, "/tracking?done=solved")
            words = translate(ticket.language, "It is not solved yet.")
            key = f"not-yet.{ticket.id}.{ticket.version}"
            followed = await self.door.desk.follow_up(
                ticket.id, FollowUp(channel=CHANNEL, key=key, words=words)
            )
            return self._followed(request, followed, key)

        return await self._with_ticket(request, do)

    async def rate(self, request: web.Request) -> web.StreamResponse:
        """Keep the stars; none chosen changes nothing."""

        async def do(ticket: Tracked) -> web.StreamResponse:
            form = await receive(request, self.door.runtime.storage, self.door.limits)
            stars = form.text("stars")
            if stars not in map(str, range(1, _MOST_STARS + 1)):
                return onwards(request, "/tracking")
            await self.door.desk.rate(ticket.id, int(stars))
            return onwards(request, "/tracking?done=rated")

        return await self._with_ticket(request, do)

    async def leave(self, request: web.Request) -> web.StreamResponse:
        """Close the report on this phone."""
        if from_another_site(request, house_of(request)):
            return error_page(request, 403)
        response = onwards(request, "/tracking")
        forget_cookie(response, house_of(request), COOKIE)
        return response

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Hand out a file of the ticket, to save."""
        file = await self._file(request)
        storage = self.door.runtime.storage
        return await download(request, storage, file.key, name=file.name, mime=file.mime_type)

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """Show the copy of a picture that holds nothing but the picture."""
        file = await self._file(request)
        if file.display_key is None:
            raise web.HTTPNotFound
        return await show(request, self.door.runtime.storage, file.display_key)

    async def _with_ticket(
        self, request: web.Request, do: Callable[[Tracked], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Do something to the ticket of the cookie, if the request comes from our own page."""
        if from_another_site(request, house_of(request)):
            return error_page(request, 403)
        try:
            return await do(await self._ticket(read_cookie(request, house_of(request), COOKIE)))
        except NotFoundError:
            return self._sign_in(request, wrong=True)
        except IllegalMoveError:  # the ticket moved on while the page lay open; show how it stands
            return onwards(request, "/tracking")

    async def _ticket(self, code: str | None) -> Tracked:
        """Read the ticket a code opens. Raises NotFoundError, DatabaseAwayError."""
        ticket_id: UUID = await self.door.desk.find(code or "")
        ticket = await tracked(self.door.runtime.database, ticket_id)
        if ticket is None:
            raise NotFoundError
        return ticket

    async def _file(self, request: web.Request) -> TrackedFile:
        try:
            ticket = await self._ticket(read_cookie(request, house_of(request), COOKIE))
        except NotFoundError:
            raise web.HTTPNotFound from None
        wanted = request.match_info["file"]
        files = (file for message in ticket.messages for file in message.files)
        found = next((file for file in files if str(file.id) == wanted and file.is_open), None)
        if found is None:
            raise web.HTTPNotFound
        return found

    def _understood(self, request: web.Request, received: Received) -> Addition:
        form, language = ReportForm.read(received), language_for(request)
        files = gathered(received, self.door.handles, form.key, self.door.now(), self.door.limits)
        found = form.problems(with_files=bool(files))
        errors = {name: translate(language, message) for name, message in found.items()}
        errors |= problems_of(received, language)
        return Addition(form=form, files=files, errors=errors)

    async def _added(
        self, request: web.Request, ticket: Tracked, addition: Addition
    ) -> web.StreamResponse:
        words, files = addition.form.story, stored(addition.files)
        key = f"{addition.form.key}.{fingerprint(words, files)}"
        follow_up = FollowUp(channel=CHANNEL, key=key, words=words, files=files)
        try:
            followed = await self.door.desk.follow_up(ticket.id, follow_up)
        except DatabaseAwayError:
            response = await self._shown(request, ticket, addition, AWAY, status=503)
            response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
            return response
        if addition.form.danger.alarm and followed.receipt is None:
            return onwards(request, "/tracking?done=danger")
        return self._followed(request, followed, key)

    def _followed(self, request: web.Request, followed: Followed, key: str) -> web.Response:
        if followed.receipt is None:
            done = "reopened" if followed.reopened else "added"
            return onwards(request, f"/tracking?done={done}")
        response = onwards(request, "/thanks")  # closed long ago: it became a ticket of its own
        receipts.hand_over(
            response,
            house_of(request),
            receipts.sealed(
                followed.receipt, self.door.receipts, self.door.now(), key=key, mail=False
            ),
        )
        self._remember(request, response, followed.receipt.tracking_code)
        return response

    def _entered(self, request: web.Request, code: str | None) -> web.Response:
        response = onwards(request, "/tracking")
        if code is not None:
            self._remember(request, response, code)
        return response

    def _remember(self, request: web.Request, response: web.Response, code: str) -> None:
        set_cookie(response, house_of(request), COOKIE, quote(code), max_age_seconds=_OPEN_SECONDS)

    def _sign_in(self, request: web.Request, *, wrong: bool = False) -> web.Response:
        sentence = _("No report opens with this code. Please compare it with your slip.")
        errors = {"code": translate(language_for(request), sentence)} if wrong else {}
        status = 404 if wrong else 200
        return page(request, "pages/sign_in.html", status=status, errors=errors, example=_EXAMPLE)

    async def _shown(
        self,
        request: web.Request,
        ticket: Tracked,
        addition: Addition,
        notice: Notice | None = None,
        *,
        status: int = 200,
    ) -> web.Response:
        directory, language, now = (
            await self.door.directory(),
            language_for(request),
            self.door.now(),
        )
        form = addition.form
        return page(
            request,
            "pages/tracking.html",
            status=status,
            ticket=progress_of(ticket, directory, language, now),
            values=form,
            staged=shown_again(addition.files, self.door.handles, form.key, now, language),
            errors=addition.errors,
            notice=notice.said_in(language) if notice else None,
            limits=self.door.limits,
        )
