"""Serves pages on a socket until it is told to stop, and ends in bounded time."""

import asyncio
import contextlib
import errno
import logging
import os
import resource
import signal
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator

from aiohttp import web

from core.ground.settings import Settings
from intake import embedded
from intake.app import RUNTIME
from intake.commands.logs import AccessLog
from intake.edge import EdgeRunner
from intake.listening_fault import cannot_listen

logger = logging.getLogger(__name__)

REQUESTS_END = 3.0
"""Seconds that requests under way get to finish when the process ends."""
STOP_WITHIN = 8.0
"""Seconds after which a process that was told to stop ends whatever still runs: what matters is
in the database, and what was under way is taken up again at the next start."""
BACKLOG = 1024
OPEN_FILES = 8192
"""Files that a process which serves pages may open, where the system allows so many."""


def reserve(settings: Settings) -> socket.socket:
    """Take the port, before anything slow begins. Connections are accepted only by `site`."""
    _open_more_files()
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((settings.host, settings.port))
        _refuse_listener(settings)
    except OSError as error:
        taken.close()
        where = f"{settings.host}:{settings.port}"
        raise cannot_listen("KISS_HOST and KISS_PORT", where, error) from error
    return taken


def is_free(address: tuple[str, int]) -> bool:
    """Tell whether nobody listens on a port of this machine."""
    with socket.socket() as probe:
        try:
            probe.bind(address)
        except OSError:
            return False
    return True


def _open_more_files() -> None:
    """Let this process open as many files as the system allows it: each connection is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if most == resource.RLIM_INFINITY else min(most, OPEN_FILES)
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _refuse_listener(settings: Settings) -> None:
    """Notice a server that has bound the port but whose socket shares it with ours."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - read, not bound
    with contextlib.suppress(ConnectionRefusedError, TimeoutError):
        socket.create_connection((host, settings.port), timeout=0.2).close()
        raise OSError(errno.EADDRINUSE, "in use")


@contextlib.asynccontextmanager
async def site(app: web.Application, taken: socket.socket) -> AsyncIterator[None]:
    """Serve an application on a reserved socket while the block lasts."""
    runtime = app[RUNTIME]
    runner = EdgeRunner(
        app,
        runtime.refusals,
        trusted_proxies=runtime.settings.trusted_proxies,
        handle_signals=False,
        access_log_class=AccessLog,
        access_log=logging.getLogger("access"),
        shutdown_timeout=REQUESTS_END,
    )
    try:
        await runner.setup()
        await web.SockSite(runner, taken, backlog=BACKLOG).start()
        yield
    finally:
        await runner.cleanup()


@contextlib.contextmanager
def told_to_stop(last_resort: Callable[[], None] = lambda: None) -> Iterator[asyncio.Event]:
    """Hand out an event that SIGINT or SIGTERM sets; a second signal ends the process at once.

    STOP_WITHIN seconds later the process ends in any case, after `last_resort`.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    timers: list[threading.Timer] = []

    def heard() -> None:
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(name)
        timer = threading.Timer(STOP_WITHIN, _end_now, (last_resort,))
        timer.daemon = True
        timer.start()
        timers.append(timer)
        stop.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, heard)
    try:
        yield stop
    finally:
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(name)
        for timer in timers:
            timer.cancel()


async def until_stopped(stop: asyncio.Event, server: embedded.Server | None) -> None:
    """Wait for the signal, looking after the bundled database: it comes back by itself."""
    waiting: list[asyncio.Task[object]] = [asyncio.create_task(stop.wait(), name="stop")]
    if server is not None:
        waiting.append(asyncio.create_task(embedded.watch(server), name="database"))
    done, rest = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    for task in done:
        task.result()


def _end_now(last_resort: Callable[[], None]) -> None:
    logger.warning("not finished within %g s; what was under way is taken up again", STOP_WITHIN)
    last_resort()
    os._exit(0)
