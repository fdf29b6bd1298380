"""Puts the web door into an application."""

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from core.database import DatabaseAwayError
from core.runtime import Runtime
from intake.channels.web.door import Door
from intake.channels.web.live import Live
from intake.channels.web.places import Places
from intake.channels.web.reporting import Reporting
from intake.channels.web.standing import Standing
from intake.channels.web.tracking import Tracking
from intake.pages import HOUSE, House


def mount(app: web.Application, runtime: Runtime, *, chat_url: str | None = None) -> None:
    """Add the routes of the public pages. The application's pages are mounted already."""
    door = Door.of(runtime)
    for part in (Reporting(door), Places(door), Tracking(door), Live(door), Standing()):
        app.router.add_routes(part.routes())
    app.middlewares.append(_house_kept_new(door, chat_url))


def _house_kept_new(door: Door, chat_url: str | None) -> Middleware:
    """Let every page show the hospital as the directory has it, or as it was last known."""
    public_url = door.runtime.settings.public_url

    @web.middleware
    async def keep(request: web.Request, handler: Handler) -> web.StreamResponse:
        house = request.config_dict[HOUSE]
        try:
            hospital = (await door.directory()).hospital
        except DatabaseAwayError:
            pass  # pages go on with the name they know
        else:
            house.now = House.of(hospital, public_url=public_url, chat_url=chat_url)
        return await handler(request)

    return keep
