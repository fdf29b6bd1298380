"""`kiss web`, `kiss worker`, `kiss smtp`: the parts of `kiss run` as processes of their own."""

import asyncio
import contextlib
import socket

import click
from aiohttp import web as http

from core.ground.settings import Settings
from core.opening import open_runtime
from core.runtime import Runtime
from core.tickets.desk import Desk
from intake.app import create_app
from intake.channel_facts import OwnProcess
from intake.commands import logs
from intake.commands.demanded_settings import demanded
from intake.commands.failures import MISCONFIGURED, Failed
from intake.commands.opening import Urls, database, demand_current, urls
from intake.commands.running import doors_of, seen_running
from intake.commands.serving import reserve, site, told_to_stop, until_stopped
from intake.registry import Registry, open_channels, write_channels
from notifier import worker as notifier


@click.command(short_help="Serve pages, as one process of several.")
def web() -> None:
    """Serve pages, the JSON API and chat; start as many as you like beside each other.

    Reports are accepted as long as the database answers. News goes out through `kiss worker` if
    BROKER_URL is set, else from here. Mail comes in through `kiss smtp`.

    \b
    DATABASE_URL=postgresql://… BROKER_URL=amqp://… KISS_SECRET_KEY=… kiss web
    """  # noqa: D301 - \b keeps click from joining the lines
    settings = demanded()
    logs.begin(settings.log)
    taken = reserve(settings)
    settings.secret()  # one that can be guessed ends it here
    with urls(settings) as at:
        asyncio.run(_web(settings, at, taken))


def alone(channel: str, process: OwnProcess) -> click.Command:
    """Make the command that opens the door of one channel and nothing else."""

    def run() -> None:
        settings = demanded()
        logs.begin(settings.log)
        with urls(settings) as at:
            asyncio.run(_alone(settings, at, channel, process))

    return click.Command(
        process.command, callback=run, help=process.help, short_help=process.short_help
    )


@click.command(short_help="Send notices and read raw messages.")
@click.option("--threads", default=notifier.THREADS, show_default=True, help="Notices at once.")
def worker(threads: int) -> None:
    """Send notices and read raw messages; start one for each processor.

    It needs BROKER_URL, redis:// or amqp://, through which processes wake each other up. The
    broker may lose everything it holds: the database knows what is still to be done.

    \b
    DATABASE_URL=postgresql://… BROKER_URL=amqp://… KISS_SECRET_KEY=… kiss worker --threads 16
    """  # noqa: D301 - \b keeps click from joining the lines
    settings = demanded()
    logs.begin(settings.log)
    if settings.broker_url is None:
        raise Failed(
            "Without BROKER_URL notices go out from `kiss run` or `kiss web` itself, and a "
            "worker would have nothing to do.",
            MISCONFIGURED,
        )
    with database(settings) as url:
        asyncio.run(_check(settings, url))
        notifier.main(settings, url, threads=threads)


async def _web(settings: Settings, at: Urls, taken: socket.socket) -> None:
    with told_to_stop() as stop:
        async with contextlib.AsyncExitStack() as stack:
            runtime = await stack.enter_async_context(open_runtime(settings, at.application))
            registry = await opened(runtime)
            app = create_app(runtime, doors_of("web", registry))
            await stack.enter_async_context(site(app, taken))
            # ended before the site, whose end closes what channels send with
            await stack.enter_async_context(notifier.background(runtime, registry))
            await stack.enter_async_context(seen_running(runtime, "web", doors_of("web", registry)))
            await until_stopped(stop, at.server)


async def _alone(settings: Settings, at: Urls, name: str, process: OwnProcess) -> None:
    with told_to_stop() as stop:
        async with open_runtime(settings, at.application) as runtime:
            registry = await opened(runtime)
            mine = doors_of(process.command, registry)
            channel = mine.channels.get(name)
            if channel is None:
                raise Failed(process.off, MISCONFIGURED)
            app = http.Application()
            channel.mount(app, Desk(runtime))
            runner = http.AppRunner(app, handle_signals=False)
            try:
                await runner.setup()  # its cleanup contexts are the listener; there is no site
                async with seen_running(runtime, process.command, mine):
                    await until_stopped(stop, at.server)
            finally:
                await runner.cleanup()


async def _check(settings: Settings, url: str) -> None:
    async with open_runtime(settings, url) as runtime:
        await demand_current(runtime)


async def opened(runtime: Runtime) -> Registry:
    """Open the configured channels on a database of our shape, and let it know them."""
    await demand_current(runtime)
    registry = open_channels(runtime)
    await write_channels(runtime, registry)
    return registry
