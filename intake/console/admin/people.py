"""People and roles: who may come in, what they may do, how they choose a password."""

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from aiohttp import web

from core.administration.accounts import AccountCard, AccountFacts, Accounts, LastAdministratorError
from core.administration.changing import TakenError
from core.administration.staff import NewUser, Staff
from core.ground import email_address
from core.ground.errors import NotFoundError
from core.people.links import LASTS, Purpose
from core.people.roles import ROLES
from intake.console.admin.frame import admin_page
from intake.console.admin.tree import options
from intake.console.context import Console
from intake.console.fields import NO_EMAIL, uuid_of
from intake.console.frame import onwards, say
from intake.console.signed_in import present_of
from intake.language import LANGUAGE_NAMES, language_of
from intake.language import marked as _
from intake.uploads.receive import Received

_USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}", re.ASCII)
_ROLE_CODES: Final = tuple(code for code, _id, _en in ROLES)

NO_NAME: Final = _("Please write the whole name.")
NO_USERNAME: Final = _("2 to 40 small letters, digits, dots and dashes, like sari.w")
NO_ROLE: Final = _("Please tick at least one role.")
TAKEN: Final = _("Somebody has this user name or address already.")
LAST_ONE: Final = _("This is the last administrator. Make another one first.")
ROLE_HELP: Final = {
    "agent": _("Answers the telephone, logs calls, calls back."),
    "officer": _("Answers the reports of their unit and of those below it."),
    "head": _("As an officer, and hears of what is raised."),
    "supervisor": _("Sees every report, moves and grades them, prints posters."),
    "administrator": _("Looks after people, units and codes; reads no reports."),
    "auditor": _("Reads everything and changes nothing."),
}
DONE: Final = {
    "closed": _("The account is closed. Every session of it has ended."),
    "reopened": _("The account is open again."),
    "signed-out": _("Signed out everywhere."),
    "telephone": _("The old telephone is off the account. The next sign-in asks for a new one."),
}


@dataclass(frozen=True, slots=True)
class People:
    """The pages of people."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/admin/people", self.show_all),
            web.get("/admin/people/invite", self.show_invite),
            web.post("/admin/people/invite", self.invite),
            web.get("/admin/people/{id}", self.show),
            web.post("/admin/people/{id}", self.change),
            web.post("/admin/people/{id}/link", self.make_link),
            web.post("/admin/people/{id}/close", self.close),
            web.post("/admin/people/{id}/reopen", self.reopen),
            web.post("/admin/people/{id}/sign-out", self.sign_out),
            web.post("/admin/people/{id}/telephone", self.forget_telephone),
        )

    @property
    def accounts(self) -> Accounts:
        """The verbs on accounts."""
        return Accounts(self.console.runtime)

    async def show_all(self, request: web.Request) -> web.Response:
        """List everybody with an account."""
        directory = await self.console.directory()
        people = await Staff(self.console.runtime).all()
        names = {unit.code: unit.name for unit in directory.units.values()}
        return admin_page(request, "people.html", people=people, unit_names=names)

    async def show_invite(self, request: web.Request) -> web.Response:
        """Show an empty invitation."""
        return await self._invite_page(request, {}, ())

    async def invite(self, request: web.Request) -> web.Response:
        """Make an account and show its link, once."""
        form = await self.console.form(request)
        errors = _problems(request, form)
        username = form.text("username").strip().lower()
        if not _USERNAME.fullmatch(username):
            errors["username"] = say(request, NO_USERNAME)
        if not errors:
            facts, directory = await self._facts(form), await self.console.directory()
            unit = directory.units.get(facts.unit_id) if facts.unit_id else None
            new = NewUser(
                username=username,
                full_name=facts.full_name,
                email=facts.email,
                password_hash="",
                roles=facts.roles,
                unit_code=unit.code if unit else None,
                language=facts.language,
            )
            try:
                user_id, token = await self.accounts.invite(new, by=_me(request))
            except TakenError:
                errors["username"] = say(request, TAKEN)
            else:
                return await self._link_page(request, user_id, "invite", token)
        return await self._invite_page(request, _typed(form), form.texts("role"), errors)

    async def show(self, request: web.Request) -> web.Response:
        """Show one member of staff."""
        card = await self._card(request)
        done = DONE.get(request.query.get("done", ""))
        return await self._page(request, card, done=done and say(request, done))

    async def change(self, request: web.Request) -> web.Response:
        """Change who somebody is and what they may."""
        card, form = await self._card(request), await self.console.form(request)
        errors = _problems(request, form)
        if not errors:
            try:
                facts = await self._facts(form)
                await self.accounts.change(card.user_id, facts, by=_me(request))
            except TakenError:
                errors["email"] = say(request, TAKEN)
            except LastAdministratorError:
                errors["role"] = say(request, LAST_ONE)
        if errors:
            return await self._page(request, card, _typed(form), form.texts("role"), errors)
        return onwards(f"/console/admin/people/{card.user_id}?saved")

    async def make_link(self, request: web.Request) -> web.Response:
        """Make a fresh link and show it, once."""
        card = await self._card(request)
        purpose, token = await self.accounts.send_link(card.user_id, by=_me(request))
        return await self._link_page(request, card.user_id, purpose, token)

    async def close(self, request: web.Request) -> web.Response:
        """Let somebody in no more."""
        card = await self._card(request)
        try:
            await self.accounts.close(card.user_id, by=_me(request))
        except LastAdministratorError:
            return await self._page(request, card, errors={"role": say(request, LAST_ONE)})
        return onwards(f"/console/admin/people/{card.user_id}?done=closed")

    async def reopen(self, request: web.Request) -> web.Response:
        """Let somebody in again."""
        card = await self._card(request)
        await self.accounts.reopen(card.user_id, by=_me(request))
        return onwards(f"/console/admin/people/{card.user_id}?done=reopened")

    async def sign_out(self, request: web.Request) -> web.Response:
        """End every session of somebody."""
        card = await self._card(request)
        await self.accounts.end_sessions(card.user_id, by=_me(request))
        return onwards(f"/console/admin/people/{card.user_id}?done=signed-out")

    async def forget_telephone(self, request: web.Request) -> web.Response:
        """Take a lost telephone off an account."""
        card = await self._card(request)
        await self.accounts.forget_telephone(card.user_id, by=_me(request))
        return onwards(f"/console/admin/people/{card.user_id}?done=telephone")

    async def _card(self, request: web.Request) -> AccountCard:
        user_id = uuid_of(request.match_info["id"])
        try:
            return await self.accounts.card(user_id or UUID(int=0))
        except NotFoundError:
            raise web.HTTPNotFound from None

    async def _facts(self, form: Received) -> AccountFacts:
        unit_id = uuid_of(form.text("unit"))
        directory = await self.console.directory()
        return AccountFacts(
            full_name=" ".join(form.text("full_name").split())[:200],
            email=email_address.read(form.text("email")) or "",
            unit_id=unit_id if directory.unit(unit_id) else None,
            language=language_of(form.text("language")),
            roles=tuple(code for code in _ROLE_CODES if code in form.texts("role")),
        )

    async def _page(
        self,
        request: web.Request,
        card: AccountCard,
        fields: dict[str, str] | None = None,
        roles: tuple[str, ...] | None = None,
        errors: dict[str, str] | None = None,
        **facts: object,
    ) -> web.Response:
        shown = {
            "full_name": card.full_name,
            "email": card.email,
            "unit": str(card.unit_id or ""),
            "language": card.language,
        }
        return admin_page(
            request,
            "person.html",
            status=422 if errors else 200,
            card=card,
            fields=fields or shown,
            held=card.roles if roles is None else roles,
            errors=errors or {},
            **(await self._choices() | {k: v for k, v in facts.items() if v is not None}),
        )

    async def _invite_page(
        self,
        request: web.Request,
        fields: dict[str, str],
        roles: tuple[str, ...],
        errors: dict[str, str] | None = None,
    ) -> web.Response:
        return admin_page(
            request,
            "invite.html",
            status=422 if errors else 200,
            fields=fields,
            held=roles,
            errors=errors or {},
            **(await self._choices()),
        )

    async def _choices(self) -> dict[str, object]:
        return {
            "units": options(await self.console.directory()),
            "languages": list(LANGUAGE_NAMES.items()),
            "role_help": ROLE_HELP,
        }

    async def _link_page(
        self, request: web.Request, user_id: UUID, purpose: Purpose, token: str
    ) -> web.Response:
        return admin_page(
            request,
            "link.html",
            card=await self.accounts.card(user_id),
            purpose=purpose,
            lasts=LASTS[purpose],
            link=f"{self.console.runtime.settings.public_url.rstrip('/')}/console/link/{token}",
        )


def _me(request: web.Request) -> UUID:
    return present_of(request).account.user_id


def _problems(request: web.Request, form: Received) -> dict[str, str]:
    found = {}
    if not form.text("full_name").strip():
        found["full_name"] = NO_NAME
    if email_address.read(form.text("email")) is None:
        found["email"] = NO_EMAIL
    if not set(form.texts("role")) & set(_ROLE_CODES):
        found["role"] = NO_ROLE
    return {name: say(request, message) for name, message in found.items()}


def _typed(form: Received) -> dict[str, str]:
    names = ("full_name", "username", "email", "unit", "language")
    return {name: form.text(name) for name in names}
