"""Adding words and files to a ticket; whatever is wrong, they come back with the page."""

from dataclasses import dataclass

from aiohttp import web

from core.ground.database import DatabaseAwayError
from core.reading.reporter import Tracked
from core.tickets.follow_up import Followed, FollowUp
from intake.channels.web import receipt as receipts
from intake.channels.web.answers import AWAY, onwards
from intake.channels.web.files import fingerprint, gathered, problems_of, status_for, stored
from intake.channels.web.report_form import CHANNEL, ReportForm
from intake.channels.web.ticket_page import Addition, TicketPage
from intake.language import translate
from intake.pages import RETRY_AFTER_SECONDS, house_of, language_for
from intake.uploads.receive import Received, receive


@dataclass(frozen=True, slots=True)
class Adding:
    """The box at the end of a ticket's page."""

    page: TicketPage

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (web.post("/tracking/message", self.add),)

    async def add(self, request: web.Request) -> web.StreamResponse:
        """Take what somebody adds."""

        async def do(ticket: Tracked) -> web.StreamResponse:
            door = self.page.door
            received = await receive(request, door.runtime.storage, door.limits)
            addition = self._understood(request, received)
            if addition.errors:
                status = status_for(received)
                return await self.page.shown(request, ticket, addition, status=status)
            return await self._added(request, ticket, addition)

        return await self.page.act(request, do)

    def _understood(self, request: web.Request, received: Received) -> Addition:
        door, language = self.page.door, language_for(request)
        form = ReportForm.read(received)
        files = gathered(received, door.handles, form.key, door.now(), door.limits)
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
            followed = await self.page.door.desk.follow_up(ticket.id, follow_up)
        except DatabaseAwayError:
            response = await self.page.shown(request, ticket, addition, AWAY, status=503)
            response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
            return response
        if addition.form.danger.alarm and followed.receipt is None:
            return onwards(request, "/tracking?done=danger")
        return after_follow_up(request, self.page, followed, key)


def after_follow_up(
    request: web.Request, page: TicketPage, followed: Followed, key: str
) -> web.Response:
    """Lead on to the ticket, or to the thanks of the new one if the old was closed long ago."""
    if followed.receipt is None:
        done = "reopened" if followed.reopened else "added"
        return onwards(request, f"/tracking?done={done}")
    door, response = page.door, onwards(request, "/thanks")
    text = receipts.sealed(followed.receipt, door.receipts, door.now(), key=key, mail=False)
    receipts.hand_over(response, house_of(request), text)
    page.hold(request, response, followed.receipt.tracking_code)
    return response
