"""A real server of the web door alone, and a visitor with a cookie jar."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from core.runtime import Runtime
from tests.intake.channels.web.forms import serve


@pytest.fixture
async def visitor(runtime: Runtime) -> AsyncIterator[aiohttp.ClientSession]:
    """Serve the web door on a loopback port of its own, and visit it."""
    async with serve(runtime) as session:
        yield session


@pytest.fixture
def home(visitor: aiohttp.ClientSession) -> str:
    """Give the address of the served door."""
    return str(visitor._base_url).rstrip("/")
