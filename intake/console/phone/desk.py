"""The page on which calls, visits and letters are taken down, and what is read out at its end."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web
from sqlalchemy import select

from core.calls.call import WAYS
from core.calls.draft import draft_of, drafts_of
from core.calls.hours import WINDOWS, Hours
from core.calls.ringing import rung
from core.ground.database import transaction
from core.ground.phone_number import shown
from core.hospital.unit import Unit
from core.reading import call_list
from core.tickets.message import Message
from core.tickets.ticket import Ticket
from core.tickets.tracking_code import code_for, hash_of
from intake.console.context import Console
from intake.console.fields import uuid_of
from intake.console.frame import console_page, language_here, onwards, say
from intake.console.labels import GRADE_HELP, GRADES, KINDS
from intake.console.phone.caller import caller_of
from intake.console.phone.filing import file_call
from intake.console.phone.form import CHANNEL, CallForm
from intake.console.phone.place_finder import places
from intake.console.phone.script import FAREWELL, NUMBERED, PROMISE, script, spoken
from intake.console.phone.spelling import spelled
from intake.console.signed_in import present_of
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
        """Show an empty call, an unfinished one, or one whose number the exchange told."""
        return await self._page(request, await self._asked(request))

    async def file(self, request: web.Request) -> web.Response:
        """File a call."""
        form, directory = (
            CallForm.read(await self.console.form(request)),
            await self.console.directory(),
        )
        region = self.console.runtime.settings.phone_region
        problems = form.problems(
            region=region, zone=directory.hospital.zone, now=self.console.now()
        )
        if problems:
            errors = {name: say(request, message) for name, message in problems.items()}
            return await self._page(request, form, errors)
        by = present_of(request).account.user_id
        await file_call(self.console.runtime, directory, form, by=by)
        return onwards(f"/console/phone/done?call={form.id}")

    async def done(self, request: web.Request) -> web.Response:
        """Show number and code to read out. The code is derived anew and stored nowhere."""
        call_id, me = uuid_of(request.query.get("call", "")), present_of(request)
        if call_id is None:
            return onwards("/console/phone")
        key = f"{CHANNEL}:{call_id}"
        query = (
            select(Ticket, Unit.name)
            .join(Message, Message.ticket_id == Ticket.id)
            .join(Unit, Unit.id == Ticket.unit_id)
            .where(Message.idempotency_key == key, Ticket.created_by == me.account.user_id)
        )
        async with transaction(self.console.runtime.database) as session:
            found = (await session.execute(query)).first()
        if found is None:
            raise web.HTTPNotFound
        ticket, unit = found
        code = code_for(self.console.runtime.secret, key)
        zone, language = house_of(request).zone, language_of(ticket.language)
        promises = {each: local_moment(ticket.sla_deadline, zone, each) for each in LANGUAGES}
        return console_page(
            request,
            "console/phone/done.html",
            ticket=ticket,
            unit=unit,
            code=code if hash_of(code) == ticket.tracking_hash else None,
            number=spelled(ticket.ticket_number.removeprefix("TKT-"), language),
            letters=spelled(code, language),
            opening=spoken(NUMBERED)[language],
            promise=translate(language, PROMISE, moment=promises[language]),
            farewell=spoken(FAREWELL)[language],
        )

    async def _asked(self, request: web.Request) -> CallForm:
        """Read which call is meant; a draft that is gone is a new call."""
        me = present_of(request).account.user_id
        draft_id = uuid_of(request.query.get("draft", ""))
        ring_id = uuid_of(request.query.get("ring", ""))
        async with transaction(self.console.runtime.database) as session:
            if draft_id and (draft := await draft_of(session, draft_id, me)):
                return CallForm.of(draft.id, draft.fields)
            number = await rung(session, ring_id) if ring_id else None
        region = self.console.runtime.settings.phone_region
        return CallForm.blank(number=shown(number, region) if number else "")

    async def _page(
        self, request: web.Request, form: CallForm, errors: dict[str, str] | None = None
    ) -> web.Response:
        console, directory, present = (
            self.console,
            await self.console.directory(),
            present_of(request),
        )
        now, house = console.now(), house_of(request)
        async with transaction(console.runtime.database) as session:
            drafts = await drafts_of(session, present.account.user_id, now)
            waiting = await call_list.due(session, present.reader, now)
        language = language_here(request)
        return console_page(
            request,
            "console/phone/desk.html",
            status=422 if errors else 200,
            form=form,
            errors=errors or {},
            drafts=[d for d in drafts if d.id != form.id],
            draft_id=form.id,
            waiting=waiting,
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
