"""Start the server or attach to it, and bring it back when it dies."""

import asyncio
import logging
import os
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from intake.embedded import alive
from intake.embedded.binaries import Binaries, find_binaries, usable_by
from intake.embedded.cluster import prepare
from intake.embedded.cluster_folder import STATE, settle
from intake.embedded.errors import EmbeddedError, reason
from intake.embedded.postmaster import Settings, log_size, log_tail, options, spawn, stop
from intake.embedded.server import Server, psql

log = logging.getLogger(__name__)

PASSING_TROUBLE = ("lock file", "pre-existing shared memory block")
"""What a server says that ends because of one just dying; anything else will not mend by itself."""

REVIVAL_SECONDS = 60.0
MOST_WAIT_SECONDS = 5.0
"""Between two tries to revive a server that does not start: soon enough after room was made."""

RECOVERING = ("is starting up", "not yet accepting connections")


@contextmanager
def running(
    data: Path,
    *,
    settings: Settings | None = None,
    state: Path = STATE,
    binaries: Binaries | None = None,
    timeout_seconds: float = 60,
) -> Iterator[Server]:
    """Have the data folder's server running inside the block; see `start`."""
    server = start(
        data, settings=settings, state=state, binaries=binaries, timeout_seconds=timeout_seconds
    )
    try:
        yield server
    finally:
        server.stop()


def start(
    data: Path,
    *,
    settings: Settings | None = None,
    state: Path = STATE,
    binaries: Binaries | None = None,
    timeout_seconds: float = 60,
) -> Server:
    """Start the data folder's server, or attach to the one that runs; it answers on return.

    Call it from the main thread: on Linux the server shuts down cleanly when the starting thread
    ends, even by kill -9. Recovery after a crash may take longer than `timeout_seconds`; it is
    waited for. `settings` are PostgreSQL's and hold only for a server this call starts.
    Raises EmbeddedError.
    """
    if threading.current_thread() is not threading.main_thread():
        raise EmbeddedError(
            "Start the database from the main thread: it ends with the thread that starts it."
        )
    chosen = options(settings or {})
    try:
        place = settle(data, state)
        programs = usable_by(place.account, binaries or find_binaries(), state)
        server = Server(place=place, binaries=programs, options=chosen)
        _obtain(server, timeout_seconds)
    except OSError as error:
        raise EmbeddedError(f"The database cannot be started: {reason(error)}.") from error
    return server


def revive(server: Server, timeout_seconds: float = 60) -> bool:
    """Start the server again if it has died, or attach if another process did; return whether.

    It collects the dead postmaster, so none of ours stays a zombie. Call it from the main thread.
    """
    if not _has_ended(server):
        return False
    server.process = None
    _obtain(server, timeout_seconds)
    return True


def _has_ended(server: Server) -> bool:
    if server.process is None:
        return not alive.is_alive(server.place)
    return server.process.poll() is not None


async def watch(server: Server, pause_seconds: float = 0.5) -> None:
    """Revive the server whenever it dies, until cancelled; for a loop that runs in the main thread.

    What killed it, such as a full disk, may last: it is tried again and again, ever more rarely,
    and meanwhile the doors answer that nobody's report can be taken now.
    """
    wait, is_known = pause_seconds, False
    while True:
        await asyncio.sleep(wait)
        if not _has_ended(server) and not is_known:
            continue
        server.process = None
        try:
            _demand_data(server)
            for pause in _obtaining(server, REVIVAL_SECONDS):
                await asyncio.sleep(pause)
        except (EmbeddedError, OSError) as error:
            if not is_known:
                said = _first_line(error)
                log.error("PostgreSQL has died and does not start: %s", said)  # noqa: TRY400 - one line
            wait, is_known = min(max(wait, 0.5) * 2, MOST_WAIT_SECONDS), True
        else:
            log.warning("PostgreSQL had died and runs again")
            wait, is_known = pause_seconds, False


def _demand_data(server: Server) -> None:
    """Never make an empty database where there was another. Raises EmbeddedError."""
    if server.place.version is None:
        raise EmbeddedError(f"There is no database in {server.place.pgdata} any more.")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _obtain(server: Server, seconds: float) -> None:
    """Attach or start until the server answers; several processes may do so at once."""
    for pause in _obtaining(server, seconds):
        time.sleep(pause)


def _obtaining(server: Server, seconds: float) -> Iterator[float]:
    """Do the same, and say how long to wait each time; whoever waits may do other things."""
    deadline = time.monotonic() + seconds
    for pause in _pauses():
        lock = alive.take_lock(server.place)
        if lock is None:
            if _answers(server):
                return
        else:
            try:
                if (yield from _start_or_attach(server, lock, deadline)):
                    return
            finally:
                os.close(lock)  # the server keeps its inherited copy
        if time.monotonic() > deadline:
            break
        yield pause
    raise EmbeddedError(
        f"PostgreSQL in {server.place.pgdata} did not answer within {seconds:g} s. "
        f"The end of {server.place.log}:\n{log_tail(server.place)}"
    )


def _start_or_attach(server: Server, lock: int, deadline: float) -> Generator[float, None, bool]:
    """Start the server, unless one was started by hand, which does not hold our lock."""
    pid = alive.noted_pid(server.place)
    if pid is not None and alive.is_postmaster(pid, server.place):
        return _answers(server)
    prepare(server.place, server.binaries, lock)
    began = log_size(server.place)
    process = spawn(
        server.binaries / "postgres", server.place, server.options, lock=lock, stale_pid=pid
    )
    try:
        for pause in _pauses():
            if process.poll() is not None:
                _raise_unless_passing(log_tail(server.place, began))
                return False
            if _answers(server):
                server.process, server.starter = process, os.getpid()
                return True
            if time.monotonic() > deadline and not _is_coming(server):
                return False
            yield pause
    finally:
        if server.process is not process:
            stop(process)
    return False


def _pauses() -> Iterator[float]:
    """Yield seconds to wait between questions: short at first, later sparing the log."""
    pause = 0.03
    while True:
        yield pause
        pause = min(pause * 1.1, 0.5)


def _answers(server: Server) -> bool:
    """Return whether the server takes queries; raise EmbeddedError if it risks commits."""
    if not server.place.socket.exists():
        return False
    asked = "SELECT current_setting('fsync'), current_setting('full_page_writes')"
    told = psql(server.place, server.binaries, asked)
    if told.returncode != 0:
        return False
    if told.stdout.strip() != "on|on":
        raise EmbeddedError(
            f"The server in {server.place.pgdata} runs with fsync or full_page_writes off and "
            "would lose reports in a crash: stop it and let kiss start it."
        )
    return True


def _is_coming(server: Server) -> bool:
    """Return whether the server replays its log or has just done so: a stop would begin it anew."""
    told = psql(server.place, server.binaries, "SELECT 1")
    return told.returncode == 0 or any(word in told.stderr for word in RECOVERING)


def _raise_unless_passing(said: str) -> None:
    if not any(trouble in said for trouble in PASSING_TROUBLE):
        raise EmbeddedError(f"PostgreSQL ended while starting. It said:\n{said}")
