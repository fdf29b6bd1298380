"""From a due row to the coroutine that works on it, through the broker.

Rows are handed out and committed first and enqueued afterwards; an actor takes the id from there.
A message carries one id and nothing else.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import dramatiq
from dramatiq import Actor, Broker

from core.chats.file import CHAT_FILES
from core.ground.faults import reach
from core.jobs.inbound import INBOUND
from core.jobs.leasing import Jobs
from core.jobs.queue import JobQueue
from core.notices.delivery import DELIVERIES
from core.runtime import Runtime
from core.tickets.cleaning import CLEANINGS
from intake import raw_reading
from intake.channel import Fetcher, Receiver, Sender
from intake.chat.fetcher import fetch
from intake.uploads.cleaning.work import clean
from notifier.broker import BROKER_FAULTS, waiting
from notifier.deliver import deliver
from notifier.hostloop import HostLoop

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.75
"""How long a relay sleeps when nobody rings; a ring is a hint that may be lost."""
SWEEP_SECONDS = 2.0
"""How often it looks for what a broker lost or a dead worker held."""
GRACE_SECONDS = 3.0
"""Before the first look: after the database was away, living workers say first that they live."""
AT_ONCE = 1000
"""Rows that may be queued at the same time, over all processes, and messages in the broker."""
_LONGEST_WAIT = 3.0

T = TypeVar("T")
Step = Callable[[UUID], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What actors work with: the core, and the channels by name and by what they can."""

    runtime: Runtime
    sender: Callable[[str], Sender | None]
    receiver: Callable[[str], Receiver | None]
    fetcher: Callable[[str], Fetcher | None]


@dataclass(frozen=True, slots=True)
class Labour:
    """What is done with the rows of one queue, and how long one of them may take."""

    queue: JobQueue
    step: Step
    seconds: int


def labours(work: Work) -> tuple[Labour, ...]:
    """Return every queue with its work."""

    async def send(row_id: UUID) -> None:
        await deliver(work.runtime, work.sender, row_id)

    async def read(row_id: UUID) -> None:
        await raw_reading.process(work.runtime, work.receiver, row_id)

    async def get(row_id: UUID) -> None:
        await fetch(work.runtime, work.fetcher, row_id)

    async def tidy(row_id: UUID) -> None:
        await clean(work.runtime, row_id)

    return (
        #      queue       what is done      seconds
        Labour(DELIVERIES, send, 60),  # rendering and sending
        Labour(INBOUND, read, 120),  # its files stored and its ticket committed
        Labour(CHAT_FILES, get, 150),  # fetched, judged, stored
        Labour(CLEANINGS, tidy, 300),  # cleaned, sealed; others wait for a process
    )


@dataclass(frozen=True, slots=True)
class Source:
    """A queue, and the actor that gets the ids of its rows."""

    jobs: Jobs
    actor: Actor[[str], None]


def declare(
    broker: Broker, loop: HostLoop, work: Work, *, namespace: str = "kiss"
) -> tuple[Source, ...]:
    """Declare an actor for each queue on a broker; their coroutines run on the host's loop.

    Nothing is retried by the broker: rows know when to try again, and their leases bring back
    whatever a broker loses.
    """
    return tuple(
        Source(Jobs(work.runtime, one.queue), _actor(broker, loop, one, namespace))
        for one in labours(work)
    )


def _actor(broker: Broker, loop: HostLoop, labour: Labour, namespace: str) -> Actor[[str], None]:
    name = labour.queue.topic

    def act(row_id: str) -> None:
        try:
            loop.run_coroutine(labour.step(UUID(row_id)))
        except Exception as error:  # noqa: BLE001 - the worker's edge: the row's lease decides
            logger.error("%s %s: %s", name, row_id, type(error).__name__)  # noqa: TRY400 - a trace may quote words

    declared = dramatiq.actor(
        broker=broker,
        actor_name=name,
        queue_name=f"{namespace}-{name}",
        max_retries=0,
        time_limit=labour.seconds * 1000,
    )
    return declared(act)


class Publisher:
    """Hands ids to the broker on one thread of its own, where its one connection lives."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="publisher")

    async def room(self, actor: Actor[[str], None]) -> int:
        """Say how many the broker takes: without workers it must not grow for ever.

        Waits for a broker that is away; rows stay pending meanwhile.
        """
        held = await self._insist(lambda: waiting(actor.broker, actor.queue_name))
        return max(0, AT_ONCE - held)

    async def publish(self, actor: Actor[[str], None], ids: list[UUID]) -> None:
        """Enqueue all, waiting for a broker that is away. Meanwhile the rows' leases may run out.

        That is harmless: they are told once more, and the second message claims nothing.
        """
        left = list(reversed(ids))

        def enqueue() -> None:
            while left:
                actor.send(str(left[-1]))
                left.pop()

        await self._insist(enqueue)

    async def close(self, last: Callable[[], None]) -> None:
        """Do one last thing on the thread, which owns the connection, and end it."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, last)
        self._thread.shutdown(wait=False)

    async def _insist(self, ask: Callable[[], T]) -> T:
        """Ask the broker on its thread, again and again while it is away."""
        loop = asyncio.get_running_loop()
        wait = 0.25
        while True:
            try:
                return await loop.run_in_executor(self._thread, ask)
            except BROKER_FAULTS as error:
                wait = min(wait * 2, _LONGEST_WAIT)
                logger.warning(
                    "the broker is away (%s); again in %.1f s", type(error).__name__, wait
                )
                await asyncio.sleep(wait)


async def relay_once(source: Source, publisher: Publisher) -> int:
    """Hand out what is due now and enqueue it; return how many rows."""
    if not await publisher.room(source.actor):
        return 0
    ids = await source.jobs.hand_out(AT_ONCE)
    if ids:
        reach("relay.leased")
        await publisher.publish(source.actor, ids)
    return len(ids)


async def sweep_once(source: Source, publisher: Publisher) -> None:
    """Give back what dead workers held, and tell once more what the broker may have lost."""
    await source.jobs.sweep()
    lost = await source.jobs.hand_out_again(await publisher.room(source.actor))
    if lost:
        await publisher.publish(source.actor, lost)


async def relay(source: Source, publisher: Publisher) -> None:
    """Relay until cancelled or a fault: at every ring, and every POLL_SECONDS without one."""
    jobs, clock = source.jobs, asyncio.get_running_loop().time
    swept = clock() + GRACE_SECONDS - SWEEP_SECONDS
    with jobs.runtime.bell.waiting(jobs.queue.topic) as rung:
        while True:
            rung.clear()
            if clock() - swept >= SWEEP_SECONDS:
                await sweep_once(source, publisher)
                swept = clock()
            if await relay_once(source, publisher):
                continue  # the followers of what is sent by now, and whatever was beyond the limit
            try:
                async with asyncio.timeout(POLL_SECONDS):
                    await rung.wait()
            except TimeoutError:
                pass
