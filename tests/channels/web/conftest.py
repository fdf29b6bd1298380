"""A real server of the web door alone, and a browser."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from core.runtime import Runtime
from intake.channels.web.mount import mount as mount_web
from intake.pages import House, errors_as_pages
from intake.pages import mount as mount_pages


@pytest.fixture
async def address(runtime: Runtime) -> AsyncIterator[str]:
    """Serve the web door on a loopback port of its own."""
    app = web.Application(middlewares=[errors_as_pages])
    mount_pages(app, House(name="-", public_url="http://127.0.0.1"))
    mount_web(app, runtime)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}"
    await runner.cleanup()


@pytest.fixture
async def visitor(address: str) -> AsyncIterator[aiohttp.ClientSession]:
    """Give a client with a cookie jar, as a browser has one."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(address, cookie_jar=jar) as session:
        yield session
