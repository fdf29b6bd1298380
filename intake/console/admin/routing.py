"""Where reports go: the rules as the core reads them, and what each of them knows now."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from core.tickets.routing import RULES
from intake.console.admin.frame import admin_page
from intake.console.context import Console
from intake.language import marked as _

EXPLAINED: Final = {
    "qr": (
        _("The code on the wall"),
        _("Whoever scans a code reports about the unit it hangs in."),
    ),
    "chosen": (
        _("The unit somebody chose"),
        _("On the form, in the chat, or told on the telephone."),
    ),
    "recipient": (
        _("The mailbox it was sent to"),
        _("By the names of units, given on their pages."),
    ),
    "category": (
        _("The category"),
        _("A category may name a unit that answers for it."),
    ),
    "triage": (
        _("The triage desk"),
        _("Reads everything no rule could place, and moves it on."),
    ),
}


@dataclass(frozen=True, slots=True)
class Routing:
    """The page of routing rules."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (web.get("/admin/routing", self.show),)

    async def show(self, request: web.Request) -> web.Response:
        """Show the rules in their order, and the tables two of them read."""
        directory = await self.console.directory()
        active = [unit for unit in directory.units.values() if unit.is_active]
        return admin_page(
            request,
            "routing.html",
            rules=RULES,
            explained=EXPLAINED,
            named=sorted((u for u in active if u.aliases), key=lambda unit: unit.name),
            categories=sorted(directory.categories.values(), key=lambda one: one.code),
            units=directory.units,
            desk=directory.triage_desk,
        )
