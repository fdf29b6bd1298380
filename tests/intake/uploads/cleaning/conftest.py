"""The application served, for what staff see of files."""

from collections.abc import AsyncIterator

import pytest

from core.runtime import Runtime
from tests.intake.console.staff import Served, serve


@pytest.fixture
async def served(runtime: Runtime) -> AsyncIterator[Served]:
    """Serve the application on a loopback port of its own."""
    async with serve(runtime) as running:
        yield running
