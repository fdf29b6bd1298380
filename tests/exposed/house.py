"""A whole house in one process: every door, the console, the workers, and what leaves it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

import aiohttp
from aiohttp import web
from dramatiq import Broker, Message, Middleware

from core.runtime import Runtime
from intake.app import create_app
from intake.channels.phone.channel import PhoneChannel
from intake.channels.phone.settings import PhoneSettings
from intake.channels.telegram.channel import TelegramChannel
from intake.channels.web import open_channel as open_web
from intake.channels.webchat.channel import WebChat
from intake.channels.webchat.settings import WebChatSettings
from intake.commands.logs import AccessLog
from intake.registry import Registry, write_channels
from notifier.broker import open_broker
from notifier.hostloop import HostLoop
from notifier.relay import Publisher, Work, declare, relay
from notifier.worker import working
from tests.builders import set_to
from tests.intake.channels.email.outside import Outside, channel_to, outside
from tests.intake.channels.email.postoffice import PostOffice
from tests.intake.channels.telegram.fake import FakeTelegram, telegram
from tests.intake.channels.telegram.house import House as ChatHouse
from tests.intake.channels.telegram.house import free_port
from tests.intake.channels.telegram.house import settings as chat_settings
from tests.intake.console.staff import Served
from tests.serving import WAKES

PROXY = "127.0.0.1"


class Wire(Middleware):
    """Keeps what every broker message says."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []

    def before_enqueue(self, _broker: Broker, message: Message[None], _delay: int | None) -> None:
        """Note a message as it is written to a broker."""
        self.messages.append(message.encode())


@dataclass
class WholeHouse:
    """What is served, and what the tests can look at of it."""

    runtime: Runtime
    home: str
    served: Served
    registry: Registry
    world: Outside
    telegram: FakeTelegram
    chats: ChatHouse
    wire: Wire = field(default_factory=Wire)

    @property
    def post_office(self) -> PostOffice:
        return PostOffice(self.runtime)

    @contextlib.asynccontextmanager
    async def visitor(self, **headers: str) -> AsyncIterator[aiohttp.ClientSession]:
        """Visit with a cookie jar of one's own, through the proxy."""
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(self.home, cookie_jar=jar, headers=headers) as session:
            yield session


@contextlib.asynccontextmanager
async def whole_house(runtime: Runtime) -> AsyncIterator[WholeHouse]:
    """Serve everything until the block ends."""
    async with contextlib.AsyncExitStack() as stack:
        world = await stack.enter_async_context(outside())
        world.refused = "kenari.gagal@example.org"
        fake, api = await stack.enter_async_context(telegram())
        port = free_port()
        home = f"http://127.0.0.1:{port}"
        runtime = set_to(runtime, public_url=home, trusted_proxies=(PROXY,))
        chosen = chat_settings(api)
        bot = TelegramChannel(runtime, chosen, sleep=partial(_sleep))
        registry = Registry(
            {
                "web": open_web(runtime),
                "email": channel_to(runtime, world.port),
                "webchat": WebChat(runtime, WebChatSettings(look_seconds=0.05, pause_seconds=0)),
                "telegram": bot,
                "phone": PhoneChannel(runtime, PhoneSettings()),
            }
        )
        await write_channels(runtime, registry)
        await runtime.directory.reload()
        app = create_app(runtime, registry)
        runner = web.AppRunner(app, shutdown_timeout=1, access_log_class=AccessLog)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", port).start()
        house = WholeHouse(
            runtime=runtime,
            home=home,
            served=Served(home, app, runtime),
            registry=registry,
            world=world,
            telegram=fake,
            chats=ChatHouse(runtime, fake, bot, chosen, home),
        )
        await stack.enter_async_context(_background(house))
        yield house


@contextlib.asynccontextmanager
async def _background(house: WholeHouse) -> AsyncIterator[None]:
    """Work on what is due, as `notifier.worker` does, with an ear on the wire."""
    broker = open_broker(None)
    broker.add_middleware(house.wire)
    work = Work(
        runtime=house.runtime,
        sender=house.registry.sender,
        receiver=house.registry.receiver,
        fetcher=house.registry.fetcher,
    )
    sources = declare(broker, HostLoop(asyncio.get_running_loop()), work)
    publisher = Publisher()
    async with working(broker, 2, WAKES):
        tasks = [asyncio.create_task(relay(one, publisher)) for one in sources]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await publisher.close(broker.close)


async def _sleep(seconds: float) -> None:
    await asyncio.sleep(seconds / 10)


Until = Callable[[], Awaitable[bool]]


async def settled(house: WholeHouse) -> None:
    """Wait until nothing is due any more, in any queue."""
    queues = {
        "deliveries": "status IN ('pending', 'queued', 'sending')",
        "inbound": "status IN ('pending', 'queued', 'processing')",
        "chat_files": "status IN ('pending', 'queued', 'fetching')",
        "cleanings": "status NOT IN ('done', 'dropped', 'failed', 'dead')",
    }
    soon = "next_attempt_at <= now() + interval '10 years'"

    async def quiet() -> bool:
        for table, due in queues.items():
            query = f"SELECT count(*) FROM {table} WHERE {due} AND {soon}"
            if (await house.chats.rows(query))[0][0]:
                return False
        return True

    await house.chats.until(quiet)
