"""From a due row to the coroutine that works on it, through the broker.

Rows are leased and committed first and enqueued afterwards; an actor takes the id from there. A
message carries one id and nothing else.
"""

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

import dramatiq
from dramatiq import Actor, Broker

from core.ground.bell import Bell
from core.ground.faults import reach
from core.runtime import Runtime
from intake import raw_messages, raw_reading
from intake.channel import Receiver, Sender
from notifier import delivery_rows
from notifier.broker import BROKER_FAULTS, waiting
from notifier.deliver import deliver
from notifier.hostloop import HostLoop

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.75
"""How long a relay sleeps when nobody rings; a ring is a hint that may be lost."""
AT_ONCE = 1000
"""Rows that may be queued at the same time, over all processes, and messages in the broker."""
_LONGEST_WAIT = 10.0
SEND_LIMIT = 60_000
"""Milliseconds for one delivery, rendering and sending."""
READ_LIMIT = 120_000
"""Milliseconds for one raw message, its files stored and its ticket committed."""

T = TypeVar("T")
Step = Callable[[UUID], Awaitable[None]]
Lease = Callable[[timedelta, int], Awaitable[list[UUID]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What actors work with: the core, and the channels by name, as senders and receivers."""

    runtime: Runtime
    sender: Callable[[str], Sender | None]
    receiver: Callable[[str], Receiver | None]


@dataclass(frozen=True, slots=True)
class Actors:
    """The actors of one broker."""

    deliver: Actor[[str], None]
    process_inbound: Actor[[str], None]


def declare(broker: Broker, loop: HostLoop, work: Work, *, namespace: str = "kiss") -> Actors:
    """Declare both actors on a broker; their coroutines run on the host's loop.

    Nothing is retried by the broker: rows know when to try again, and their leases bring back
    whatever a broker loses.
    """

    async def send(delivery_id: UUID) -> None:
        await deliver(work.runtime, work.sender, delivery_id)

    async def read(inbound_id: UUID) -> None:
        await raw_reading.process(work.runtime, work.receiver, inbound_id)

    return Actors(
        _actor(broker, loop, send, "deliver", namespace=namespace, limit=SEND_LIMIT),
        _actor(broker, loop, read, "process_inbound", namespace=namespace, limit=READ_LIMIT),
    )


def _actor(
    broker: Broker, loop: HostLoop, step: Step, name: str, *, namespace: str, limit: int
) -> Actor[[str], None]:
    def act(row_id: str) -> None:
        try:
            loop.run_coroutine(step(UUID(row_id)))
        except Exception as error:  # noqa: BLE001 - the worker's edge: the row's lease decides
            logger.error("%s %s: %s", name, row_id, type(error).__name__)  # noqa: TRY400 - a trace may quote words

    declared = dramatiq.actor(
        broker=broker,
        actor_name=name,
        queue_name=f"{namespace}-{name.replace('_', '-')}",
        max_retries=0,
        time_limit=limit,
    )
    return declared(act)


@dataclass(frozen=True, slots=True)
class Source:
    """A table of due rows: how it is leased, and the actor that gets its ids."""

    topic: str
    """The bell's topic that announces new rows."""
    lease: Lease
    actor: Actor[[str], None]


def sources(runtime: Runtime, actors: Actors) -> tuple[Source, Source]:
    """Return both tables of due rows: notices to be sent, raw messages to be read."""
    return (
        Source("deliveries", functools.partial(delivery_rows.lease, runtime), actors.deliver),
        Source("inbound", functools.partial(raw_messages.lease, runtime), actors.process_inbound),
    )


class Publisher:
    """Hands ids to the broker on one thread of its own, where its one connection lives."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="publisher")

    async def has_room(self, actor: Actor[[str], None]) -> bool:
        """Say whether the broker takes more: without workers it must not grow for ever.

        Waits for a broker that is away; rows stay pending meanwhile.
        """
        return await self._insist(lambda: waiting(actor.broker, actor.queue_name)) < AT_ONCE

    async def publish(self, actor: Actor[[str], None], ids: list[UUID]) -> None:
        """Enqueue all, waiting for a broker that is away. Meanwhile the rows' leases may run out.

        That is harmless: the sweeper gives them back, and a message of theirs claims nothing.
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


async def relay_once(source: Source, publisher: Publisher, span: timedelta) -> int:
    """Lease what is due now and enqueue it; return how many rows."""
    if not await publisher.has_room(source.actor):
        return 0
    ids = await source.lease(span, AT_ONCE)
    if ids:
        reach("relay.leased")
        await publisher.publish(source.actor, ids)
    return len(ids)


async def relay(source: Source, publisher: Publisher, bell: Bell, span: timedelta) -> None:
    """Relay until cancelled or a fault: at every ring, and every POLL_SECONDS without one."""
    with bell.waiting(source.topic) as rung:
        while True:
            rung.clear()
            if await relay_once(source, publisher, span):
                continue  # the followers of what is sent by now, and whatever was beyond the limit
            try:
                async with asyncio.timeout(POLL_SECONDS):
                    await rung.wait()
            except TimeoutError:
                pass
