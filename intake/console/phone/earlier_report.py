"""A caller asks how an earlier report stands: told after a code, or after two facts on it.

What they add is filed as theirs, and opens the report again where it was ended.
"""

import contextlib
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID, uuid4

from aiohttp import web

from core.calls.facts import ToldFacts
from core.calls.filed import mark_of
from core.calls.proving import Proving, TooManyProofsError
from core.ground import email_address
from core.ground.errors import NotFoundError
from core.ground.phone_number import read
from core.ground.text import is_readable
from core.reading.call_desk import CallDesk
from core.reading.reporter import tracked
from core.tickets.desk import Desk
from core.tickets.follow_up import FollowUp
from core.tickets.lifecycle import IllegalMoveError, Status
from core.tickets.telling import Said, Telling
from intake.console.context import Console
from intake.console.fields import uuid_of
from intake.console.frame import console_page, say
from intake.console.labels import STATUSES_IN_WORDS
from intake.console.phone.form import CHANNEL
from intake.console.phone.seal import opened, sealed
from intake.console.signed_in import present_of
from intake.language import marked as _
from intake.uploads.receive import Received

NOT_PROVEN: Final = _(
    "That does not fit together. Do not tell anything about a report; offer to take down a new one."
)
TOO_MANY: Final = _(
    "Too many proofs were wrong; the next one is looked at in a few minutes. You can leave a note"
    " on the report, take down a new one, and in an emergency raise the alarm."
)
PROOF_OVER: Final = _(
    "The proof is good for half an hour and for whoever took it. Nothing was added: prove it again."
)
OTHER_WORDS: Final = _(
    "Something else was added from this page before. If these too are the same caller's words, add"
    " them below; for another caller begin anew."
)
SAME_WORDS: Final = _(
    "The very same words were added to this report a moment ago. Add them only if they were said"
    " once more."
)
DOUBTS: Final = frozenset({OTHER_WORDS, SAME_WORDS})
NOT_WAITING: Final = _("The report does not wait for this: look how it stands now.")
NOTHING_SAID: Final = _("Write down what the caller adds.")
DONE: Final = {
    "added": _("It is added; the unit hears of it."),
    "reopened": _("It is added, and the report is open again."),
    "anew": _("The old report was closed long ago: a new, linked one is filed."),
    "confirmed": _("The caller says that it is solved: the report is closed."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the caller told to prove who they are."""

    ticket: str = ""
    number: str = ""
    name: str = ""
    email: str = ""
    day: str = ""
    code: str = ""

    @classmethod
    def read(cls, form: Received) -> "Asked":
        """Read the form."""
        names = ("ticket", "number", "name", "email", "day", "code")
        return cls(**{name: form.text(name).strip() for name in names})

    def facts(self, region: str) -> ToldFacts:
        """Read the facts that were told."""
        with contextlib.suppress(ValueError):
            day = date.fromisoformat(self.day)
            return replace(self._undated(region), day=day)
        return self._undated(region)

    def _undated(self, region: str) -> ToldFacts:
        email = email_address.mailbox(self.email) if self.email else None
        return ToldFacts(telephone=read(self.number, region), email=email, name=self.name)


@dataclass(frozen=True, slots=True)
class EarlierReport:
    """The page of a caller's earlier report."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/phone/earlier-report", self.ask),
            web.post("/phone/earlier-report", self.tell),
            web.post("/phone/earlier-report/add", self.add),
            web.post("/phone/earlier-report/confirm", self.confirm),
        )

    async def ask(self, request: web.Request) -> web.Response:
        """Ask for the proof."""
        return self._question(request, Asked())

    async def tell(self, request: web.Request) -> web.Response:
        """Show how it stands, if the code or two facts are right."""
        form = await self.console.form(request)
        asked = Asked.read(form)
        if "prove" not in form.fields:  # led here from the list of earlier reports
            return self._question(request, asked, words=form.text("words"))
        try:
            ticket_id = await self._proven(request, asked)
        except TooManyProofsError:
            wrong = {"code": say(request, TOO_MANY)}
            return self._question(request, asked, wrong, form.text("words"), status=429)
        if ticket_id is None:
            wrong = {"code": say(request, NOT_PROVEN)}
            return self._question(request, asked, wrong, form.text("words"))
        return await self._page(request, ticket_id, form)

    async def add(self, request: web.Request) -> web.Response:
        """File what the caller adds; other words from the same page only when they are meant."""
        form, me = await self.console.form(request), present_of(request).account.user_id
        ticket_id, words = self._unsealed(request, form), form.text("words").strip()
        if ticket_id is None:
            return self._over(request, form)
        if not is_readable(words):
            return await self._page(request, ticket_id, form, {"words": NOTHING_SAID})
        told = _told(form, words, me)
        if not form.text("again"):
            doubt = await self._doubt(ticket_id, told, form, me)
            if doubt is not None:
                return await self._page(request, ticket_id, form, {"words": doubt}, status=409)
        try:
            followed = await Desk(self.console.runtime).follow_up(ticket_id, told)
        except NotFoundError:
            raise web.HTTPNotFound from None
        what = "anew" if followed.receipt else "reopened" if followed.reopened else "added"
        return await self._page(request, followed.ticket_id, done=DONE[what])

    async def confirm(self, request: web.Request) -> web.Response:
        """Close a report that the caller says is solved, with whatever they say of it."""
        form, me = await self.console.form(request), present_of(request).account.user_id
        ticket_id, words = self._unsealed(request, form), form.text("words").strip()
        if ticket_id is None:
            return self._over(request, form)
        said = Said(told=_told(form, words, me) if is_readable(words) else None, solved=True)
        try:
            await Telling(self.console.runtime).file(ticket_id, said)
        except IllegalMoveError:
            return await self._page(request, ticket_id, form, {"words": NOT_WAITING}, status=409)
        except NotFoundError:
            raise web.HTTPNotFound from None
        return await self._page(request, ticket_id, done=DONE["confirmed"])

    async def _doubt(self, ticket_id: UUID, told: FollowUp, form: Received, me: UUID) -> str | None:
        """Say why these words are asked about before they are added; None where they are not."""
        desk, page = CallDesk(self.console.runtime), f"{CHANNEL}:{_page_key(form, me)}"
        before = await desk.told_before(ticket_id, told, of_page=page, of_agent=f"{CHANNEL}:{me}")
        return {"page": OTHER_WORDS, "agent": SAME_WORDS}.get(before or "")

    async def _proven(self, request: web.Request, asked: Asked) -> UUID | None:
        """Return the ticket that the caller may hear of; the look is audited."""
        reader, proving = present_of(request).reader, Proving(self.console.runtime)
        if asked.code:
            return await proving.by_code(reader, asked.code)
        facts = asked.facts(self.console.runtime.settings.phone_region)
        return await proving.by_facts(reader, asked.ticket, facts)

    def _unsealed(self, request: web.Request, form: Received) -> UUID | None:
        """Return the ticket that was shown; a page answered again shows no address to anybody."""
        runtime, me = self.console.runtime, present_of(request).account.user_id
        return opened(runtime.secret, form.text("seal"), me, self.console.now())

    def _over(self, request: web.Request, form: Received) -> web.Response:
        """Ask for the proof anew; what was typed waits on the page."""
        return self._question(
            request, Asked(), {"code": say(request, PROOF_OVER)}, form.text("words"), status=404
        )

    def _seal(self, request: web.Request, ticket_id: UUID) -> str:
        runtime, me = self.console.runtime, present_of(request).account.user_id
        return sealed(runtime.secret, ticket_id, me, self.console.now())

    def _question(
        self,
        request: web.Request,
        asked: Asked,
        errors: dict[str, str] | None = None,
        words: str = "",
        *,
        status: int = 422,
    ) -> web.Response:
        return console_page(
            request,
            "console/phone/earlier_report.html",
            status=status if errors else 200,
            asked=replace(asked, code="") if errors else asked,
            report=None,
            words=words,
            errors=errors or {},
        )

    async def _page(
        self,
        request: web.Request,
        ticket_id: UUID,
        form: Received | None = None,
        errors: dict[str, str] | None = None,
        *,
        status: int = 422,
        done: str | None = None,
    ) -> web.Response:
        report = await tracked(self.console.runtime, ticket_id)
        if report is None:
            raise web.HTTPNotFound
        wrong = {name: say(request, message) for name, message in (errors or {}).items()}
        return console_page(
            request,
            "console/phone/earlier_report.html",
            status=status if wrong else 200,
            asked=Asked(),
            report=report,
            word=STATUSES_IN_WORDS[report.status],
            said=report.messages[-6:],
            is_solved=report.status is Status.RESOLVED,
            seal=self._seal(request, ticket_id),
            key=(form and uuid_of(form.text("key"))) or uuid4(),
            words=form.text("words") if form else "",
            asks_again=(errors or {}).get("words") in DOUBTS,
            errors=wrong,
            done=done and say(request, done),
        )


def _page_key(form: Received, me: UUID) -> str:
    return f"{me}:{form.text('key')[:64]}"


def _told(form: Received, words: str, me: UUID) -> FollowUp:
    """Make what is added; under one page the same words are one message."""
    return FollowUp(
        channel=CHANNEL,
        key=f"{_page_key(form, me)}:{mark_of({'words': words})}",
        words=words,
        facts={"entered_by": str(me)},
    )
