"""The pages of a kiosk beside its form: the start, number and code for a moment, one's data."""

from dataclasses import dataclass

from aiohttp import web

from intake.channels.web.context import WebContext
from intake.channels.web.forgetting import forget_report
from intake.channels.web.posters import poster_at
from intake.channels.web.receipt import receipt_of, thanks_page
from intake.pages import page
from intake.pages.kinds import KINDS
from intake.pages.kiosk import Kiosk
from intake.pages.page import forget_language


@dataclass(frozen=True, slots=True)
class KioskPages:
    """Nothing of one visitor reaches the next: the start lets the browser forget all it holds."""

    context: WebContext

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/k/{token}", self.start),
            web.get("/k/{token}/thanks", self.thanks),
            web.get("/k/{token}/privacy", self.privacy),
        )

    async def start(self, request: web.Request) -> web.Response:
        """Greet the next person. A retired or unknown code still takes reports, for any unit."""
        poster = poster_at(await self.context.directory(), request.match_info["token"])
        response = page(request, "pages/kiosk.html", poster=poster, kinds=KINDS)
        forget_report(request, response)
        if "lang" not in request.query:
            forget_language(request, response)
        return response

    async def thanks(self, request: web.Request) -> web.Response:
        """Show number and code, to be photographed; without a receipt lead to the start."""
        receipt = receipt_of(request, self.context)
        if receipt is None:
            raise web.HTTPSeeOther(Kiosk(request.match_info["token"]).start)
        return thanks_page(request, receipt)

    async def privacy(self, request: web.Request) -> web.Response:
        """Say what is kept, who sees it and how long."""
        return page(request, "pages/privacy.html")
