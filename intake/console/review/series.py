"""Reports opened one after the other: who, when, how many, and that somebody looked into it."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from core.ground.errors import NotFoundError
from core.review.series import SeriesDesk
from intake.console.context import Console
from intake.console.fields import uuid_of
from intake.console.frame import console_page, onwards, say
from intake.console.signed_in import present_of
from intake.language import marked as _

PATH: Final = "/console/series"
DONE: Final = _("Noted that you looked into it.")
NOT_ONESELF: Final = _("Another supervisor has to look into what you opened yourself.")
BY_NUMBER: Final = _("by number, at the telephone")
ANY: Final = _("of any kind")


@dataclass(frozen=True, slots=True)
class SeriesPages:
    """The page of it."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (web.get("/series", self.show), web.post("/series", self.look_into))

    async def show(self, request: web.Request) -> web.Response:
        """List them, those that wait first."""
        return await self._page(request)

    async def look_into(self, request: web.Request) -> web.Response:
        """Say that somebody looked into one."""
        form, by = await self.console.form(request), present_of(request).account.user_id
        series_id = uuid_of(form.text("id"))
        try:
            if series_id is not None:
                await SeriesDesk(self.console.runtime).look_into(series_id, by=by)
        except NotFoundError:
            return await self._page(request, {"series": say(request, NOT_ONESELF)})
        return onwards(f"{PATH}?done=yes")

    async def _page(
        self, request: web.Request, errors: dict[str, str] | None = None
    ) -> web.Response:
        done = DONE if request.query.get("done") else None
        return console_page(
            request,
            "console/review/series.html",
            status=409 if errors else 200,
            series=await SeriesDesk(self.console.runtime).all(),
            kinds={True: BY_NUMBER, False: ANY},
            errors=errors or {},
            done=done and say(request, done),
        )
