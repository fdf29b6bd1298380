"""Arriving by a poster: the page of a place, and the code for those who cannot scan."""

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from aiohttp import web

from core.ground.database import DatabaseAwayError
from core.hospital.directory import Directory
from core.hospital.qr_code import count_scan
from intake.channels.web.door import Door
from intake.pages import OFFERS, page
from intake.pages.kinds import KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where somebody is, as the poster says."""

    id: UUID
    token: str
    code: str
    name: str


def place_at(directory: Directory, token: str) -> Place | None:
    """Give the place of a poster in use; None for every other token."""
    poster = directory.qr(token)
    unit = directory.unit(poster.unit_id) if poster else None
    if poster is None or unit is None:
        return None
    return Place(id=poster.id, token=poster.token, code=poster.code, name=unit.name)


@dataclass(frozen=True, slots=True)
class Places:
    """The pages behind posters. A retired or unknown code leads to the general form."""

    door: Door

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/q", self.typed),
            web.get("/q/{token}", self.landing),
        )

    async def landing(self, request: web.Request) -> web.Response:
        """Name the place and offer the ways to speak."""
        directory = await self.door.directory()
        place = place_at(directory, request.match_info["token"])
        if place is None:
            raise web.HTTPSeeOther("/")
        if request.method == "GET":
            with suppress(DatabaseAwayError):  # the count is for the wall, the page for the person
                await count_scan(self.door.runtime.database, place.id)
        offers = [(offer, offer.link(place.token)) for offer in request.config_dict[OFFERS]]
        return page(request, "pages/landing.html", place=place, kinds=KINDS, offers=offers)

    async def typed(self, request: web.Request) -> web.Response:
        """Take a code as somebody typed it, in any case, with or without dashes."""
        directory = await self.door.directory()
        poster = directory.qr_by_code(request.query.get("code", ""))
        raise web.HTTPSeeOther(f"/q/{quote(poster.token)}" if poster else "/?code=unknown")
