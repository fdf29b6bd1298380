"""The web application: pages, channels and health, put together in one place."""

from aiohttp import web

from core.ground.database import DatabaseAwayError
from core.ground.storage import Backlog
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
    """Answer whether a report could be accepted now, and what does not work beside that.

    A file store that is away stops no report: 200, and a body that begins with `degraded`.
    """
    runtime = request.app[RUNTIME]
    try:
        await runtime.directory.fresh()
    except DatabaseAwayError:
        return web.Response(text="database away\n", status=503, headers={"Retry-After": "5"})
    return web.Response(text=_told(await runtime.storage.backlog()))


def _told(backlog: Backlog) -> str:
    """Say in a line how it is with files on this machine."""
    if backlog.away is None and not backlog.files:
        return "ok\n"
    since = backlog.away.since if backlog.away else backlog.since
    store = f"store away ({backlog.away.kind})" if backlog.away else "store at hand"
    moment = f" since {since:%Y-%m-%dT%H:%M:%SZ}" if since else ""
    if not backlog.files:
        return f"degraded\nfiles: none waits, {store}{moment}\n"
    return f"degraded\nfiles: waiting {backlog.files}{moment}, {store}\n"
