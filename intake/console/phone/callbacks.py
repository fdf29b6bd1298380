"""The people who wait to be called: the list, one call with its words, and how it went."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from aiohttp import web

from core.calls.callback import OUTCOMES, TRIES
from core.calls.calling import Calling, ClaimedError
from core.ground.errors import NotFoundError
from core.ground.phone_number import shown
from core.reading.call_list import CallList, Task
from core.tickets.desk import Desk
from core.tickets.follow_up import FollowUp
from core.tickets.lifecycle import IllegalMoveError
from intake.console.context import Console
from intake.console.fields import uuid_of
from intake.console.frame import console_page, onwards, say
from intake.console.phone.form import CHANNEL
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
DONE: Final = {
    "reached": _("Told. It stands in the report's history."),
    "no_answer": _("Noted. It comes back in two hours, or is given up after three attempts."),
    "busy": _("Noted. It comes back in a quarter of an hour."),
    "later": _("Noted. It comes back at the agreed time."),
    "wrong_number": _("Noted. This number is not called again; the unit sees it."),
    "released": _("Given back to the list."),
    "gone": _("Somebody else has this call, or it is done already."),
}
NO_OUTCOME: Final = _("Say how the call went.")
NO_MOMENT: Final = _("Say when: a day and a time that are still to come.")


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
            names=self._names(),
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
        """Write down how it went, and what the person answered."""
        form, task = await self.console.form(request), await self._task(request)
        me, outcome = present_of(request).account.user_id, form.text("outcome")
        again_at = self._moment(request, form.text("again_at"))
        errors = {}
        if outcome not in OUTCOMES:
            errors["outcome"] = say(request, NO_OUTCOME)
        elif outcome == "later" and (again_at is None or again_at <= self.console.now()):
            errors["again_at"] = say(request, NO_MOMENT)
        if errors:
            return await self._page(request, task, errors, form.text("words"))
        try:
            await Calling(self.console.runtime).note(task.id, outcome, by=me, again_at=again_at)
        except (ClaimedError, NotFoundError):
            return onwards("/console/callbacks?done=gone")
        if outcome == "reached" and task.ticket_id is not None:
            await self._answered(form, task, task.ticket_id, me)
        return onwards(f"/console/callbacks?done={outcome}")

    async def _answered(self, form: Received, task: Task, ticket_id: UUID, me: UUID) -> None:
        """File what the person said, or close what they say is solved."""
        desk, words = Desk(self.console.runtime), form.text("words").strip()
        if words:
            told = FollowUp(
                channel=CHANNEL,
                key=f"callback:{task.id}:{task.attempts}",
                words=words,
                facts={"entered_by": str(me)},
            )
            await desk.follow_up(ticket_id, told)
        elif form.text("solved"):
            try:
                await desk.confirm(ticket_id)
            except IllegalMoveError:
                return  # it is not waiting for that any more

    async def _task(self, request: web.Request) -> Task:
        callback_id, directory = uuid_of(request.match_info["id"]), await self.console.directory()
        reader, tasks = present_of(request).reader, CallList(self.console.runtime)
        found = await tasks.find(reader, directory, callback_id) if callback_id else None
        if found is None:
            raise web.HTTPNotFound
        return found

    async def _page(
        self,
        request: web.Request,
        task: Task,
        errors: dict[str, str] | None = None,
        words: str = "",
    ) -> web.Response:
        return console_page(
            request,
            "console/phone/callback.html",
            status=422 if errors else 200,
            task=task,
            lines=self._lines(request, task),
            is_mine=task.claimed_by == present_of(request).account.user_id,
            asks_whether_solved=any(item.template == "resolved" for item in task.news),
            words=words,
            errors=errors or {},
            names=self._names(),
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

    def _names(self) -> dict[str, object]:
        region = self.console.runtime.settings.phone_region
        return {
            "news": NEWS_NAMES,
            "outcomes": OUTCOME_NAMES,
            "tries": TRIES,
            "written": lambda number: shown(number, region),
        }
