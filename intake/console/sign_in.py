"""The way in: name and password, the code, a link to choose a password; and the way out."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from aiohttp import web

from core.ground.network_buckets import NetworkBuckets
from core.ground.rate_limits import WRONG_LINKS
from core.people import second_factor
from core.people.own_account import OwnAccount
from core.people.sign_in import BegunSession, RefusedError, TooSoonError
from intake.console.context import BROWSER_COOKIE, SESSION_COOKIE, Console
from intake.console.frame import console_page, language_here, onwards, places_of, say
from intake.console.new_password import chosen, problems_of
from intake.console.signed_in import PRESENT, present_of
from intake.console.unsent_form import UnsentForm, inside
from intake.language import duration
from intake.language import marked as _
from intake.pages import house_of, set_cookie
from intake.pages.headers import forget_cookie, read_cookie
from intake.qr.codes import svg
from intake.uploads.receive import Received

_LINK_COOKIE: Final = "link"
_LINK_SECONDS: Final = 3600
_YEAR_SECONDS: Final = 365 * 24 * 3600

WRONG: Final = _("Name or password is not right. Capitals count in the password, not in the name.")
WRONG_CODE: Final = _("This code is not right, or was used already. Wait for the next one.")
TOO_SOON: Final = _("Too many attempts. Please wait %(wait)s, then try again.")
UNKNOWN_LINK: Final = _("This link was used already or is too old. Ask for a new one.")


@dataclass(frozen=True, slots=True)
class WayIn:
    """Sign-in and sign-out."""

    console: Console
    wrong_links: NetworkBuckets = field(default_factory=lambda: NetworkBuckets(WRONG_LINKS))

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("", self.home),
            web.get("/sign-in", self.show),
            web.post("/sign-in", self.enter),
            web.get("/code", self.show_code),
            web.post("/code", self.enter_code),
            web.get("/link/{token}", self.follow_link),
            web.get("/password", self.show_password),
            web.post("/password", self.choose_password),
            web.post("/sign-out", self.leave),
        )

    async def home(self, request: web.Request) -> web.Response:
        """Lead to the first place that is somebody's."""
        places = places_of(present_of(request))
        return onwards(places[0].path if places else "/console/account")

    async def show(self, request: web.Request) -> web.Response:
        """Ask for name and password."""
        present = request.get(PRESENT)
        if present is not None and present.account.confirmed:
            return onwards("/console")
        return _sign_in_page(request, next_path=inside(request.query.get("next", "")))

    async def enter(self, request: web.Request) -> web.Response:
        """Sign in; on the way a form on hold is kept."""
        form = await self.console.form(request)
        try:
            opened = await self.console.sign_in.open(
                form.text("name"), form.text("password"), self.console.visit(request)
            )
        except RefusedError:
            return _sign_in_page(request, form, problem=say(request, WRONG), status=422)
        except TooSoonError as error:
            return _sign_in_page(request, form, problem=_wait(request, error), status=429)
        return self._let_in(request, opened, form)

    async def show_code(self, request: web.Request) -> web.Response:
        """Ask for the code; who has no authenticator yet is shown how to get one."""
        return await self._code_page(request, next_path=inside(request.query.get("next", "")))

    async def enter_code(self, request: web.Request) -> web.Response:
        """Finish the sign-in with a code."""
        form = await self.console.form(request)
        account = present_of(request).account
        try:
            opened = await self.console.sign_in.confirm(
                account, form.text("code"), self.console.visit(request)
            )
        except RefusedError:
            return await self._code_page(request, form, say(request, WRONG_CODE), status=422)
        except TooSoonError as error:
            return await self._code_page(request, form, _wait(request, error), status=429)
        return self._let_in(request, opened, form)

    async def follow_link(self, request: web.Request) -> web.Response:
        """Put a link's token into a cookie, out of the address bar; it is not used up by this."""
        response = onwards("/console/password")
        token = request.match_info["token"]
        set_cookie(response, house_of(request), _LINK_COOKIE, token, max_age_seconds=_LINK_SECONDS)
        return response

    async def show_password(self, request: web.Request) -> web.Response:
        """Let the holder of a link choose a password."""
        return await self._password_page(request)

    async def choose_password(self, request: web.Request) -> web.Response:
        """Set the password, end every other session, use up the link, and let the person in."""
        form = await self.console.form(request)
        token, visit = _link(request), self.console.visit(request)
        account = await self.console.sign_in.holder(token)
        errors = problems_of(request, form, account) if account else {}
        if account is None or errors:
            return await self._password_page(request, errors, status=422)
        opened = await self.console.sign_in.choose_password(token, await chosen(form), visit)
        if opened is None:
            return await self._password_page(request, status=422)
        response = self._let_in(request, opened, form)
        forget_cookie(response, house_of(request), _LINK_COOKIE)
        return response

    async def leave(self, request: web.Request) -> web.Response:
        """End the session."""
        account = present_of(request).account
        await OwnAccount(self.console.runtime).end_session(account, account.session_id)
        response = onwards("/console/sign-in")
        forget_cookie(response, house_of(request), SESSION_COOKIE)
        return response

    def _let_in(self, request: web.Request, opened: BegunSession, form: Received) -> web.Response:
        """Hand out the cookies and lead on: to the code, to the form on hold, or to work."""
        kept, wanted = UnsentForm.read(form), inside(form.text("next"))
        if kept is not None and not kept.belongs_to(opened.known):
            kept = None
        if not opened.confirmed:
            response = self._to_code(request, kept, wanted)
        elif kept is not None:
            response = console_page(request, "console/welcome_back.html", kept=kept)
        else:
            response = onwards(wanted or "/console")
        house, limits = house_of(request), self.console.limits
        seconds = int(limits.absolute / timedelta(seconds=1))
        set_cookie(response, house, SESSION_COOKIE, opened.token, max_age_seconds=seconds)
        set_cookie(response, house, BROWSER_COOKIE, opened.known, max_age_seconds=_YEAR_SECONDS)
        return response

    def _to_code(self, request: web.Request, kept: UnsentForm | None, wanted: str) -> web.Response:
        """Lead to the code; a form on hold comes along inside the page."""
        if kept is not None:
            return console_page(request, "console/to_code.html", kept=kept)
        return onwards(f"/console/code?next={wanted}" if wanted else "/console/code")

    async def _code_page(
        self,
        request: web.Request,
        form: Received | None = None,
        problem: str | None = None,
        *,
        next_path: str = "",
        status: int = 200,
    ) -> web.Response:
        account = present_of(request).account
        shared = await self.console.sign_in.offered(account)
        uri = shared and second_factor.enrolment_uri(
            shared, username=account.username, hospital=house_of(request).name
        )
        return console_page(
            request,
            "console/code.html",
            status=status,
            shared=shared,
            picture=uri and svg(uri, say(request, "QR code for the authenticator app")),
            kept=UnsentForm.read(form) if form else None,
            next=inside(form.text("next")) if form else next_path,
            errors={"code": problem} if problem else {},
        )

    def _is_one_too_many(self, request: web.Request) -> bool:
        """Count a link that opens nothing; a right one always opens."""
        runtime = self.console.runtime
        address = self.console.visit(request).address
        if not _link(request) or self.wrong_links.spend(address, runtime.clock().timestamp()):
            return False
        runtime.refusals.note(WRONG_LINKS)
        return True

    async def _password_page(
        self, request: web.Request, errors: dict[str, str] | None = None, *, status: int = 200
    ) -> web.Response:
        account = await self.console.sign_in.holder(_link(request))
        if account is None:
            status = 429 if self._is_one_too_many(request) else 410
            return _sign_in_page(request, problem=say(request, UNKNOWN_LINK), status=status)
        return console_page(
            request,
            "console/password.html",
            status=status,
            account=account,
            errors=errors or {},
        )


def _sign_in_page(
    request: web.Request,
    form: Received | None = None,
    *,
    problem: str | None = None,
    next_path: str = "",
    status: int = 200,
) -> web.Response:
    return console_page(
        request,
        "console/sign_in.html",
        status=status,
        name=form.text("name")[:254] if form else "",
        next=inside(form.text("next")) if form else next_path,
        kept=UnsentForm.read(form) if form else None,
        expired=False,
        errors={"name": problem} if problem else {},
    )


def _link(request: web.Request) -> str:
    return read_cookie(request, house_of(request), _LINK_COOKIE) or ""


def _wait(request: web.Request, error: TooSoonError) -> str:
    minutes = max(timedelta(minutes=1), error.wait)
    return say(request, TOO_SOON, wait=duration(minutes, language_here(request)))
