"""The form: shown, sent, shown again with everything in it, thanked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import quote

from aiohttp import web
from markupsafe import Markup

from core.ground.database import DatabaseAwayError
from core.hospital.directory import Directory
from core.tickets.follow_up import FollowUp
from core.tickets.submission import Receipt, Submission
from intake.channels.web import receipt as receipts
from intake.channels.web.answers import (
    AWAY,
    NO_SUCH_CODE,
    PRESS_AGAIN,
    Notice,
    onwards,
)
from intake.channels.web.door import Door
from intake.channels.web.files import (
    fingerprint,
    gathered,
    problems_of,
    shown_again,
    status_for,
    stored,
)
from intake.channels.web.places import Place, place_at
from intake.channels.web.receipt import ShownReceipt
from intake.channels.web.report_form import CHANNEL, MAIL, ReportForm
from intake.language import LANGUAGES, Language, language_of, translate
from intake.pages import (
    RETRY_AFTER_SECONDS,
    error_page,
    from_another_site,
    house_of,
    language_for,
    page,
)
from intake.pages.headers import read_cookie
from intake.pages.kinds import KINDS
from intake.pages.page import remember_language
from intake.qr.codes import svg
from intake.uploads.arrival import ReceivedFile
from intake.uploads.receive import Received, receive

_BROWSER_CHARACTERS: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet of the form as it lies on the counter: what is on it and what came with it."""

    form: ReportForm
    language: Language
    directory: Directory
    place: Place | None = None
    files: tuple[ReceivedFile, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)
    notice: Notice | None = None
    stamp: str = ""
    given: str = ""

    @property
    def path(self) -> str:
        """Where this form is shown and sent to."""
        return f"/q/{quote(self.place.token)}/report" if self.place else "/"


@dataclass(frozen=True, slots=True)
class Reporting:
    """The pages on which a report is written and acknowledged."""

    door: Door

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/", self.show),
            web.post("/", self.send),
            web.get("/q/{token}/report", self.show),
            web.post("/q/{token}/report", self.send),
            web.get("/thanks", self.thanks),
            web.get("/slip", self.slip),
        )

    async def show(self, request: web.Request) -> web.Response:
        """Show an empty form, about the place of the poster if there is one."""
        directory = await self.door.directory()
        place = place_at(directory, request.match_info.get("token", ""))
        if place is None and "token" in request.match_info:
            raise web.HTTPSeeOther("/")
        form = ReportForm.blank(kind=request.query.get("type"), qr=place.token if place else "")
        sheet = Sheet(
            form=form,
            language=language_for(request),
            directory=directory,
            place=place,
            notice=NO_SUCH_CODE if request.query.get("code") == "unknown" else None,
            stamp=self.door.doorman.stamp(form.key, self.door.now()),
        )
        return self._shown(request, sheet)

    async def send(self, request: web.Request) -> web.Response:
        """Take a form. Whatever is wrong, the same form comes back with all that was in it."""
        if from_another_site(request, house_of(request)):
            return error_page(request, 403)
        received = await receive(request, self.door.runtime.storage, self.door.limits)
        sheet = await self._understood(request, received)
        if received.text("lang") in LANGUAGES:
            response = self._shown(request, sheet)
            remember_language(response, house_of(request), sheet.language)
            return response
        if sheet.errors:
            return self._shown(request, sheet, status_for(received))
        if not self._welcome(request, received, sheet):
            given = self.door.doorman.grant(sheet.form.key, self.door.now())
            return self._shown(request, replace(sheet, notice=PRESS_AGAIN, given=given), 429)
        return await self._filed(request, sheet)

    async def thanks(self, request: web.Request) -> web.Response:
        """Show number, code and promise to the browser that has just sent the report."""
        receipt = self._receipt(request)
        if receipt is None:
            return page(request, "pages/thanks_over.html", status=410)
        return page(request, "pages/thanks.html", receipt=receipt)

    async def slip(self, request: web.Request) -> web.Response:
        """Show the same on a slip for printer or picture, with a code that opens the report."""
        receipt = self._receipt(request)
        if receipt is None:
            return page(request, "pages/thanks_over.html", status=410)
        link = f"{house_of(request).public_url}/t/{receipt.code}"
        title = translate(language_for(request), "QR code that opens this report")
        drawn = Markup(svg(link, title))  # noqa: S704 - our own drawing; its title is escaped there
        return page(request, "pages/slip.html", receipt=receipt, qr=drawn)

    async def _understood(self, request: web.Request, received: Received) -> Sheet:
        form = ReportForm.read(received)
        now, directory = self.door.now(), await self.door.directory()
        wished = received.text("lang")
        language = language_of(wished) if wished in LANGUAGES else language_for(request)
        files = gathered(received, self.door.handles, form.key, now, self.door.limits)
        found = form.problems(with_files=bool(files))
        errors = {name: translate(language, message) for name, message in found.items()}
        errors |= problems_of(received, language)
        return Sheet(
            form=form,
            language=language,
            directory=directory,
            place=place_at(directory, request.match_info.get("token", "") or form.qr),
            files=files,
            errors={} if wished in LANGUAGES else errors,
            stamp=received.text("stamp"),
            given=received.text("pass"),
        )

    def _welcome(self, request: web.Request, received: Received, sheet: Sheet) -> bool:
        now = self.door.now()
        crowded = not self.door.reports.spend(self.door.caller(request), now)
        return self.door.doorman.welcomes(
            key=sheet.form.key,
            stamp=sheet.stamp,
            given=sheet.given,
            doubted=crowded or bool(received.text("website")),
            now=now,
        )

    async def _filed(self, request: web.Request, sheet: Sheet) -> web.Response:
        form = sheet.form
        submission = form.submission(
            sheet.directory,
            stored(sheet.files),
            language=sheet.language,
            ip_address=self.door.caller(request),
            user_agent=request.headers.get("User-Agent", "")[:_BROWSER_CHARACTERS] or None,
        )
        try:
            receipt = await self.door.desk.submit(submission)
            await self._add_what_changed(submission, receipt)
        except DatabaseAwayError:
            response = self._shown(request, replace(sheet, notice=AWAY), 503)
            response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
            return response
        response = onwards(request, "/thanks")
        text = receipts.sealed(
            receipt,
            self.door.receipts,
            self.door.now(),
            key=form.key,
            mail=bool(submission.addresses),
            danger=form.danger.alarm,
            again=sheet.path,
        )
        receipts.hand_over(response, house_of(request), text)
        return response

    async def _add_what_changed(self, submission: Submission, receipt: Receipt) -> None:
        """Add a form sent again with other words: its first words are filed already."""
        if receipt.same_words:
            return
        key = f"{submission.key}.{fingerprint(submission.words, submission.files)}"
        follow_up = FollowUp(
            channel=CHANNEL, key=key, words=submission.words, files=submission.files
        )
        await self.door.desk.follow_up(receipt.ticket_id, follow_up)

    def _receipt(self, request: web.Request) -> ShownReceipt | None:
        text = read_cookie(request, house_of(request), receipts.COOKIE) or ""
        door = self.door
        return ShownReceipt.unsealed(door.receipts, text, door.runtime.secret, door.now())

    def _shown(self, request: web.Request, sheet: Sheet, status: int = 200) -> web.Response:
        form, now = sheet.form, self.door.now()
        return page(
            request,
            "pages/form.html",
            status=status,
            language=sheet.language,
            values=form,
            place=sheet.place,
            units=sheet.directory.public_units,
            kinds=KINDS,
            by_mail=MAIL in sheet.directory.sending,
            limits=self.door.limits,
            staged=shown_again(sheet.files, self.door.handles, form.key, now, sheet.language),
            errors=sheet.errors,
            notice=sheet.notice.said_in(sheet.language) if sheet.notice else None,
            stamp=sheet.stamp or self.door.doorman.stamp(form.key, now),
            given=sheet.given,
            action=sheet.path,
        )
