"""Pages that ask nothing of anybody: what happens to one's data, and how our pages look."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from intake.channels.web.report_form import ShownFile
from intake.pages import page
from intake.pages.kinds import KINDS
from intake.uploads.limits import DEFAULT_LIMITS

_SAMPLE_FILE: Final = ShownFile(name="ward.jpg", size_bytes=2_400_000, handle="none", remark=None)


@dataclass(frozen=True, slots=True)
class StaticPages:
    """Privacy page, style guide and the word to robots."""

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/privacy", self.privacy),
            web.get("/styleguide", self.styleguide),
            web.get("/robots.txt", self.robots),
        )

    async def privacy(self, request: web.Request) -> web.Response:
        """Say what is kept, who sees it and how long."""
        return page(request, "pages/privacy.html")

    async def styleguide(self, request: web.Request) -> web.Response:
        """Show every component once."""
        errors = {"email": "This e-mail address is not complete. Like this: name@example.org"}
        return page(
            request,
            "pages/styleguide.html",
            errors=errors,
            staged=(_SAMPLE_FILE,),
            limits=DEFAULT_LIMITS,
            kinds=KINDS,
        )

    async def robots(self, _request: web.Request) -> web.Response:
        """Ask robots to stay away from what belongs to one person (RFC 9309)."""
        return web.Response(
            text="User-agent: *\nDisallow: /t/\nDisallow: /k/\nDisallow: /tracking\n"
        )
