"""The first page of the administration: how large the house is, and what was changed lately."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from core.administration.overview import Overview
from intake.console.admin.frame import admin_page
from intake.console.context import Console
from intake.language import marked as _

VERBS: Final = {
    "account.added": _("let somebody in"),
    "account.invited": _("invited somebody"),
    "account.linked": _("made a link to choose a password"),
    "account.changed": _("changed an account"),
    "account.closed": _("closed an account"),
    "account.reopened": _("opened an account again"),
    "account.signed_out": _("signed somebody out"),
    "account.telephone": _("took a telephone off an account"),
    "account.password": _("set a password"),
    "unit.opened": _("opened a unit"),
    "unit.changed": _("changed a unit"),
    "unit.named": _("gave a unit another name"),
    "unit.unnamed": _("took a name off a unit"),
    "unit_type.saved": _("changed a kind of unit"),
    "category.changed": _("changed a category"),
    "code.made": _("made a QR code"),
    "code.pointed": _("pointed a QR code elsewhere"),
    "code.retired": _("retired a QR code"),
    "caller.not_proven": _("took a proof from a caller that was wrong"),
    "series.looked_into": _("looked into reports opened in series"),
}
"""What the audit's verbs are called; one that is missing here is shown as it is."""


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """The overview."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (web.get("/admin", self.show),)

    async def show(self, request: web.Request) -> web.Response:
        """Show counts and the latest changes."""
        directory = await self.console.directory()
        lately = await Overview(self.console.runtime).lately()
        codes = sum(code.is_active for code in directory.qr_codes.values())
        return admin_page(
            request,
            "overview.html",
            hospital=directory.hospital,
            counts={
                "units": sum(unit.is_active for unit in directory.units.values()),
                "people": lately.accounts,
                "codes": codes,
            },
            changes=lately.changes,
            verbs=VERBS,
        )
