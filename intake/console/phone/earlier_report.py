"""A caller asks how an earlier report stands: told after a code, or after number and name.

What they add is filed as theirs, and opens the report again where it was ended.
"""

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID, uuid4

from aiohttp import web

from core.calls.caller import Callers
from core.ground.phone_number import read
from core.reading.reporter import tracked
from core.tickets.desk import Desk
from core.tickets.follow_up import FollowUp
from core.tickets.lifecycle import IllegalMoveError, Status
from intake.console.context import Console
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
    code: str = ""

    @classmethod
    def read(cls, form: Received) -> "Asked":
        """Read the form."""
        names = ("ticket", "number", "name", "code")
        return cls(**{name: form.text(name).strip() for name in names})


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
        """Show how it stands, if code or number and name are right."""
        form = await self.console.form(request)
        asked = Asked.read(form)
        if "prove" not in form.fields:  # led here from the list of earlier reports
            return self._question(request, asked)
        ticket_id = await self._proven(request, asked)
        if ticket_id is None:
            return self._question(request, asked, {"code": say(request, NOT_PROVEN)})
        return await self._page(request, ticket_id)

    async def add(self, request: web.Request) -> web.Response:
        """File what the caller adds."""
        form = await self.console.form(request)
        ticket_id, words = self._unsealed(request, form), form.text("words").strip()
        if not words:
            errors = {"words": say(request, NOTHING_SAID)}
            return await self._page(request, ticket_id, errors=errors)
        account = present_of(request).account
        followed = await Desk(self.console.runtime).follow_up(
            ticket_id,
            FollowUp(
                channel=CHANNEL,
                key=f"{account.user_id}:{form.text('key')[:64]}",
                words=words,
                facts={"entered_by": str(account.user_id)},
            ),
        )
        what = "anew" if followed.receipt else "reopened" if followed.reopened else "added"
        return await self._page(request, followed.ticket_id, done=say(request, DONE[what]))

    async def confirm(self, request: web.Request) -> web.Response:
        """Close a report that the caller says is solved."""
        ticket_id = self._unsealed(request, await self.console.form(request))
        try:
            await Desk(self.console.runtime).confirm(ticket_id)
        except IllegalMoveError:
            raise web.HTTPConflict from None
        return await self._page(request, ticket_id, done=say(request, DONE["confirmed"]))

    async def _proven(self, request: web.Request, asked: Asked) -> UUID | None:
        """Return the ticket that the caller may hear of; the look is audited."""
        reader, callers = present_of(request).reader, Callers(self.console.runtime)
        if asked.code:
            return await callers.by_code(reader, asked.code)
        number = read(asked.number, self.console.runtime.settings.phone_region)
        return await callers.by_facts(reader, asked.ticket, number, asked.name)

    def _unsealed(self, request: web.Request, form: Received) -> UUID:
        """Return the ticket that was shown; a page answered again shows no address to anybody."""
        runtime, me = self.console.runtime, present_of(request).account.user_id
        ticket_id = opened(runtime.secret, form.text("seal"), me, self.console.now())
        if ticket_id is None:
            raise web.HTTPNotFound
        return ticket_id

    def _seal(self, request: web.Request, ticket_id: UUID) -> str:
        runtime, me = self.console.runtime, present_of(request).account.user_id
        return sealed(runtime.secret, ticket_id, me, self.console.now())

    def _question(
        self, request: web.Request, asked: Asked, errors: dict[str, str] | None = None
    ) -> web.Response:
        return console_page(
            request,
            "console/phone/earlier_report.html",
            status=422 if errors else 200,
            asked=replace(asked, code="") if errors else asked,
            report=None,
            errors=errors or {},
        )

    async def _page(
        self,
        request: web.Request,
        ticket_id: UUID,
        *,
        errors: dict[str, str] | None = None,
        done: str | None = None,
    ) -> web.Response:
        report = await tracked(self.console.runtime.database, ticket_id)
        if report is None:
            raise web.HTTPNotFound
        return console_page(
            request,
            "console/phone/earlier_report.html",
            status=422 if errors else 200,
            asked=Asked(),
            report=report,
            word=STATUSES_IN_WORDS[report.status],
            said=report.messages[-6:],
            is_solved=report.status is Status.RESOLVED,
            seal=self._seal(request, ticket_id),
            key=uuid4(),
            errors=errors or {},
            done=done,
        )
