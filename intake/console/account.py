"""One's own account: language, password, where one is signed in."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from core.ground.database import transaction
from core.people import passwords, sessions
from core.people.staff import Admin, User
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

    async def show(self, request: web.Request) -> web.Response:
        """Show the account."""
        return await self._page(request)

    async def change_password(self, request: web.Request) -> web.Response:
        """Change the password of somebody who knows the old one; every other session ends."""
        form, present = await self.console.form(request), present_of(request).account
        async with transaction(self.console.runtime.database) as session:
            account = await session.get_one(Admin, present.admin_id)
        right, _fresh = await passwords.verified(form.text("old"), account.password_hash)
        errors = problems_of(request, form, account)
        if not right:
            errors = {"old": say(request, NOT_THE_OLD)}
        if errors:
            return await self._page(request, errors, status=422)
        fresh = await chosen(form)
        async with transaction(self.console.runtime.database) as session:
            await sessions.change_password(
                session, present.admin_id, fresh, self.console.now(), but=present.session_id
            )
        return onwards("/console/account?done=password")

    async def change_language(self, request: web.Request) -> web.Response:
        """Keep the language somebody works in."""
        form, present = await self.console.form(request), present_of(request).account
        async with transaction(self.console.runtime.database) as session:
            user = await session.get_one(User, present.user_id)
            user.language = language_of(form.text("language"))
        return onwards("/console/account?done=language")

    async def end_sessions(self, request: web.Request) -> web.Response:
        """End one other session, or all others."""
        form, present = await self.console.form(request), present_of(request).account
        now, wanted = self.console.now(), form.text("session")
        async with transaction(self.console.runtime.database) as session:
            if wanted == "others":
                await sessions.end_all(session, present.admin_id, now, but=present.session_id)
            elif (session_id := uuid_of(wanted)) is not None:
                await sessions.end(session, session_id, present.admin_id, now)
        return onwards("/console/account?done=sessions")

    async def _page(
        self, request: web.Request, errors: dict[str, str] | None = None, *, status: int = 200
    ) -> web.Response:
        account, console = present_of(request).account, self.console
        directory = await console.directory()
        async with transaction(console.runtime.database) as session:
            open_sessions = await sessions.living(
                session, account.admin_id, console.now(), console.limits
            )
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
