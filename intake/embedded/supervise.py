"""Start the server or attach to it, and bring it back when it dies.

PostgreSQL is our child on every system: started directly, not by pg_ctl, because pg_ctl overwrites
PG_GRANDPARENT_PID, which is what lets a start succeed while the previous postmaster is still a
zombie or its process number belongs to somebody else.
"""

import asyncio
import ctypes
import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from intake.embedded import alive
from intake.embedded.account import clean_environment
from intake.embedded.binaries import Binaries, find_binaries, usable_by
from intake.embedded.cluster import prepare
from intake.embedded.errors import EmbeddedError
from intake.embedded.place import PORT, STATE, Place, settle
from intake.embedded.server import Server, psql, stop

log = logging.getLogger(__name__)

Settings = Mapping[str, str | int]

HABITS: Settings = {
    "timezone": "UTC",
    "log_error_verbosity": "terse",  # no DETAIL: it quotes the values of a row
    "log_min_error_statement": "panic",  # no STATEMENT: it quotes what people wrote
}
"""Settings a caller may change."""

PROMISES: Settings = {
    "fsync": "on",
    "full_page_writes": "on",
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
}
"""Settings nobody may change: they are what "received" and "socket only" rest on."""

OURS = {*PROMISES, "port", "unix_socket_directories", "data_directory"}

PASSING_TROUBLE = ("lock file", "pre-existing shared memory block")
"""What a server says that ends because of one just dying; anything else will not mend by itself."""

PAUSE_SECONDS = 0.03
TAIL_BYTES = 2000
LOG_BYTES = 10 * 1024 * 1024
PR_SET_PDEATHSIG = 1


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
    ends, even by kill -9. `settings` are PostgreSQL's and hold only for a server this call starts.
    Raises EmbeddedError.
    """
    if threading.current_thread() is not threading.main_thread():
        raise EmbeddedError(
            "Start the database from the main thread: it ends with the thread that starts it."
        )
    options = _options(settings or {})
    try:
        place = settle(data, state)
        programs = usable_by(place.account, binaries or find_binaries(), state)
        server = Server(place=place, binaries=programs, options=options)
        _obtain(server, timeout_seconds)
    except OSError as error:
        raise EmbeddedError(
            f"The database cannot be started: {error.strerror} ({error.filename})."
        ) from error
    return server


def revive(server: Server, timeout_seconds: float = 60) -> bool:
    """Start the server again if it has died, or attach if another process did; return whether.

    It collects the dead postmaster, so none of ours stays a zombie. Call it from the main thread.
    """
    ended = server.process is None or server.process.poll() is not None
    if not ended or alive.is_locked(server.place):
        return False
    server.process = None
    _obtain(server, timeout_seconds)
    return True


async def watch(server: Server, pause_seconds: float = 0.5) -> None:
    """Revive the server whenever it dies, until cancelled; for a loop that runs in the main thread.

    A revival holds the loop for as long as recovery takes, typically 0.3 s; without a database
    nothing else could go on either. Raises EmbeddedError when the server does not come back.
    """
    while True:
        await asyncio.sleep(pause_seconds)
        if revive(server):
            log.warning("PostgreSQL had died and runs again")


def _options(settings: Settings) -> tuple[str, ...]:
    """Return the settings as arguments, the promises last because the last one wins."""
    for name in settings:
        if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]*", name) is None:
            raise EmbeddedError(f"{name!r} is not the name of a PostgreSQL setting.")
        if name.lower() in OURS:
            raise EmbeddedError(
                f"The setting {name} is fixed: what was answered 'received' must survive a crash."
            )
    chosen = {**HABITS, **settings, **PROMISES}
    return tuple(word for name, value in chosen.items() for word in ("-c", f"{name}={value}"))


def _obtain(server: Server, seconds: float) -> None:
    """Attach or start until the server answers; several processes may do so at once."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        lock = alive.take_lock(server.place)
        if lock is None:
            if _answers(server):
                return
        else:
            try:
                if _start_or_attach(server, lock, deadline):
                    return
            finally:
                os.close(lock)  # the server keeps its inherited copy
        time.sleep(PAUSE_SECONDS)
    raise EmbeddedError(
        f"PostgreSQL in {server.place.pgdata} did not answer within {seconds:g} s. "
        f"The end of {server.place.log}:\n{_tail(server.place.log)}"
    )


def _start_or_attach(server: Server, lock: int, deadline: float) -> bool:
    """Start the server, unless one was started by hand, which does not hold our lock."""
    pid = alive.noted_pid(server.place)
    if pid is not None and alive.is_postmaster(pid, server.place):
        return _answers(server)
    prepare(server.place, server.binaries, lock)
    began = _open_log(server.place)
    process = _spawn(server, lock, stale_pid=pid)
    try:
        while time.monotonic() < deadline:
            if process.poll() is not None:
                _raise_unless_passing(_tail(server.place.log, began))
                return False
            if _answers(server):
                server.process, server.starter = process, os.getpid()
                return True
            time.sleep(PAUSE_SECONDS)
    finally:
        if server.process is not process:
            stop(process)
    return False


def _spawn(server: Server, lock: int, stale_pid: int | None) -> "subprocess.Popen[bytes]":
    place = server.place
    place.open_sockets()
    environment = clean_environment()
    if stale_pid is not None:
        environment["PG_GRANDPARENT_PID"] = str(
            stale_pid
        )  # "that number is dead, whatever bears it now"
    borrowed = place.account.borrowed
    with place.log.open("ab") as output:
        return subprocess.Popen(
            [
                str(server.binaries / "postgres"),
                *("-D", str(place.pgdata), "-k", str(place.sockets), "-p", str(PORT)),
                *server.options,
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env=environment,
            user=place.account.uid if borrowed else None,
            group=place.account.gid if borrowed else None,
            extra_groups=[] if borrowed else None,
            pass_fds=(lock,),
            start_new_session=True,  # Ctrl-C reaches us, and we stop the server after its clients
            preexec_fn=_end_with_parent(),  # noqa: PLW1509 - one system call, its library loaded before the fork
        )


def _end_with_parent() -> Callable[[], None] | None:
    """Ask Linux to shut the server down (SIGINT: fast) when our thread ends; others cannot."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != parent:  # it ended between the fork and the request
            os._exit(1)

    return ask


def _answers(server: Server) -> bool:
    """Return whether the server takes queries; raise EmbeddedError if it risks commits."""
    if not (server.place.sockets / f".s.PGSQL.{PORT}").exists():
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


def _open_log(place: Place) -> int:
    """Make the log private and not endless; return where this start's words will begin."""
    if place.log.exists() and place.log.stat().st_size > LOG_BYTES:
        place.log.replace(place.log.with_suffix(".log.1"))
    place.log.touch(mode=0o600)
    place.account.own(place.log)
    return place.log.stat().st_size


def _tail(path: Path, begin: int = 0) -> str:
    if not path.exists():
        return "(empty)"
    with path.open("rb") as log_file:
        log_file.seek(max(begin, path.stat().st_size - TAIL_BYTES))
        return log_file.read().decode("utf-8", "replace").strip()


def _raise_unless_passing(said: str) -> None:
    if not any(trouble in said for trouble in PASSING_TROUBLE):
        raise EmbeddedError(f"PostgreSQL ended while starting. It said:\n{said}")
