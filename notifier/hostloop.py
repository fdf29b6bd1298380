"""Runs a worker thread's coroutines on the loop the process already has.

One loop owns the engine, the pool and every connection; worker threads only wait for it.
"""

import asyncio
import logging
import threading

from dramatiq.asyncio import EventLoopThread

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
