"""Takes due rows to the broker: leased and committed first, enqueued afterwards."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from dramatiq import Actor

from core.bell import Bell
from core.faults import reach
from notifier.broker import BROKER_FAULTS

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.75
"""How long a relay sleeps when nobody rings; a ring is a hint that may be lost."""
AT_ONCE = 1000
"""Rows that may be queued at the same time, over all processes."""
_LONGEST_WAIT = 10.0

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

    async def publish(self, actor: Actor[[str], None], ids: list[UUID]) -> None:
        """Enqueue all, waiting for a broker that is away. Meanwhile the rows' leases may run out.

        That is harmless: the sweeper gives them back, and a message of theirs claims nothing.
        """
        loop = asyncio.get_running_loop()
        left, wait = list(ids), 0.25
        while left:
            done, fault = await loop.run_in_executor(self._thread, _enqueue, actor, left)
            left = left[done:]
            if fault is None:
                return
            wait = 0.25 if done else min(wait * 2, _LONGEST_WAIT)
            logger.warning(
                "the broker is away (%s); %d messages wait %.1f s", fault, len(left), wait
            )
            await asyncio.sleep(wait)

    async def close(self, last: Callable[[], None]) -> None:
        """Do one last thing on the thread, which owns the connection, and end it."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, last)
        self._thread.shutdown(wait=False)


def _enqueue(actor: Actor[[str], None], ids: list[UUID]) -> tuple[int, str | None]:
    """Enqueue until the broker fails; return how many it took, and the fault's name."""
    for done, row_id in enumerate(ids):
        try:
            actor.send(str(row_id))
        except BROKER_FAULTS as error:
            return done, type(error).__name__
    return len(ids), None


async def relay_once(source: Source, publisher: Publisher, span: timedelta) -> int:
    """Lease what is due now and enqueue it; return how many rows."""
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
