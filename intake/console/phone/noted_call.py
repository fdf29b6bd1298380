"""The page of a call-back that is written down already: what somebody still has to say is kept."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from aiohttp import web

from core.calls import having_called
from core.calls.callback import OUTCOMES, TRIES
from core.calls.filed import mark_of
from core.ground.masking import Place, masked
from core.ground.phone_number import shown
from core.ground.text import is_readable
from core.reading.call_list import CallList, PastCall
from core.tickets.follow_up import FollowUp
from core.tickets.telling import Said
from intake.console.context import Console
from intake.console.fields import uuid_of
from intake.console.frame import console_page, onwards
from intake.console.phone.form import CHANNEL
from intake.console.signed_in import present_of
from intake.language import marked as _
from intake.language import translate
from intake.statuses import UNPROVEN
from intake.uploads.receive import Received

NEWS_NAMES: Final = {
    "replied": _("an answer"),
    "asked": _("a question"),
    "resolved": _("it is solved"),
    "closed": _("it is closed"),
}
OUTCOME_NAMES: Final = {
    "reached": _("Reached and told"),
    "no_answer": _("No answer"),
    "busy": _("Busy"),
    "later": _("Asked to be called later"),
    "wrong_number": _("Wrong number"),
}


@dataclass(frozen=True, slots=True)
class LateWords:
    """Takes the words of a call whose outcome stands."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (web.post("/callbacks/{id}/words", self.add),)

    async def add(self, request: web.Request) -> web.Response:
        """File words that came to the page of a call that was written down already."""
        form, callback_id = await self.console.form(request), uuid_of(request.match_info["id"])
        if callback_id is None:
            raise web.HTTPNotFound
        past = await past_of(request, self.console, callback_id)
        me = present_of(request).account.user_id
        said = said_in(form, callback_id, me)
        if past.ticket_id is None or said.told is None:
            return asked(request, self.console, form, past)
        mark = translate((await self.console.directory()).hospital.language, UNPROVEN)
        late = having_called.LateWords(self.console.runtime)
        await late.file(past.ticket_id, said.told, by=me, mark=mark)
        return onwards("/console/callbacks?done=added")


def asked(request: web.Request, console: Console, form: Received, past: PastCall) -> web.Response:
    """Say that this call is written down, or somebody else's, and ask what becomes of theirs.

    Where nothing was typed and nothing was written down there is nothing to ask.
    """
    words, outcome = form.text("words").strip(), form.text("outcome")
    if not words and past.outcome is None:
        return onwards("/console/callbacks?done=gone")
    return console_page(
        request,
        "console/phone/callback_noted.html",
        status=409,
        past=past,
        words=words,
        outcome=outcome if outcome in OUTCOMES else "",
        solved=bool(form.text("solved")),
        again_at=form.text("again_at"),
        names=names_of(console),
    )


async def past_of(request: web.Request, console: Console, callback_id: UUID) -> PastCall:
    """Return what became of a call-back. Raises HTTPNotFound."""
    reader = present_of(request).reader
    past = await CallList(console.runtime).past(reader, callback_id)
    if past is None:
        raise web.HTTPNotFound
    return past


def said_in(form: Received, callback_id: UUID, me: UUID) -> Said:
    """Read what the person said; under one page the same words are one message."""
    words, told = form.text("words").strip(), None
    if is_readable(words):
        told = FollowUp(
            channel=CHANNEL,
            key=f"callback:{callback_id}:{form.text('noted')[:9]}:{mark_of({'words': words})}",
            words=words,
            facts={"entered_by": str(me)},
        )
    return Said(told=told, solved=bool(form.text("solved")))


def names_of(console: Console) -> dict[str, object]:
    """Return the words for news and outcomes, and how numbers are written."""
    region = console.runtime.settings.phone_region
    return {
        "news": NEWS_NAMES,
        "outcomes": OUTCOME_NAMES,
        "tries": TRIES,
        "written": lambda number: shown(number, region),
        "covered": lambda number: masked(shown(number, region), Place.STAFF),
    }
