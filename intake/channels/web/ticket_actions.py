"""What the person does on a ticket's page: add words and files, say whether it is solved, rate."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from aiohttp import web

from core.ground.database import DatabaseAwayError
from core.ground.errors import NotFoundError
from core.reading.reporter import Tracked, said_before
from core.tickets.follow_up import Followed, FollowUp
from core.tickets.lifecycle import WORKING, IllegalMoveError
from core.tickets.telling import Said, Telling
from intake.channels.web.banners import AWAY, SAID_BEFORE
from intake.channels.web.context import redirect_after_post
from intake.channels.web.receipt import LASTS, facts_of, hand_over, thanks_path
from intake.channels.web.reopening import Reopening
from intake.channels.web.report_form import CHANNEL, FilledForm
from intake.channels.web.ticket_page import TicketPage, slowed
from intake.channels.web.written_code import ONLY_A_CODE_ADDED, Written, written_in
from intake.language import local_moment, translate
from intake.pages import (
    RETRY_AFTER_SECONDS,
    error_page,
    from_another_site,
    house_of,
    language_for,
)
from intake.uploads.limits import Limits
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
        if from_another_site(request, house_of(request)):
            return error_page(request, 403)
        context, language = self.page.context, language_for(request)
        received = await self._received(request)  # first: the report may be open here no more
        addition = FilledForm.read(
            received, context.handles, context.limits, context.now(), language
        )

        async def do(ticket: Tracked) -> web.StreamResponse:
            if addition.errors:
                return await self.page.shown(request, ticket, addition, status=addition.status)
            return await self._added(request, ticket, addition, meant=bool(received.text("again")))

        def closed(error: NotFoundError) -> web.Response:
            return slowed(Reopening(self.page).ask(request, addition), error)

        return await self.page.act(request, do, closed)

    async def solved(self, request: web.Request) -> web.StreamResponse:
        """Close the ticket, or open it again; words and files that stood in the box come along."""
        if from_another_site(request, house_of(request)):
            return error_page(request, 403)
        context, language = self.page.context, language_for(request)
        received = await self._received(request)
        said = FilledForm.read(received, context.handles, context.limits, context.now(), language)
        said = replace(
            said, errors={name: said.errors[name] for name in said.errors if name != "story"}
        )

        async def do(ticket: Tracked) -> web.StreamResponse:
            if said.errors:
                return await self.page.shown(request, ticket, said, status=said.status)
            if received.text("solved") == "yes":
                return await self._closed(request, ticket, said)
            if said.says_something:
                return await self._added(request, ticket, said, meant=True)
            return await self._opened(request, ticket)

        def closed(error: NotFoundError) -> web.Response:
            return slowed(Reopening(self.page).ask(request, said), error)

        return await self.page.act(request, do, closed if said.says_something else None)

    async def _closed(
        self, request: web.Request, ticket: Tracked, said: FilledForm
    ) -> web.StreamResponse:
        """Close it with what was said beside, added even if the report moved on."""
        told = said.follow_up() if said.says_something else None
        context = self.page.context
        telling = Telling(context.runtime)
        try:
            written = await written_in(context.desk, told) if told is not None else None
            told = None if written is not None and written.is_all else told
            await telling.file(ticket.id, Said(told=told, solved=True))
        except IllegalMoveError:
            if told is None:
                raise
            await telling.file(ticket.id, Said(told=replace(told, automatic=True)))
            return redirect_after_post(request, "/tracking?done=added")
        except DatabaseAwayError:
            return await self._away(request, ticket, said)
        done = "danger" if said.form.danger.alarm else "lost" if said.lost else "solved"
        return redirect_after_post(request, f"/tracking?done={done}")

    async def _opened(self, request: web.Request, ticket: Tracked) -> web.StreamResponse:
        """Open it again without a word of the person's own."""
        if ticket.status in WORKING:  # tapped again, and it is open by now
            return redirect_after_post(request, "/tracking?done=reopened")
        words = translate(ticket.language, "It is not solved yet.")
        key = f"not-yet.{ticket.id}.{ticket.version}"
        follow_up = FollowUp(channel=CHANNEL, key=key, words=words)
        return self._followed(request, await self.page.context.desk.follow_up(ticket.id, follow_up))

    async def rate(self, request: web.Request) -> web.StreamResponse:
        """Keep the stars; none chosen changes nothing."""

        async def do(ticket: Tracked) -> web.StreamResponse:
            form = await self._received(request, self.page.context.limits.without_files())
            stars = _STARS.get(form.text("stars"))
            if stars is None:
                return redirect_after_post(request, "/tracking")
            await self.page.context.desk.rate(ticket.id, stars)
            return redirect_after_post(request, "/tracking?done=rated")

        return await self.page.act(request, do)

    async def _received(self, request: web.Request, limits: Limits | None = None) -> Received:
        context = self.page.context
        return await receive(request, context.runtime.storage, limits or context.limits)

    async def _added(
        self, request: web.Request, ticket: Tracked, addition: FilledForm, *, meant: bool
    ) -> web.StreamResponse:
        context, follow_up = self.page.context, addition.follow_up()
        try:
            written = await written_in(context.desk, follow_up)
            if written is not None and written.is_all:
                return await self._only_a_code(request, ticket, addition, written)
            if not meant and (at := await self._said_before(ticket, follow_up)) is not None:
                return await self._asked(request, ticket, addition, at)
            followed = await context.desk.follow_up(ticket.id, follow_up)
        except DatabaseAwayError:
            return await self._away(request, ticket, addition)
        if addition.form.danger.alarm and followed.receipt is None:
            return redirect_after_post(request, "/tracking?done=danger")
        return self._followed(request, followed, lost=len(addition.lost))

    async def _only_a_code(
        self, request: web.Request, ticket: Tracked, addition: FilledForm, written: Written
    ) -> web.StreamResponse:
        """Say that a code is no words for a report, and offer to open the one it belongs to."""
        wrong = {"story": translate(language_for(request), ONLY_A_CODE_ADDED)}
        addition = replace(addition, errors=wrong)
        return await self.page.shown(request, ticket, addition, status=422, opens=written.code)

    async def _away(
        self, request: web.Request, ticket: Tracked, addition: FilledForm
    ) -> web.StreamResponse:
        """Give the page back with everything in it, to be sent again."""
        response = await self.page.shown(request, ticket, addition, AWAY, status=503)
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response

    async def _said_before(self, ticket: Tracked, told: FollowUp) -> datetime | None:
        """Return when the same words were added just now, as by a page that Back brought again."""
        if told.files:
            return None
        context = self.page.context
        return await said_before(context.runtime.database, ticket.id, told, context.now() - LASTS)

    async def _asked(
        self, request: web.Request, ticket: Tracked, addition: FilledForm, at: datetime
    ) -> web.Response:
        """Say that these words are there, and let them be sent once more if they are meant so."""
        language, directory = language_for(request), await self.page.context.directory()
        moment = local_moment(at, directory.hospital.zone, language)
        told = SAID_BEFORE.said_in(language)
        told = told._replace(text=told.text % {"moment": moment})
        return await self.page.shown(request, ticket, addition, told, status=409, again=True)

    def _followed(self, request: web.Request, followed: Followed, *, lost: int = 0) -> web.Response:
        """Lead on to the ticket, or to the thanks of the new one if the old was closed long ago."""
        if followed.receipt is None:
            done = "lost" if lost else "reopened" if followed.reopened else "added"
            return redirect_after_post(request, f"/tracking?done={done}")
        response = redirect_after_post(request, thanks_path(followed.receipt))
        facts = facts_of(followed.receipt, lost=lost)
        hand_over(request, response, facts, self.page.context)
        self.page.hold(request, response, followed.receipt.tracking_code)
        return response
