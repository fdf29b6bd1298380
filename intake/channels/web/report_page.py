"""The page of the form: shown, sent, shown again with everything in it."""

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from aiohttp import web

from core.ground.database import DatabaseAwayError
from core.hospital.contact import EMAIL
from core.hospital.directory import Directory
from intake.channels.web.banners import AWAY, NO_SUCH_CODE, PRESS_AGAIN, Banner
from intake.channels.web.context import WebContext, redirect_after_post
from intake.channels.web.posters import Poster, poster_at
from intake.channels.web.receipt import hand_over
from intake.channels.web.report_form import FilledForm, ReportForm
from intake.language import LANGUAGES, Language, language_of
from intake.pages import (
    RETRY_AFTER_SECONDS,
    error_page,
    from_another_site,
    house_of,
    language_for,
    page,
)
from intake.pages.kinds import KINDS
from intake.pages.page import remember_language
from intake.uploads.receive import Received, receive

_BROWSER_CHARACTERS: Final = 300


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

    @property
    def path(self) -> str:
        """Where this form is shown and sent to."""
        return f"/q/{quote(self.poster.token)}/report" if self.poster else "/"


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
        )

    async def show(self, request: web.Request) -> web.Response:
        """Show an empty form, about the place of the poster if there is one."""
        directory = await self.context.directory()
        poster = poster_at(directory, request.match_info.get("token", ""))
        if poster is None and "token" in request.match_info:
            raise web.HTTPSeeOther("/")
        form = ReportForm.blank(kind=request.query.get("type"), qr=poster.token if poster else "")
        view = FormView(
            filled=FilledForm(form=form),
            language=language_for(request),
            directory=directory,
            poster=poster,
            notice=NO_SUCH_CODE if request.query.get("code") == "unknown" else None,
            stamp=self.context.robot_check.stamp(form.key, self.context.now()),
        )
        return self._shown(request, view)

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
        )

    def _admits(self, request: web.Request, received: Received, view: FormView) -> bool:
        now = self.context.now()
        crowded = not self.context.reports.spend(self.context.caller(request), now.timestamp())
        return self.context.robot_check.admits(
            key=view.filled.form.key,
            stamp=view.stamp,
            given=view.given,
            doubted=crowded or bool(received.text("website")),
            now=now,
        )

    async def _filed(self, request: web.Request, view: FormView) -> web.Response:
        form, desk = view.filled.form, self.context.desk
        submission = form.submission(
            view.directory,
            view.filled.taken,
            language=view.language,
            ip_address=self.context.caller(request),
            user_agent=request.headers.get("User-Agent", "")[:_BROWSER_CHARACTERS] or None,
        )
        try:
            receipt = await desk.submit(submission)
            if not receipt.same_words:  # the first words of this form are filed already
                await desk.follow_up(receipt.ticket_id, view.filled.follow_up())
        except DatabaseAwayError:
            response = self._shown(request, replace(view, notice=AWAY), 503)
            response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
            return response
        response = redirect_after_post(request, "/thanks")
        hand_over(
            request,
            response,
            receipt,
            self.context,
            key=form.key,
            mail=bool(submission.addresses),
            danger=form.danger.alarm,
            again=view.path,
            lost=len(view.filled.lost),
        )
        return response

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
            action=view.path,
        )
