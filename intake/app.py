"""The web application: pages, channels and health, put together in one place."""

import asyncio

from aiohttp import web

from core.ground.storage import Backlog, StorageUnavailable
from core.runtime import Runtime
from core.tickets.desk import Desk
from intake import console, pages
from intake.pages.caller import caller
from intake.registry import Registry
from intake.uploads import quota

RUNTIME = web.AppKey("runtime", Runtime)
REGISTRY = web.AppKey("registry", Registry)

REQUEST_HEAD_LIMIT = 16 * 1024
"""Bytes of one request line or header field."""
HEAD_SECONDS = 20.0
"""How long a connection may take to send a whole request head, the first or a later one."""


FILES_SECONDS = 0.5
"""How long this machine's disk may take to say how it is with files."""


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
    proxies = runtime.settings.trusted_proxies
    quota.mount(app, runtime, lambda request: caller(request, proxies))
    desk = Desk(runtime)
    for channel in registry.channels.values():
        channel.mount(app, desk)
    console.mount(app, runtime, registry.previewer)
    app.router.add_get("/livez", _alive)
    app.router.add_get("/readyz", _ready)
    return app


async def _alive(_request: web.Request) -> web.Response:
    """Answer that the process runs."""
    return web.Response(text="ok\n")


async def _ready(request: web.Request) -> web.Response:
    """Answer within two seconds whether a report could be accepted now, and what else is wrong.

    A file that cannot be kept stops no report: 200, and a body that begins with `degraded`.
    """
    runtime = request.app[RUNTIME]
    trouble = await runtime.readiness.trouble()
    if trouble:
        told = f"database {trouble}\nno door takes reports: try again later\n"
        return web.Response(text=told, status=503, headers={"Retry-After": "5"})
    try:
        async with asyncio.timeout(FILES_SECONDS):
            return web.Response(text=_told(await runtime.storage.backlog()))
    except (StorageUnavailable, TimeoutError):
        return web.Response(text="degraded\nfiles: the disk of this machine does not answer\n")


def _told(backlog: Backlog) -> str:
    """Say in a line how it is with files on this machine."""
    if not backlog.has_room:
        return "degraded\nfiles: no room on this machine; words are taken, files are not\n"
    if backlog.away is None and not backlog.files:
        return "ok\n"
    since = backlog.away.since if backlog.away else backlog.since
    store = f"store away ({backlog.away.kind})" if backlog.away else "store at hand"
    moment = f" since {since:%Y-%m-%dT%H:%M:%SZ}" if since else ""
    if not backlog.files:
        return f"degraded\nfiles: none waits, {store}{moment}\n"
    return f"degraded\nfiles: waiting {backlog.files}{moment}, {store}\n"
