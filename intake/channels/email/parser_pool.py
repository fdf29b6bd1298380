"""Reading mail in processes that can be killed: no mail costs more than its time and memory.

The intake stores the raw bytes first; this is where they are read afterwards.
"""

import multiprocessing
import resource
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Literal, Self

from pebble import ProcessExpired, ProcessPool

from intake.channels.email.understanding.mail import Mail
from intake.channels.email.understanding.understand import understand

TIMEOUT_SECONDS = 5.0
MEMORY_MB = 512
"""Address space of one worker, libraries included (an idle one has 33 MB)."""
MAILS_PER_PROCESS = 500
"""A worker is replaced after this many mails, so that no leak grows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A mail that could not be read within its limits: a ticket with the original attached."""

    reason: Literal["time", "memory", "crash"]


class ParserPool:
    """A pool of reading processes. Thread-safe; close it, or use it as a context manager."""

    def __init__(
        self,
        *,
        processes: int = 1,
        memory_mb: int = MEMORY_MB,
        task: Callable[[bytes], Mail] = understand,
    ) -> None:
        self._task = task
        self._pool = ProcessPool(
            max_workers=processes,
            max_tasks=MAILS_PER_PROCESS,
            initializer=_limit_memory,
            initargs=(memory_mb,),
            context=multiprocessing.get_context("forkserver"),
        )

    def schedule(self, raw: bytes, *, timeout_seconds: float = TIMEOUT_SECONDS) -> Future[Mail]:
        """Start reading; the future fails with TimeoutError, MemoryError or ProcessExpired."""
        future: Future[Mail] = self._pool.schedule(self._task, args=(raw,), timeout=timeout_seconds)
        return future

    def parse(self, raw: bytes, *, timeout_seconds: float = TIMEOUT_SECONDS) -> Mail | Unreadable:
        """Read one mail and wait for it; a worker beyond its limits is killed and replaced."""
        return outcome(self.schedule(raw, timeout_seconds=timeout_seconds))

    def close(self) -> None:
        """Stop all workers, those at work too."""
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble has no types
        self._pool.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def outcome(future: "Future[Mail]") -> Mail | Unreadable:
    """Wait for a scheduled mail and name what went wrong, if anything did."""
    try:
        return future.result()
    except TimeoutError:
        return Unreadable(reason="time")
    except MemoryError:
        return Unreadable(reason="memory")
    except (ProcessExpired, OSError, RuntimeError):
        return Unreadable(reason="crash")


def parse_in_worker(
    raw: bytes, *, timeout_seconds: float = TIMEOUT_SECONDS, memory_mb: int = MEMORY_MB
) -> Mail | Unreadable:
    """Read one mail in the process-wide pool for this memory limit; it starts at the first use."""
    with _LOCK:
        workers = _shared(memory_mb)
    return workers.parse(raw, timeout_seconds=timeout_seconds)


_LOCK = threading.Lock()


@cache
def _shared(memory_mb: int) -> ParserPool:
    return ParserPool(memory_mb=memory_mb)


def _limit_memory(memory_mb: int) -> None:
    """Run in the worker: cap its address space and leave no core file with somebody's mail."""
    size = memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
