"""Takes due rows to the broker: leased and committed first, enqueued afterwards."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from dramatiq import Actor

from core.ground.bell import Bell
from core.ground.faults import reach
from notifier.broker import BROKER_FAULTS, waiting

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.75
"""How long a relay sleeps when nobody rings; a ring is a hint that may be lost."""
AT_ONCE = 1000
"""Rows that may be queued at the same time, over all processes, and messages in the broker."""
_LONGEST_WAIT = 10.0

T = TypeVar("T")
Lease = Callable[[timedelta, int], Awaitable[list[UUID]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A table of due rows: how it is leased, and the actor that gets its ids."""

    topic: str
    """The bell's topic that announces new rows."""
    lease: Lease
    actor: Actor[[str], None]


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
