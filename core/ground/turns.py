"""Costly work that many want done at the same moment: a few at once, and who had least goes next.

First come, first served would let whoever asks most make everybody wait. Whoever is new waits for
what is under way and for nobody's queue, however long that is.
"""

import asyncio
import time
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Turns:
    """Who works, who waits, and how much each share had since nobody waited."""

    at_once: int
    of_share: int = 1
    """So many of one share at once."""
    seconds: Callable[[], float] = time.monotonic
    _working: Counter[str] = field(default_factory=Counter)
    _waiting: dict[str, deque[asyncio.Future[None]]] = field(default_factory=dict)
    _had: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    @asynccontextmanager
    async def turn(self, share: str) -> AsyncIterator[None]:
        """Wait for a turn and hold it while the block lasts."""
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(share, deque()).append(mine)
        self._grant()
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                self._end(share, 0)
            else:
                self._forget(share, mine)
            raise
        began = self.seconds()
        try:
            yield
        finally:
            self._end(share, self.seconds() - began)

    def _end(self, share: str, seconds: float) -> None:
        self._working[share] -= 1
        self._had[share] += seconds
        self._grant()
        if not self._waiting and not self._working.total():
            self._had.clear()

    def _grant(self) -> None:
        """Let go ahead whoever may; among those who had equally much, the longest waiting."""
        while self._working.total() < self.at_once:
            may = [each for each in self._waiting if self._working[each] < self.of_share]
            if not may:
                return
            share = min(may, key=lambda each: self._had[each])
            first = self._waiting[share][0]
            self._forget(share, first)
            self._working[share] += 1
            first.set_result(None)

    def _forget(self, share: str, one: asyncio.Future[None]) -> None:
        queue = self._waiting[share]
        queue.remove(one)
        if not queue:
            del self._waiting[share]
