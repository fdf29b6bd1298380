"""Sources of mail that are trusted: listed, added, removed."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from core.ground.errors import NotFoundError
from core.hospital.directory import TRUSTED_KINDS
from core.review.trusting import TrustedSources
from intake.console.context import Console
from intake.console.fields import uuid_of
from intake.console.frame import console_page, onwards, say
from intake.console.review.deciding import NO_SOURCE
from intake.console.review.message_page import KINDS, Filled
from intake.console.signed_in import present_of
from intake.language import marked as _

PATH: Final = "/console/review/trusted"
DONE: Final = {
    "added": _("Trusted from now on."),
    "removed": _("Not trusted any more. What came from there stays as it is."),
}


@dataclass(frozen=True, slots=True)
class TrustedPages:
    """The page of trusted sources."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/review/trusted", self.show),
            web.post("/review/trusted", self.add),
            web.post("/review/trusted/drop", self.drop),
        )

    async def show(self, request: web.Request) -> web.Response:
        """List them."""
        return await self._page(request)

    async def add(self, request: web.Request) -> web.Response:
        """Trust one more."""
        form, by = await self.console.form(request), present_of(request).account.user_id
        filled = Filled(kind=form.text("kind"), address=form.text("address"))
        try:
            await TrustedSources(self.console.runtime).add(filled.kind, filled.address, by=by)
        except ValueError:
            return await self._page(request, filled, say(request, NO_SOURCE))
        return onwards(f"{PATH}?done=added")

    async def drop(self, request: web.Request) -> web.Response:
        """Trust one no more; one that is gone already is no fault."""
        form, by = await self.console.form(request), present_of(request).account.user_id
        source_id = uuid_of(form.text("id"))
        try:
            if source_id is not None:
                await TrustedSources(self.console.runtime).remove(source_id, by=by)
        except NotFoundError:
            pass
        return onwards(f"{PATH}?done=removed")

    async def _page(
        self, request: web.Request, filled: Filled | None = None, problem: str | None = None
    ) -> web.Response:
        done = DONE.get(request.query.get("done", ""))
        return console_page(
            request,
            "console/review/trusted.html",
            status=422 if problem else 200,
            sources=await TrustedSources(self.console.runtime).all(),
            names=KINDS,
            kinds=[(kind, say(request, KINDS[kind])) for kind in TRUSTED_KINDS],
            filled=filled or Filled(),
            errors={"address": problem} if problem else {},
            done=done and say(request, done),
        )
