"""A desk that is open, with an agent signed in."""

from collections.abc import AsyncIterator

import pytest

from core.runtime import Runtime
from tests.intake.console.phone.agents import open_desk
from tests.intake.console.staff import Browser, Person, Served, hire


@pytest.fixture
async def agent(runtime: Runtime) -> Person:
    """Hire an agent for a house with a telephone desk."""
    await open_desk(runtime)
    return await hire(runtime, "agen", "agent")


@pytest.fixture
async def at_desk(served: Served, agent: Person) -> AsyncIterator[Browser]:
    """Sit the agent down."""
    async with served.signed_in(agent) as browser:
        yield browser
