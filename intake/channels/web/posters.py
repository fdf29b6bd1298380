"""Arriving by a poster: the page of a place, and the code for those who cannot scan."""

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from aiohttp import web

from core.ground.database import DatabaseAwayError
from core.hospital.directory import Directory
from core.hospital.qr_code import count_scan
from intake.channels.web.context import WebContext
from intake.pages import OFFERS, page
from intake.pages.kinds import KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """A poster in use, and the name of the place it hangs in."""

    id: UUID
    token: str
    code: str
    place: str


def poster_at(directory: Directory, token: str) -> Poster | None:
    """Give the poster of a token; None where it is unknown or no longer in use."""
    code = directory.qr(token)
    unit = directory.unit(code.unit_id) if code else None
    if code is None or unit is None:
        return None
    return Poster(id=code.id, token=code.token, code=code.code, place=unit.name)


@dataclass(frozen=True, slots=True)
class PosterPages:
    """The pages behind posters. A retired or unknown code leads to the general form."""

    context: WebContext

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/q", self.typed),
            web.get("/q/{token}", self.landing),
        )

    async def landing(self, request: web.Request) -> web.Response:
        """Name the place and offer the ways to speak."""
        directory = await self.context.directory()
        poster = poster_at(directory, request.match_info["token"])
        if poster is None:
            raise web.HTTPSeeOther("/")
        if request.method == "GET":
            with suppress(DatabaseAwayError):  # the count is for the wall, the page for the person
                await count_scan(self.context.runtime.database, poster.id)
        offers = [(offer, offer.link(poster.token)) for offer in request.config_dict[OFFERS]]
        return page(request, "pages/landing.html", poster=poster, kinds=KINDS, offers=offers)

    async def typed(self, request: web.Request) -> web.Response:
        """Take a code as somebody typed it, in any case, with or without dashes."""
        directory = await self.context.directory()
        poster = directory.qr_by_code(request.query.get("code", ""))
        raise web.HTTPSeeOther(f"/q/{quote(poster.token)}" if poster else "/?code=unknown")
