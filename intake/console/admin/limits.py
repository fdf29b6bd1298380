"""Limits: how much anybody may ask of us, and which limit held somebody back lately."""

from dataclasses import dataclass

from aiohttp import web

from core.reading.refusals import refused_lately
from intake.console.admin.frame import admin_page
from intake.console.context import Console
from intake.limit_words import called


@dataclass(frozen=True, slots=True)
class LimitsPage:
    """The page of limits. Nothing of it can be changed here."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (web.get("/admin/limits", self.show),)

    async def show(self, request: web.Request) -> web.Response:
        """Show what refused most on top, then the whole table in its order."""
        lately = await refused_lately(self.console.runtime)
        names = {each.limit.name: called(each.limit) for each in lately.limits}
        return admin_page(
            request,
            "limits.html",
            limits=sorted(lately.limits, key=lambda each: (-each.in_day, -each.in_week)),
            hours=lately.hours,
            names=names,
        )
