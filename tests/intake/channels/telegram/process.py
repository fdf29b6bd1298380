"""Our bot as a process of its own, for tests that kill it: `python -m … PORT`."""

import asyncio
import sys

from aiohttp import web

from core.ground.settings import Settings
from core.opening import open_runtime
from core.tickets.desk import Desk
from intake.channels.telegram.channel import TelegramChannel
from intake.channels.telegram.settings import TelegramSettings
from intake.registry import Registry, write_channels
from notifier.worker import background
from tests.intake.channels.telegram.house import listening


async def main(port: int) -> None:
    """Serve until killed."""
    settings = Settings()
    assert settings.database_url
    async with open_runtime(settings, settings.database_url) as runtime:
        channel = TelegramChannel(runtime, TelegramSettings())
        registry = Registry({channel.name: channel})
        await write_channels(runtime, registry)
        app = web.Application()
        channel.mount(app, Desk(runtime))
        async with background(runtime, registry, works=True), listening(app, port):
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
