"""The web application: pages, channels and health, put together in one place."""

from aiohttp import web

from core.ground.database import DatabaseAwayError
from core.runtime import Runtime
from core.tickets.desk import Desk
from intake import console, pages
from intake.registry import Registry

RUNTIME = web.AppKey("runtime", Runtime)
REGISTRY = web.AppKey("registry", Registry)

REQUEST_HEAD_LIMIT = 16 * 1024
"""Bytes of one request line or header field."""
HEAD_SECONDS = 20.0
"""How long a connection may take to send a whole request head, the first or a later one."""


def create_app(runtime: Runtime, registry: Registry) -> web.Application:
    """Return the application with every configured channel mounted; nothing is started yet."""
    app = web.Application(
        middlewares=[pages.errors_as_pages],
        handler_args={
            "max_line_size": REQUEST_HEAD_LIMIT,
            "max_field_size": REQUEST_HEAD_LIMIT,
            "keepalive_timeout": HEAD_SECONDS,
        },
    )
    app[RUNTIME], app[REGISTRY] = runtime, registry
    pages.mount(app, pages.ShownHospital(name="-", public_url=runtime.settings.public_url))
    desk = Desk(runtime)
    for channel in registry.channels.values():
        channel.mount(app, desk)
    console.mount(app, runtime)
    app.router.add_get("/livez", _alive)
    app.router.add_get("/readyz", _ready)
    return app


async def _alive(_request: web.Request) -> web.Response:
    """Answer that the process runs."""
    return web.Response(text="ok\n")


async def _ready(request: web.Request) -> web.Response:
    """Answer whether a report could be accepted now."""
    runtime = request.app[RUNTIME]
    try:
        await runtime.directory.fresh()
    except DatabaseAwayError:
        return web.Response(text="database away\n", status=503, headers={"Retry-After": "5"})
    return web.Response(text="ok\n")
