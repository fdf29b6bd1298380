"""Wakes whoever waits for new deliveries or news. A hint that may be lost: everybody polls too."""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Iterator

import asyncpg

from core.ground.database import CLIENT_FAULTS

logger = logging.getLogger(__name__)

NOTIFY_CHANNEL = "kiss"
PAUSE = 0.02
"""Seconds within which many rings become one NOTIFY."""
RETRY = 1.0
"""Seconds until a lost connection is made anew."""
_UNSYNCED = {"synchronous_commit": "off"}
"""A hint that may be lost needs no disk; else fifty NOTIFYs a second compete with the reports."""
_PAYLOAD_TOPICS = 100
"""Topics of one NOTIFY; its payload is limited to 8000 bytes."""


class Bell:
    """Rings at once inside this process and, a moment later, in every other one.

    A NOTIFY inside the ticket's own transaction would make commits queue up behind each other
    (PostgreSQL takes one lock for all of them), so it is sent beside it, many rings in one.
    """

    def __init__(self) -> None:
        self._waiters: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._news: set[str] = set()
        self._wanted = asyncio.Event()

    def ring(self, *topics: str) -> None:
        """Tell everybody that these topics have news: `deliveries`, `inbound`, a ticket's id."""
        self._news.update(topics)
        self._wanted.set()
        self._wake(topics)

    @contextlib.contextmanager
    def waiting(self, topic: str) -> Iterator[asyncio.Event]:
        """Hand out an event that is set whenever the topic rings; the listener clears it."""
        waiter = asyncio.Event()
        self._waiters[topic].add(waiter)
        try:
            yield waiter
        finally:
            self._waiters[topic].discard(waiter)
            if not self._waiters[topic]:
                del self._waiters[topic]

    async def carry(self, url: str) -> None:
        """Carry rings between processes until cancelled, making lost connections anew."""
        while True:
            try:
                await self._carry_once(url)
            except (OSError, asyncpg.PostgresError, *CLIENT_FAULTS) as error:
                logger.info("bell: connection lost (%s)", type(error).__name__)
                await asyncio.sleep(RETRY)

    async def flush(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        """Send what was rung but not yet carried, for a process about to end."""
        async with pool.acquire() as connection:
            await self._send(connection)

    async def _carry_once(self, url: str) -> None:
        connection = await asyncpg.connect(
            url, timeout=RETRY * 5, command_timeout=RETRY * 5, server_settings=_UNSYNCED
        )
        try:
            await connection.add_listener(NOTIFY_CHANNEL, self._hear)
            self._wake(tuple(self._waiters))  # whatever rang while nobody listened
            while not connection.is_closed():
                # not wait_for: on Python 3.11 it can swallow a cancellation
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(RETRY):
                        await self._wanted.wait()
                await asyncio.sleep(PAUSE)
                await self._send(connection)
        finally:
            connection.terminate()

    async def _send(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._wanted.clear()
        while self._news:
            topics = [self._news.pop() for _ in range(min(len(self._news), _PAYLOAD_TOPICS))]
            try:
                await connection.execute(
                    "SELECT pg_notify($1, $2)", NOTIFY_CHANNEL, " ".join(topics)
                )
            except BaseException:
                self._news.update(topics)
                raise

    def _hear(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        self._wake(tuple(str(payload).split()))

    def _wake(self, topics: tuple[str, ...]) -> None:
        for topic in topics:
            for waiter in self._waiters.get(topic, ()):
                waiter.set()
