"""One's own account: language, password, where one is signed in."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from core.people.own_account import OwnAccount
from intake.console.context import Console
from intake.console.fields import uuid_of
from intake.console.frame import console_page, onwards, say
from intake.console.new_password import chosen, problems_of
from intake.console.signed_in import present_of
from intake.language import language_of
from intake.language import marked as _

NOT_THE_OLD: Final = _("This is not your present password.")

DONE: Final = {
    "password": _("Your password is changed. You are signed out everywhere else."),
    "language": _("Saved."),
    "sessions": _("Signed out there."),
}


@dataclass(frozen=True, slots=True)
class AccountPages:
    """The pages of one's own account."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/account", self.show),
            web.post("/account/password", self.change_password),
            web.post("/account/language", self.change_language),
            web.post("/account/sessions/end", self.end_sessions),
        )

    @property
    def own(self) -> OwnAccount:
        """The verbs on one's own account."""
        return OwnAccount(self.console.runtime)

    async def show(self, request: web.Request) -> web.Response:
        """Show the account."""
        return await self._page(request)

    async def change_password(self, request: web.Request) -> web.Response:
        """Change the password of somebody who knows the old one; every other session ends."""
        form, present = await self.console.form(request), present_of(request).account
        names = await self.own.proven(present, form.text("old"))
        if names is None:
            errors = {"old": say(request, NOT_THE_OLD)}
        else:
            errors = problems_of(request, form, names)
        if errors:
            return await self._page(request, errors, status=422)
        await self.own.change_password(present, await chosen(form))
        return onwards("/console/account?done=password")

    async def change_language(self, request: web.Request) -> web.Response:
        """Keep the language somebody works in."""
        form, present = await self.console.form(request), present_of(request).account
        await self.own.change_language(present, language_of(form.text("language")))
        return onwards("/console/account?done=language")

    async def end_sessions(self, request: web.Request) -> web.Response:
        """End one other session, or all others."""
        form, present = await self.console.form(request), present_of(request).account
        wanted = form.text("session")
        if wanted == "others":
            await self.own.end_others(present)
        elif (session_id := uuid_of(wanted)) is not None:
            await self.own.end_session(present, session_id)
        return onwards("/console/account?done=sessions")

    async def _page(
        self, request: web.Request, errors: dict[str, str] | None = None, *, status: int = 200
    ) -> web.Response:
        account, console = present_of(request).account, self.console
        directory = await console.directory()
        open_sessions = await self.own.sessions(account, console.limits)
        done = DONE.get(request.query.get("done", ""))
        return console_page(
            request,
            "console/account.html",
            status=status,
            unit=directory.units.get(account.unit_id) if account.unit_id else None,
            sessions=open_sessions,
            errors=errors or {},
            done=done and say(request, done),
        )
