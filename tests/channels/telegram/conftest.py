"""A fake Telegram, and our whole way in and back served against it."""

from collections.abc import AsyncIterator

import pytest

from core.runtime import Runtime
from tests.channels.telegram.fake import FakeTelegram, Person, telegram
from tests.channels.telegram.house import House, house


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
