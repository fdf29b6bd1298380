"""Serves an aiohttp application on a free loopback port."""

import contextlib
from collections.abc import AsyncIterator

from aiohttp import web

WAKES = 20
"""Milliseconds after which an idle worker thread of a test sees that it should stop."""


@contextlib.asynccontextmanager
async def serve(app: web.Application) -> AsyncIterator[str]:
    """Serve until the block ends; hand out `http://127.0.0.1:PORT`."""
    runner = web.AppRunner(app, shutdown_timeout=1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()
