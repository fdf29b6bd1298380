"""The page on which calls, visits and letters are taken down, and what is read out at its end."""

import contextlib
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID, uuid4

from aiohttp import web

from core.calls.call import WAYS
from core.calls.filed import FiledCall, FiledOtherwiseError
from core.calls.hours import WINDOWS, Hours
from core.calls.taking import Taking
from core.ground.errors import NotFoundError
from core.ground.phone_number import shown
from core.reading.call_desk import CallDesk
from core.tickets.desk import Desk
from core.tickets.submission import Submission
from intake.console.context import Console
from intake.console.fields import uuid_of
from intake.console.frame import console_page, language_here, onwards, say
from intake.console.labels import GRADE_HELP, GRADES, KINDS
from intake.console.phone.caller import caller_of
from intake.console.phone.form import CHANNEL, CallForm
from intake.console.phone.place_finder import places
from intake.console.phone.script import FAREWELL, NUMBERED, PROMISE, script, spoken
from intake.console.phone.spelling import spelled
from intake.console.signed_in import present_of
from intake.dialogue.alone import says_only
from intake.language import LANGUAGES, language_of, local_moment, translate
from intake.language import marked as _
from intake.pages import house_of

WAY_NAMES: Final = {
    "phone": _("Telephone"),
    "walk_in": _("Came in person"),
    "paper": _("Letter or form"),
    "press": _("Press, social media"),
}
FOR_WHOM: Final = {
    "self": _("the caller"),
    "family": _("a family member"),
    "visitor": _("a visitor"),
    "staff": _("a member of staff"),
}
ONLY_A_CODE: Final = _(
    "This is the secret code of a report that is already here, so nothing was filed. Open that"
    " report with it, or write down what else happened."
)
PUT_RIGHT: Final = _("The details of the report were told again, and put right for the unit.")
WINDOW_NAMES: Final = {
    "any": _("any time, %(first)s to %(last)s"),
    "morning": _("morning, %(first)s to %(last)s"),
    "afternoon": _("afternoon, %(first)s to %(last)s"),
    "evening": _("evening, %(first)s to %(last)s"),
}


@dataclass(frozen=True, slots=True)
class PhoneDesk:
    """The desk's form and its receipt."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/phone", self.show),
            web.post("/phone", self.file),
            web.get("/phone/done", self.done),
        )

    async def show(self, request: web.Request) -> web.Response:
        """Show an empty call, an unfinished one, or one whose number the exchange told.

        The page's own address names the call: a page that is asked for anew, after Back or by a
        second tab, is still the same one. Once it is filed that is its receipt.
        """
        call_id = uuid_of(request.query.get("draft", ""))
        if call_id is None:
            ring = request.query.get("ring", "")
            joint = f"&ring={ring}" if uuid_of(ring) else ""
            return onwards(f"/console/phone?draft={uuid4()}{joint}")
        form, me = await self._asked(request, call_id), present_of(request).account.user_id
        if not form.is_worth_keeping:
            told = await CallDesk(self.console.runtime).read_out(me, f"{CHANNEL}:{call_id}")
            if told is not None:
                return onwards(f"/console/phone/done?call={call_id}")
        return await self._page(request, form)

    async def file(self, request: web.Request) -> web.Response:
        """File a call, or, from a page whose call is filed, what was said to become of the rest."""
        received, directory = await self.console.form(request), await self.console.directory()
        form, again = CallForm.read(received), received.text("again")
        region = self.console.runtime.settings.phone_region
        problems = form.problems(
            region=region, zone=directory.hospital.zone, now=self.console.now()
        )
        if problems:
            errors = {name: say(request, message) for name, message in problems.items()}
            return await self._page(request, form, errors)
        codes = await Desk(self.console.runtime).codes_in(form.words)
        if codes and says_only(form.story, codes):
            wrong = {"story": say(request, ONLY_A_CODE)}
            return await self._page(request, form, wrong, opens=codes[0])
        by = present_of(request).account.user_id
        submission = form.submission(directory, region=region, by=by)
        try:
            if again == "add":
                with contextlib.suppress(NotFoundError):  # nothing is filed: this is the call
                    return await self._added(request, form, submission)
            taken = await Taking(self.console.runtime).file(
                submission, form.taken, by=by, apart=again == "another"
            )
        except FiledOtherwiseError as error:
            return self._question(request, form, error.filed)
        return onwards(f"/console/phone/done?call={taken.draft_id}")

    async def _added(
        self, request: web.Request, form: CallForm, submission: Submission
    ) -> web.Response:
        """Add what the page says now to the call that was filed from it."""
        house = (await self.console.directory()).hospital.language
        more = replace(submission, remarks=(*submission.remarks, *form.details(house)))
        otherwise = translate(form.language, PUT_RIGHT)
        await Taking(self.console.runtime).add(
            more,
            form.taken,
            by=present_of(request).account.user_id,
            otherwise=otherwise,
        )
        return onwards(f"/console/phone/done?call={form.id}&added=yes")

    def _question(self, request: web.Request, form: CallForm, filed: FiledCall) -> web.Response:
        """Ask whether this is more about a call that is filed, or another caller."""
        return console_page(
            request,
            "console/phone/filed_before.html",
            status=409,
            filed=filed,
            is_mine=filed.by == present_of(request).account.user_id,
            form=form,
            fields=form.facts() | {"id": str(form.id), "page": form.page, "took": form.took},
        )

    async def done(self, request: web.Request) -> web.Response:
        """Show number and code to read out."""
        call_id, me = uuid_of(request.query.get("call", "")), present_of(request).account.user_id
        if call_id is None:
            return onwards("/console/phone")
        told = await CallDesk(self.console.runtime).read_out(me, f"{CHANNEL}:{call_id}")
        if told is None:
            raise web.HTTPNotFound
        zone, language = house_of(request).zone, language_of(told.language)
        promises = {each: local_moment(told.due_at, zone, each) for each in LANGUAGES}
        return console_page(
            request,
            "console/phone/done.html",
            told=told,
            added=request.query.get("added") == "yes",
            number=spelled(told.number.removeprefix("TKT-"), language),
            letters=spelled(told.code or "", language),
            opening=spoken(NUMBERED)[language],
            promise=translate(language, PROMISE, moment=promises[language]),
            farewell=spoken(FAREWELL)[language],
        )

    async def _asked(self, request: web.Request, call_id: UUID) -> CallForm:
        """Read the call that is meant: its draft, or an empty form under its id."""
        me = present_of(request).account.user_id
        ring_id = uuid_of(request.query.get("ring", ""))
        begun = await CallDesk(self.console.runtime).begun(me, call_id, ring_id)
        if begun.draft is not None:
            return CallForm.taken_up(begun.draft)
        region = self.console.runtime.settings.phone_region
        return CallForm.blank(call_id, number=shown(begun.number, region) if begun.number else "")

    async def _page(
        self,
        request: web.Request,
        form: CallForm,
        errors: dict[str, str] | None = None,
        opens: str = "",
    ) -> web.Response:
        console, directory, present = (
            self.console,
            await self.console.directory(),
            present_of(request),
        )
        house, work = house_of(request), await CallDesk(console.runtime).work(present.reader)
        language = language_here(request)
        return console_page(
            request,
            "console/phone/desk.html",
            status=422 if errors else 200,
            form=form,
            errors=errors or {},
            opens=opens,
            drafts=[d for d in work.drafts if d.id != form.id],
            draft_id=form.id,
            waiting=work.waiting,
            caller=await caller_of(request, console, directory, form.number, form.place),
            script=script(
                hospital=directory.hospital.name,
                agent=present.account.full_name,
                numbers=", ".join(line.number for line in house.emergency) or "119",
            ),
            known_places=places(directory),
            ways=[(code, WAY_NAMES[code]) for code in WAYS],
            for_whom=FOR_WHOM,
            kinds=KINDS,
            grades=GRADES,
            grade_help=GRADE_HELP,
            categories=[(c.code, c.name) for c in directory.categories.values()],
            windows=[(code, _window(code, hours, language)) for code, hours in WINDOWS.items()],
        )


def _window(code: str, hours: Hours, language: str) -> str:
    return translate(language, WINDOW_NAMES[code], first=hours.first, last=hours.last)
