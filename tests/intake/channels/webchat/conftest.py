"""The web chat, served, and somebody who visits it."""

from collections.abc import AsyncIterator

import pytest

from core.runtime import Runtime
from tests.intake.channels.webchat.visiting import Visitor, served, visitor


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
