"""The people who wait to be called: the list, one call with its words, and how it went."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from aiohttp import web

from core.calls.callback import OUTCOMES
from core.calls.calling import Calling, ClaimedError, NotedBeforeError
from core.ground.errors import NotFoundError
from core.reading.call_list import CallList, Task
from intake.console.context import Console
from intake.console.fields import uuid_of, whole
from intake.console.frame import console_page, onwards, say
from intake.console.phone.noted_call import asked, names_of, past_of, said_in
from intake.console.phone.script import (
    CALL_END,
    CALL_NEWS,
    CALL_OPENING,
    CALL_OPENING_UNNAMED,
    CALL_OTHER_NEWS,
)
from intake.console.signed_in import present_of
from intake.language import language_of, translate
from intake.language import marked as _
from intake.pages import house_of
from intake.uploads.receive import Received

DONE: Final = {
    "reached": _("Told. It stands in the report's history."),
    "no_answer": _("Noted. It comes back in two hours, or is given up after three attempts."),
    "busy": _("Noted. It comes back in a quarter of an hour."),
    "later": _("Noted. It comes back at the agreed time."),
    "wrong_number": _("Noted. This number is not called again; the unit sees it."),
    "released": _("Given back to the list."),
    "added": _("It is added to the report; the unit hears of it."),
    "gone": _("Somebody else has this call, or it is done already."),
}
NO_OUTCOME: Final = _("Say how the call went.")
NO_MOMENT: Final = _("Say when: a day and a time that are still to come.")
NO_REPORT: Final = _("This news belongs to no report. Take down what was said as a new call.")


@dataclass(frozen=True, slots=True)
class Callbacks:
    """The list and one call."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/callbacks", self.show_all),
            web.get("/callbacks/{id}", self.show),
            web.post("/callbacks/{id}/claim", self.claim),
            web.post("/callbacks/{id}/release", self.release),
            web.post("/callbacks/{id}/outcome", self.note),
        )

    async def show_all(self, request: web.Request) -> web.Response:
        """Show who is to be called: mine, now, later."""
        now, me = self.console.now(), present_of(request)
        directory = await self.console.directory()
        found = await CallList(self.console.runtime).all(me.reader, directory)
        mine = [t for t in found if t.claimed_by == me.account.user_id]
        rest = [t for t in found if t.claimed_by != me.account.user_id]
        done = DONE.get(request.query.get("done", ""))
        return console_page(
            request,
            "console/phone/callbacks.html",
            mine=mine,
            due=[t for t in rest if t.is_due(now)],
            later=[t for t in rest if not t.is_due(now)],
            done=done and say(request, done),
            names=names_of(self.console),
        )

    async def show(self, request: web.Request) -> web.Response:
        """Show one call and what to say."""
        return await self._page(request, await self._task(request))

    async def claim(self, request: web.Request) -> web.Response:
        """Take a call in hand."""
        await self.console.form(request)
        task, me = await self._task(request), present_of(request).account.user_id
        try:
            await Calling(self.console.runtime).claim(task.id, by=me)
        except (ClaimedError, NotFoundError):
            return onwards("/console/callbacks?done=gone")
        return onwards(f"/console/callbacks/{task.id}")

    async def release(self, request: web.Request) -> web.Response:
        """Give a call back."""
        await self.console.form(request)
        task, me = await self._task(request), present_of(request).account.user_id
        try:
            await Calling(self.console.runtime).release(task.id, by=me)
        except (ClaimedError, NotFoundError):
            return onwards("/console/callbacks?done=gone")
        return onwards("/console/callbacks?done=released")

    async def note(self, request: web.Request) -> web.Response:
        """Write down how it went, and what the person answered, both or neither."""
        form, callback_id = await self.console.form(request), uuid_of(request.match_info["id"])
        if callback_id is None:
            raise web.HTTPNotFound
        outcome, again_at = form.text("outcome"), self._moment(request, form.text("again_at"))
        errors = self._problems(request, outcome, again_at)
        task = await self._found(request, callback_id)
        if task is not None and task.ticket_id is None and form.text("words").strip():
            errors["words"] = say(request, NO_REPORT)
        if task is not None and errors:
            return await self._page(request, task, errors, form)
        past = await past_of(request, self.console, callback_id)
        if errors:
            return asked(request, self.console, form, past)
        me = present_of(request).account.user_id
        try:
            await Calling(self.console.runtime).note(
                callback_id,
                outcome,
                by=me,
                again_at=again_at,
                said=said_in(form, callback_id, me),
                seen=whole(form.text("noted")),
            )
        except (ClaimedError, NotedBeforeError):
            past = await past_of(request, self.console, callback_id)
            return asked(request, self.console, form, past)
        return onwards(f"/console/callbacks?done={outcome}")

    def _problems(
        self, request: web.Request, outcome: str, again_at: datetime | None
    ) -> dict[str, str]:
        if outcome not in OUTCOMES:
            return {"outcome": say(request, NO_OUTCOME)}
        if outcome == "later" and (again_at is None or again_at <= self.console.now()):
            return {"again_at": say(request, NO_MOMENT)}
        return {}

    async def _task(self, request: web.Request) -> Task:
        """Return the call that is meant; where it is done, lead to the list, which says so."""
        callback_id = uuid_of(request.match_info["id"])
        if callback_id is None:
            raise web.HTTPNotFound
        found = await self._found(request, callback_id)
        if found is None:
            await past_of(request, self.console, callback_id)
            raise web.HTTPSeeOther("/console/callbacks?done=gone")
        return found

    async def _found(self, request: web.Request, callback_id: UUID) -> Task | None:
        """Return the call that is still to be made; None where it is done."""
        directory, reader = await self.console.directory(), present_of(request).reader
        return await CallList(self.console.runtime).find(reader, directory, callback_id)

    async def _page(
        self,
        request: web.Request,
        task: Task,
        errors: dict[str, str] | None = None,
        form: Received | None = None,
    ) -> web.Response:
        return console_page(
            request,
            "console/phone/callback.html",
            status=422 if errors else 200,
            task=task,
            lines=self._lines(request, task),
            is_mine=task.claimed_by == present_of(request).account.user_id,
            asks_whether_solved=any(item.template == "resolved" for item in task.news),
            words=form.text("words") if form else "",
            solved=bool(form and form.text("solved")),
            again_at=form.text("again_at") if form else "",
            errors=errors or {},
            names=names_of(self.console),
        )

    def _lines(self, request: web.Request, task: Task) -> list[tuple[str, str]]:
        """Write what to say, in the person's language: a sentence, and what staff said with it."""
        language = language_of(task.language)
        facts = {
            "agent": present_of(request).account.full_name,
            "hospital": house_of(request).name,
            "name": task.name or "",
            "unit": task.unit,
        }
        if task.name:
            opening = translate(language, CALL_OPENING, **facts)
        else:
            opening = translate(language, CALL_OPENING_UNNAMED, **facts)
        news = [
            (translate(language, CALL_NEWS.get(i.template, CALL_OTHER_NEWS), **facts), i.said)
            for i in task.news
        ]
        return [(opening, ""), *news, (translate(language, CALL_END), "")]

    def _moment(self, request: web.Request, typed: str) -> datetime | None:
        """Read a moment of the hospital's day."""
        try:
            local = datetime.fromisoformat(typed)
        except ValueError:
            return None
        return local.replace(tzinfo=ZoneInfo(house_of(request).zone))
