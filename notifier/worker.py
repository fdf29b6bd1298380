"""Runs the way back: relays, scheduler and, where they belong, the workers themselves.

`background` stands beside a web server on its loop; `main` is the process `kiss worker`.
"""

import asyncio
import contextlib
import functools
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable

from dramatiq import Broker, Worker

from core.ground.presence import RunningProcess, present
from core.ground.settings import Settings
from core.opening import open_runtime
from core.runtime import Runtime
from intake.older_messages import Previewers, tell_older_messages
from intake.registry import Registry, open_channels
from notifier.broker import is_shared, open_broker
from notifier.hostloop import HostLoop
from notifier.periodic import schedule
from notifier.relay import Publisher, Source, Work, declare, relay

logger = logging.getLogger(__name__)

THREADS = 8
"""Rows of each queue that one process works on at the same time."""
STOP_SECONDS = 100
"""How long running actors may take to finish when the process ends; their time limits are near."""
WORKER_WAKES = 200
"""Milliseconds after which an idle worker thread looks whether it should stop."""
_LONGEST_PAUSE = 3.0


@contextlib.asynccontextmanager
async def background(
    runtime: Runtime,
    registry: Registry,
    settings: Settings | None = None,
    *,
    works: bool | None = None,
    namespace: str = "kiss",
    threads: int = THREADS,
    wakes: int = WORKER_WAKES,
) -> AsyncIterator[None]:
    """Run relays, sweepers and periodic jobs on the running loop while the block lasts.

    Without BROKER_URL this process works on what they find, too; with one, `kiss worker` does
    (`works` overrides). At the end running actors finish; the rest stays in its rows. `wakes` is
    how many milliseconds an idle thread takes at most to notice the end.
    """
    url = (settings or runtime.settings).broker_url
    broker = open_broker(url, namespace=namespace)
    work = Work(
        runtime=runtime,
        sender=registry.sender,
        receiver=registry.receiver,
        fetcher=registry.fetcher,
    )
    sources = declare(broker, HostLoop(asyncio.get_running_loop()), work, namespace=namespace)
    publisher = Publisher()
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(publisher.close, broker.close)
        if works if works is not None else not is_shared(url):
            await stack.enter_async_context(working(broker, threads, wakes))
        await stack.enter_async_context(_loops(runtime, sources, publisher, registry.previewer))
        yield


@contextlib.asynccontextmanager
async def working(
    broker: Broker, threads: int = THREADS, wakes: int = WORKER_WAKES
) -> AsyncIterator[None]:
    """Work on a broker's messages while the block lasts; running actors finish at its end.

    Each queue has threads of its own: where mail servers hang, raw messages are read all the same.
    """
    broker.logger.addFilter(_is_news)
    workers = [
        Worker(broker, queues={queue}, worker_threads=threads, worker_timeout=wakes)
        for queue in sorted(broker.get_declared_queues())
    ]
    for worker in workers:
        worker.start()
    try:
        yield
    finally:  # beside the loop, which the actors need until they are done
        stopping = [asyncio.to_thread(one.stop, STOP_SECONDS * 1000) for one in workers]
        await asyncio.gather(*stopping)


def _is_news(record: logging.LogRecord) -> bool:
    """Leave out what dramatiq wonders at: that one broker has several workers, as here it shall."""
    return not str(record.msg).startswith("You're adding a middleware of the same type twice")


@contextlib.asynccontextmanager
async def _loops(
    runtime: Runtime, sources: tuple[Source, ...], publisher: Publisher, previewers: Previewers
) -> AsyncIterator[None]:
    loops: list[tuple[str, Callable[[], Awaitable[None]]]] = [
        (f"relay {one.jobs.queue.topic}", functools.partial(relay, one, publisher))
        for one in sources
    ]
    loops.append(("periodic jobs", lambda: schedule(runtime)))
    tasks = [asyncio.create_task(_for_ever(name, run), name=name) for name, run in loops]
    tasks.append(asyncio.create_task(_once(runtime, previewers), name="older messages"))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _once(runtime: Runtime, previewers: Previewers) -> None:
    """Let the desk know of what waited before an upgrade; the next start goes on."""
    try:
        await tell_older_messages(runtime, previewers)
    except Exception as error:  # noqa: BLE001 - the task's edge: they wait, and are listed all the same
        logger.warning("older messages: %s", type(error).__name__)


async def _for_ever(name: str, run: Callable[[], Awaitable[None]]) -> None:
    """Run a loop again after every fault, a while later: the database may be away for hours."""
    pause = 0.5
    loop = asyncio.get_running_loop()
    while True:
        began = loop.time()
        try:
            await run()
        except Exception as error:  # noqa: BLE001 - the loop's edge: without it news would stop for good
            if loop.time() - began > _LONGEST_PAUSE:
                pause = 0.5
            if pause < _LONGEST_PAUSE:  # then it is known, and said once more when it is over
                logger.warning("%s: %s; again in %.1f s", name, type(error).__name__, pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


async def serve(
    settings: Settings,
    url: str,
    *,
    threads: int = THREADS,
    namespace: str = "kiss",
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Be a worker until SIGTERM or SIGINT; then finish what runs and return.

    Everything is opened here, on the loop that uses it.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with open_runtime(settings, url) as runtime:
        registry = open_channels(runtime)
        async with (
            background(
                runtime, registry, settings, works=True, namespace=namespace, threads=threads
            ),
            present(runtime.database, _presence(runtime)),
        ):
            logger.info("worker: ready")
            ready()
            await stop.wait()
            logger.info("worker: finishing what runs")


def _presence(runtime: Runtime) -> RunningProcess:
    keys = frozenset(runtime.secret.ids)
    return RunningProcess(parts=frozenset({"worker"}), doors=frozenset(), keys=keys)


def main(settings: Settings, url: str, *, threads: int = THREADS) -> None:
    """Run `kiss worker` in this process; start as many processes as there are processors."""
    asyncio.run(serve(settings, url, threads=threads))
