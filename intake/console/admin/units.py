"""Units: the tree they form, and one unit with the names people and mailboxes call it by."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from aiohttp import web

from core.administration.changing import TakenError
from core.administration.units import InUseError, LoopError, UnitFacts, Units
from core.ground import email_address
from core.hospital.directory import Directory, UnitEntry
from core.hospital.report_mailboxes import takes_reports
from intake.console.admin.frame import admin_page
from intake.console.admin.tree import options, tree
from intake.console.context import Console
from intake.console.fields import NO_EMAIL, uuid_of, whole
from intake.console.frame import onwards, say
from intake.console.signed_in import present_of
from intake.language import marked as _
from intake.uploads.receive import Received

NO_NAME: Final = _("A unit needs a name.")
NO_CODE: Final = _("A code is 2 to 30 capital letters, digits and dashes, like MELATI.")
CODE_TAKEN: Final = _("Another unit has this code.")
NO_HOURS: Final = _("Whole hours, please; or leave it empty.")
LOOP: Final = _("A unit cannot stand below itself.")
IN_USE: Final = _(
    "It cannot be retired yet: %(tickets)s open reports and %(codes)s codes on walls lead here. "
    "Move them first."
)
TRIAGE_DESK: Final = _("The triage desk gets what no rule can place; it cannot be retired.")
ALIAS_TAKEN: Final = _("This name belongs to another unit.")
NO_ALIAS: Final = _("A name has 2 to 100 characters.")
SWALLOWED: Final = _(
    "Reports come in at this address, so a notice to it would come straight back. Name the mailbox"
    " that the unit's staff read."
)
TOLD_THERE: Final = _(
    "A unit is told at the mailbox of this name. Give it another e-mail address first."
)
_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{1,29}", re.ASCII)


@dataclass(frozen=True, slots=True)
class UnitPages:
    """The pages of units."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/admin/units", self.show_all),
            web.get("/admin/units/new", self.show_new),
            web.post("/admin/units/new", self.add),
            web.get("/admin/units/{code}", self.show),
            web.post("/admin/units/{code}", self.change),
            web.post("/admin/units/{code}/aliases", self.add_alias),
            web.post("/admin/units/{code}/aliases/drop", self.drop_alias),
        )

    async def show_all(self, request: web.Request) -> web.Response:
        """Show the tree, with how many open reports of each unit the reader may see."""
        directory, reader = await self.console.directory(), present_of(request).reader
        counts = await Units(self.console.runtime).owed(reader) if reader.sees_all else None
        return admin_page(request, "units.html", branches=tree(directory), owed=counts)

    async def show_new(self, request: web.Request) -> web.Response:
        """Show an empty form."""
        return await self._page(request, None, {"parent": request.query.get("parent", "")})

    async def add(self, request: web.Request) -> web.Response:
        """Open a unit."""
        form = await self.console.form(request)
        errors = await self._problems(request, form)
        if not errors:
            try:
                by = present_of(request).account.user_id
                await Units(self.console.runtime).add_unit(_facts(form), by=by)
            except TakenError:
                errors = {"code": say(request, CODE_TAKEN)}
        if errors:
            return await self._page(request, None, _typed(form), errors)
        return onwards("/console/admin/units?saved")

    async def show(self, request: web.Request) -> web.Response:
        """Show one unit."""
        unit = await self._unit(request)
        return await self._page(request, unit, _fields(unit))

    async def change(self, request: web.Request) -> web.Response:
        """Change or retire a unit."""
        unit, form = await self._unit(request), await self.console.form(request)
        errors = await self._problems(request, form)
        if not errors:
            errors = await self._changed(request, unit.id, _facts(form))
        if errors:
            return await self._page(request, unit, _typed(form), errors)
        return onwards(f"/console/admin/units/{form.text('code').strip().upper()}?saved")

    async def add_alias(self, request: web.Request) -> web.Response:
        """Give a unit another name."""
        unit, form = await self._unit(request), await self.console.form(request)
        alias = " ".join(form.text("alias").split())
        errors = {} if 2 <= len(alias) <= 100 else {"alias": say(request, NO_ALIAS)}
        directory = await self.console.directory()
        told = (one.contact_email for one in directory.units.values() if one.is_active)
        if any(_takes_reports(each, directory, {alias.lower()}) for each in told if each):
            errors = {"alias": say(request, TOLD_THERE)}
        if not errors:
            try:
                by = present_of(request).account.user_id
                await Units(self.console.runtime).add_alias(unit.id, alias, by=by)
            except TakenError:
                errors = {"alias": say(request, ALIAS_TAKEN)}
        if errors:
            return await self._page(request, unit, _fields(unit) | {"alias": alias}, errors)
        return onwards(f"/console/admin/units/{unit.code}?saved")

    async def drop_alias(self, request: web.Request) -> web.Response:
        """Take a name off a unit."""
        unit, form = await self._unit(request), await self.console.form(request)
        alias = form.text("alias")
        if alias not in unit.aliases:
            raise web.HTTPNotFound
        by = present_of(request).account.user_id
        await Units(self.console.runtime).drop_alias(unit.id, alias, by=by)
        return onwards(f"/console/admin/units/{unit.code}?saved")

    async def _changed(
        self, request: web.Request, unit_id: UUID, facts: UnitFacts
    ) -> dict[str, str]:
        """Change it; say by field why it could not be."""
        try:
            by = present_of(request).account.user_id
            await Units(self.console.runtime).change_unit(unit_id, facts, by=by)
        except TakenError:
            return {"code": say(request, CODE_TAKEN)}
        except LoopError:
            return {"parent": say(request, LOOP)}
        except InUseError as error:
            if error.triage_desk:
                return {"is_active": say(request, TRIAGE_DESK)}
            sentence = say(request, IN_USE, tickets=error.tickets, codes=error.codes)
            return {"is_active": sentence}
        return {}

    async def _unit(self, request: web.Request) -> UnitEntry:
        wanted = request.match_info["code"].upper()
        units = (await self.console.directory()).units.values()
        unit = next((unit for unit in units if unit.code.upper() == wanted), None)
        if unit is None:
            raise web.HTTPNotFound
        return unit

    async def _problems(self, request: web.Request, form: Received) -> dict[str, str]:
        found = {}
        directory = await self.console.directory()
        address = email_address.read(form.text("email"))
        if not form.text("name").strip():
            found["name"] = NO_NAME
        if not _CODE.fullmatch(form.text("code").strip().upper()):
            found["code"] = NO_CODE
        if form.text("email").strip() and address is None:
            found["email"] = NO_EMAIL
        if address and _takes_reports(address, directory, directory.aliases):
            found["email"] = SWALLOWED
        if (hours := form.text("sla_hours").strip()) and not whole(hours):
            found["sla_hours"] = NO_HOURS
        return {name: say(request, message) for name, message in found.items()}

    async def _page(
        self,
        request: web.Request,
        unit: UnitEntry | None,
        fields: dict[str, str],
        errors: dict[str, str] | None = None,
    ) -> web.Response:
        directory = await self.console.directory()
        kinds = [kind for kind in await Units(self.console.runtime).kinds() if kind.is_active]
        if unit is not None and "type" not in fields:
            fields["type"] = next((str(k.id) for k in kinds if k.code == unit.type_code), "")
        below = directory.below(unit.id) if unit else frozenset()
        return admin_page(
            request,
            "unit.html",
            status=422 if errors else 200,
            unit=unit,
            fields=fields,
            parents=options(directory, but=below),
            kinds=[(str(kind.id), kind.name) for kind in kinds],
            default_hours=directory.hospital.default_sla_hours,
            errors=errors or {},
        )


def _takes_reports(address: str, directory: Directory, aliases: Collection[str]) -> bool:
    public = directory.hospital.email.lower()
    return takes_reports(address.lower(), public=public, aliases=aliases)


def _facts(form: Received) -> UnitFacts:
    return UnitFacts(
        name=" ".join(form.text("name").split())[:200],
        code=form.text("code").strip().upper(),
        parent_id=uuid_of(form.text("parent")),
        type_id=uuid_of(form.text("type")),
        contact_email=email_address.read(form.text("email")),
        contact_phone=form.text("phone").strip()[:50] or None,
        sla_hours=whole(form.text("sla_hours")),
        is_active=form.text("is_active") == "yes",
    )


def _typed(form: Received) -> dict[str, str]:
    names = ("name", "code", "parent", "type", "email", "phone", "sla_hours", "is_active")
    return {name: form.text(name) for name in names}


def _fields(unit: UnitEntry) -> dict[str, str]:
    return {
        "name": unit.name,
        "code": unit.code,
        "parent": str(unit.parent_id or ""),
        "email": unit.contact_email or "",
        "phone": unit.contact_phone or "",
        "sla_hours": str(unit.sla_hours or ""),
        "is_active": "yes" if unit.is_active else "",
    }
