"""What somebody decides of a message that was set aside: each verb is a form with its button."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from aiohttp import web

from core.ground.errors import NotFoundError
from core.reading.search import number_of
from core.review.deciding import DecidedError, Review
from intake.console.context import Console
from intake.console.fields import uuid_of
from intake.console.frame import language_here, onwards, say
from intake.console.review.message_page import VERDICTS, Filled, message_page
from intake.console.signed_in import present_of
from intake.language import local_moment
from intake.language import marked as _
from intake.pages import house_of
from intake.uploads.receive import Received

NO_TICKET: Final = _("There is no report with this number among those you see.")
NO_SOURCE: Final = _(
    "Choose what it is, and write an e-mail address, or @ and a domain in which not anybody can"
    " have a mailbox."
)
FASTER: Final = _("Somebody was faster. %(what)s Nothing was changed.")
NOT_WAITING: Final = _("It does not wait any more.")
SOMEBODY: Final = _("An operator")

Verb = Callable[[Review, UUID, Received], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Deciding:
    """The verbs."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.post("/review/{id}/report", self.report),
            web.post("/review/{id}/join", self.join),
            web.post("/review/{id}/no-report", self.no_report),
            web.post("/review/{id}/trust", self.trust),
            web.post("/review/{id}/read-again", self.read_again),
        )

    async def report(self, request: web.Request) -> web.Response:
        """Make a ticket of it."""
        by = present_of(request).account.user_id

        async def do(review: Review, message_id: UUID, form: Received) -> None:
            await review.make_ticket(message_id, by=by, again=_again(form))

        return await self._decide(request, "report", do)

    async def join(self, request: web.Request) -> web.Response:
        """Add it to the ticket that is named."""
        present = present_of(request)

        async def do(review: Review, message_id: UUID, form: Received) -> None:
            number = number_of(form.text("number"))
            if number is None:
                raise _WrongFormError("number", NO_TICKET)
            try:
                await review.join(
                    message_id,
                    number,
                    by=present.account.user_id,
                    reader=present.reader,
                    again=_again(form),
                )
            except NotFoundError:
                raise _WrongFormError("number", NO_TICKET) from None

        return await self._decide(request, "join", do)

    async def no_report(self, request: web.Request) -> web.Response:
        """Let it be."""
        by = present_of(request).account.user_id

        async def do(review: Review, message_id: UUID, _form: Received) -> None:
            await review.no_report(message_id, by=by)

        return await self._decide(request, "no-report", do)

    async def trust(self, request: web.Request) -> web.Response:
        """Trust where it came from, and make a ticket of it."""
        by = present_of(request).account.user_id

        async def do(review: Review, message_id: UUID, form: Received) -> None:
            try:
                await review.trust(message_id, form.text("kind"), form.text("address"), by=by)
            except ValueError:
                raise _WrongFormError("address", NO_SOURCE) from None

        return await self._decide(request, "trust", do)

    async def read_again(self, request: web.Request) -> web.Response:
        """Let it be read once more, by the same rules."""
        by = present_of(request).account.user_id

        async def do(review: Review, message_id: UUID, _form: Received) -> None:
            await review.read_again(message_id, by=by)

        return await self._decide(request, "read-again", do)

    async def _decide(self, request: web.Request, done: str, do: Verb) -> web.Response:
        """Do it and lead back to the list, or show the page with what is wrong beside it."""
        form = await self.console.form(request)
        message_id = uuid_of(request.match_info["id"])
        if message_id is None:
            raise web.HTTPNotFound
        filled = Filled(form.text("number"), form.text("kind"), form.text("address"))
        try:
            await do(Review(self.console.runtime), message_id, form)
        except _WrongFormError as wrong:
            errors = {wrong.field: say(request, wrong.sentence)}
            return await message_page(
                request, self.console, status=422, filled=filled, errors=errors
            )
        except DecidedError as error:
            errors = {"verbs": say(request, FASTER, what=self._decided(request, error))}
            return await message_page(
                request, self.console, status=409, filled=filled, errors=errors
            )
        except NotFoundError:
            raise web.HTTPNotFound from None
        return onwards(f"/console/review?done={done}")

    def _decided(self, request: web.Request, error: DecidedError) -> str:
        sentence = VERDICTS.get(error.verdict or "")
        if sentence is None or error.at is None:
            return say(request, NOT_WAITING)
        moment = local_moment(error.at, house_of(request).zone, language_here(request))
        return say(request, sentence, name=error.by or say(request, SOMEBODY), moment=moment)


class _WrongFormError(Exception):
    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(field)
        self.field, self.sentence = field, sentence


def _again(form: Received) -> bool:
    return form.text("again") == "yes"
