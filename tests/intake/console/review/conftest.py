"""The console served with a mail channel, and mail that is set aside."""

from collections.abc import AsyncIterator

import pytest

from core.runtime import Runtime
from intake.registry import Registry
from tests.intake.channels.email.postoffice import PostOffice
from tests.intake.console.staff import Served, serve


@pytest.fixture
def office(runtime: Runtime) -> PostOffice:
    """Take letters in."""
    return PostOffice(runtime)


@pytest.fixture
async def served(runtime: Runtime, office: PostOffice) -> AsyncIterator[Served]:
    """Serve the application with a channel that shows what it set aside."""
    async with serve(runtime, Registry({"email": office.channel})) as running:
        yield running
