"""A fake Telegram, and our whole way in and back served against it."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from core.runtime import Runtime
from tests.builders import MONDAY, Hands
from tests.intake.channels.telegram.fake import FakeTelegram, Person, telegram
from tests.intake.channels.telegram.house import TIMES, House, house


@dataclass
class Running(Hands):
    """A clock that runs faster, so that pacing costs less; it can be moved, too."""

    since: float = field(default_factory=time.monotonic)

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now + timedelta(seconds=TIMES * (time.monotonic() - self.since))


@pytest.fixture
def hands() -> Running:
    """Give the test a running clock, from a Monday at 10:00 WIB."""
    return Running(MONDAY)


@pytest.fixture
async def fake() -> AsyncIterator[tuple[FakeTelegram, str]]:
    """Serve a fake Telegram."""
    async with telegram() as served:
        yield served


@pytest.fixture
async def polling(runtime: Runtime, fake: tuple[FakeTelegram, str]) -> AsyncIterator[House]:
    """Serve our bot by long polling, with a worker beside it."""
    async with house(runtime, *fake) as served:
        yield served


@pytest.fixture
async def webhook(runtime: Runtime, fake: tuple[FakeTelegram, str]) -> AsyncIterator[House]:
    """Serve our bot by webhook, with a worker beside it."""
    async with house(runtime, *fake, mode="webhook") as served:
        yield served


@pytest.fixture
def sari(fake: tuple[FakeTelegram, str]) -> Person:
    """Give somebody with a client in Indonesian."""
    return Person(fake[0])
