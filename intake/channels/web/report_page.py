"""The page of the form: shown, sent, shown again with everything in it."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from aiohttp import web

from core.ground.database import DatabaseAwayError
from core.ground.spans import is_near
from core.hospital.contact import EMAIL
from core.hospital.directory import Directory
from core.tickets.submission import Again, Receipt
from intake.channels.web import written_code
from intake.channels.web.banners import (
    ADDED_NOW,
    AWAY,
    NO_SUCH_CODE,
    PRESS_AGAIN,
    SENT_BEFORE,
    Banner,
)
from intake.channels.web.context import WebContext, redirect_after_post
from intake.channels.web.forgetting import was_told_to_forget
from intake.channels.web.posters import Poster, poster_at
from intake.channels.web.receipt import (
    LASTS,
    facts_of,
    hand_over,
    keeps_cookies,
    sent_from,
    shown_at_once,
    thanks_path,
)
from intake.channels.web.report_form import FilledForm, ReportForm, fresh_key
from intake.channels.web.robot_check import OPEN_SECONDS
from intake.channels.web.sent import SentReports
from intake.language import LANGUAGES, Language, language_of, local_moment, translate
from intake.pages import (
    RETRY_AFTER_SECONDS,
    error_page,
    from_another_site,
    house_of,
    language_for,
    page,
    set_cookie,
)
from intake.pages.kinds import KINDS
from intake.pages.kiosk import Kiosk, kiosk_of
from intake.pages.page import remember_language
from intake.uploads.receive import Received, receive

_BROWSER_CHARACTERS: Final = 300
_COOKIE: Final = "form"
_ANOTHER: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")


def another_of(received: Received) -> str:
    """Read what the button "this is another report" sends beside the form."""
    another = received.text("another")
    return another if _ANOTHER.fullmatch(another) else ""


def told_before(receipt: Receipt, view: "FormView") -> Banner:
    """Say what became of a form that had been sent before."""
    banner = (ADDED_NOW if receipt.merged else SENT_BEFORE).said_in(view.language)
    zone = view.directory.hospital.zone
    moment = local_moment(receipt.received_at, zone, view.language)
    return banner._replace(text=banner.text % {"moment": moment})


@dataclass(frozen=True, slots=True, kw_only=True)
class FormView:
    """What the page shows: the form as far as it is filled in, and what stands around it."""

    filled: FilledForm
    language: Language
    directory: Directory
    poster: Poster | None = None
    notice: Banner | None = None
    stamp: str = ""
    given: str = ""
    another: str = ""
    """Who pressed "this is another report" sends the same form, with this beside its key."""
    kiosk: Kiosk | None = None
    opens: str = ""
    """The code that is all of the story: its report can be opened instead."""

    @property
    def path(self) -> str:
        """Where this form is shown and sent to."""
        if self.kiosk:
            return self.kiosk.form
        return f"/q/{quote(self.poster.token)}/report" if self.poster else "/"

    @property
    def key(self) -> str:
        """The key this page files under, unless the browser has sent the same before."""
        key = self.filled.form.key
        return f"{key}-{self.another}" if self.another else key

    def key_among(self, lately: SentReports, marks: Collection[str]) -> str:
        """Choose the key to file under, by what this browser has sent lately.

        A fresh form that says exactly what was sent before goes under the key of then: the old
        receipt is shown, and only whoever says that it is another report files one.
        """
        same = None if self.kiosk or self.another or lately.knows(self.key) else lately.like(marks)
        return same.key if same else self.key


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Where a report is written and sent."""

    context: WebContext

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/", self.show),
            web.post("/", self.send),
            web.get("/q/{token}/report", self.show),
            web.post("/q/{token}/report", self.send),
            web.get("/k/{token}/report", self.show),
            web.post("/k/{token}/report", self.send),
        )

    async def show(self, request: web.Request) -> web.Response:
        """Show an empty form, about the place of the poster if there is one."""
        directory = await self.context.directory()
        poster, kiosk = poster_at(directory, request.match_info.get("token", "")), kiosk_of(request)
        if poster is None and kiosk is None and "token" in request.match_info:
            raise web.HTTPSeeOther("/")
        form = ReportForm.blank(kind=request.query.get("type"), qr=poster.token if poster else "")
        view = FormView(
            filled=FilledForm(form=form),
            language=language_for(request),
            directory=directory,
            poster=poster,
            notice=NO_SUCH_CODE if request.query.get("code") == "unknown" else None,
            stamp=self.context.robot_check.stamp(form.key, self.context.now()),
            kiosk=kiosk,
        )
        response = self._shown(request, view)
        if not keeps_cookies(request):  # comes back with the form, if this browser keeps any
            house = house_of(request)
            set_cookie(response, house, _COOKIE, "1", max_age_seconds=OPEN_SECONDS)
        return response

    async def send(self, request: web.Request) -> web.Response:
        """Take a form. Whatever is wrong, the same form comes back with all that was in it."""
        if from_another_site(request, house_of(request)):
            return error_page(request, 403)
        received = await receive(request, self.context.runtime.storage, self.context.limits)
        view = await self._understood(request, received)
        if received.text("lang") in LANGUAGES:
            response = self._shown(request, view)
            remember_language(response, house_of(request), view.language)
            return response
        if view.filled.errors:
            return self._shown(request, view, view.filled.status)
        if not self._admits(request, received, view):
            given = self.context.robot_check.grant(view.filled.form.key, self.context.now())
            return self._shown(request, replace(view, notice=PRESS_AGAIN, given=given), 429)
        return await self._filed(request, view)

    async def _understood(self, request: web.Request, received: Received) -> FormView:
        context, directory = self.context, await self.context.directory()
        wished = received.text("lang")
        language = language_of(wished) if wished in LANGUAGES else language_for(request)
        filled = FilledForm.read(received, context.handles, context.limits, context.now(), language)
        token = request.match_info.get("token", "") or filled.form.qr
        return FormView(
            filled=replace(filled, errors={}) if wished in LANGUAGES else filled,
            language=language,
            directory=directory,
            poster=poster_at(directory, token),
            stamp=received.text("stamp"),
            given=received.text("pass"),
            another=another_of(received),
            kiosk=kiosk_of(request),
        )

    def _admits(self, request: web.Request, received: Received, view: FormView) -> bool:
        now = self.context.now()
        crowded = self.context.is_crowded(request)
        return self.context.robot_check.admits(
            key=view.filled.form.key,
            stamp=view.stamp,
            given=view.given,
            doubted=crowded or bool(received.text("website")),
            now=now,
        )

    async def _filed(self, request: web.Request, view: FormView) -> web.Response:
        context, sent = self.context, sent_from(request, self.context)
        marks = view.filled.form.marks(context.runtime.secret)
        key = view.key_among(sent.since(context.now() - LASTS), marks)
        submission = replace(
            view.filled.form.submission(
                view.directory,
                view.filled.taken,
                language=view.language,
                ip_address=context.caller(request),
                user_agent=request.headers.get("User-Agent", "")[:_BROWSER_CHARACTERS] or None,
            ),
            key=key,
            # in a kiosk the next person may hold the same page: nothing of theirs is merged
            again=Again.ANOTHER if view.kiosk or sent.has_seen(key) else Again.MERGE,
        )
        try:
            written = await written_code.written_in(context.desk, submission)
            if written is not None and written.is_all:
                return self._only_a_code(request, view, written)
            receipt = await context.desk.submit(submission)
        except DatabaseAwayError:
            response = self._shown(request, replace(view, notice=AWAY), 503)
            response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
            return response
        beside = written_code.code_beside(request, receipt, written)
        facts = facts_of(
            receipt,
            mail=bool(submission.addresses),
            danger=view.filled.form.danger.alarm,
            again=view.path,
            lost=len(view.filled.lost),
        )
        is_plain = not receipt.repeated or (
            # its first answer was lost just now: nobody has seen the receipt yet
            key == view.key
            and not receipt.merged
            and not sent.has_seen(receipt.key)
            and is_near(receipt.received_at, context.now(), LASTS)
        )
        if is_plain and keeps_cookies(request):
            response = redirect_after_post(
                request, view.kiosk.thanks if view.kiosk else thanks_path(receipt)
            )
            hand_over(request, response, facts, context, mark=marks[0])
            written_code.hold_beside(request, response, receipt, beside, LASTS)
            return response
        return shown_at_once(
            request,
            facts,
            context,
            mark=marks[0],
            language=view.language,
            told=told_before(receipt, view) if receipt.repeated else None,
            resend=self._resent(view) if receipt.repeated else None,
            code_beside=beside,
        )

    def _only_a_code(
        self, request: web.Request, view: FormView, written: written_code.Written
    ) -> web.Response:
        """Say that a code is no report, and offer to open the one it belongs to."""
        wrong = {"story": translate(view.language, written_code.ONLY_A_CODE)}
        filled = replace(view.filled, errors=wrong)
        return self._shown(request, replace(view, filled=filled, opens=written.code), 422)

    def _resent(self, view: FormView) -> dict[str, object]:
        """Give the page of an old receipt what it needs to send the same as another report."""
        context, filled, now = self.context, view.filled, self.context.now()
        staged = filled.shown_files(context.handles, now, view.language)
        fields = (
            *filled.form.fields(),
            ("stamp", view.stamp),
            ("pass", view.given),
            ("another", fresh_key()),
            *(("keep", file.handle) for file in staged),
        )
        return {"action": view.path, "fields": fields}

    def _shown(self, request: web.Request, view: FormView, status: int = 200) -> web.Response:
        context, filled, now = self.context, view.filled, self.context.now()
        return page(
            request,
            "pages/form.html",
            status=status,
            language=view.language,
            values=filled.form,
            poster=view.poster,
            units=view.directory.public_units,
            kinds=KINDS,
            by_mail=view.directory.taking(EMAIL) in view.directory.sending,
            limits=context.limits,
            staged=filled.shown_files(context.handles, now, view.language),
            errors=filled.errors or filled.unkept,
            notice=view.notice.said_in(view.language) if view.notice else None,
            stamp=view.stamp or context.robot_check.stamp(filled.form.key, now),
            given=view.given,
            another=view.another,
            action=view.path,
            opens=view.opens,
            remembers=view.kiosk is None and not was_told_to_forget(request),
        )
