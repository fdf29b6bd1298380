"""Runs a worker thread's coroutines on the loop the process already has.

One loop owns the engine, the pool and every connection; worker threads only wait for it.
"""

import asyncio
import inspect
import logging
import threading
import time
from collections.abc import Awaitable, Coroutine
from typing import TypeGuard, TypeVar

from dramatiq.asyncio import EventLoopThread

Result = TypeVar("Result")

CHECK_SECONDS = 0.1
"""How often a waiting worker thread looks whether its time limit was reached."""


class HostLoop(EventLoopThread):
    """Dramatiq's event-loop thread without a thread: the loop is handed in and runs elsewhere.

    Not dramatiq's public interface, hence the pin below 2.3 and the tests of time limit and stop.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        threading.Thread.__init__(self)  # never started; `loop` is what matters
        self.loop = loop
        self.interrupt_check_ival = CHECK_SECONDS
        self.logger = logging.getLogger(__name__)

    def run_coroutine(self, coro: Awaitable[Result]) -> Result:
        """Run a coroutine on the host's loop and return its result; wait while that loop pauses.

        Raises RuntimeError when the loop has ended for good; a coroutine that had not begun is
        closed, and nothing of it ran.
        """
        while True:
            while not (self.loop.is_running() or self.loop.is_closed()):
                time.sleep(CHECK_SECONDS)
            try:
                return super().run_coroutine(coro)
            except RuntimeError:
                if not _can_begin(coro):
                    raise  # the coroutine's own
                if self.loop.is_closed():
                    coro.close()
                    raise
                # it paused after we had looked


def _can_begin(coro: object) -> TypeGuard[Coroutine[object, object, object]]:
    return inspect.iscoroutine(coro) and inspect.getcoroutinestate(coro) == inspect.CORO_CREATED
