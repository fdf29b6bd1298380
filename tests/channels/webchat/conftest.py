"""The web chat, served, and somebody who visits it."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from core.runtime import Runtime
from tests.channels.web.browsing import browser
from tests.channels.webchat.visiting import Visitor, served, visitor


@pytest.fixture
async def home(runtime: Runtime) -> AsyncIterator[str]:
    """Serve the web chat."""
    async with served(runtime) as url:
        yield url


@pytest.fixture
async def guest(home: str) -> AsyncIterator[Visitor]:
    """Visit it without scripts."""
    async with visitor(home) as made:
        yield made


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """Start a real Chromium."""
    async with browser() as started:
        yield started
