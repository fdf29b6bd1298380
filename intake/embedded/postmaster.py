"""One process of PostgreSQL: with which settings it runs, how it begins and how it ends.

It is our child on every system: started directly, not by pg_ctl, because pg_ctl overwrites
PG_GRANDPARENT_PID, which is what lets a start succeed while the previous postmaster is still a
zombie or its process number belongs to somebody else.
"""

import ctypes
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from intake.embedded.account import clean_environment
from intake.embedded.cluster_folder import PORT, ClusterFolder
from intake.embedded.errors import EmbeddedError

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

STOP_SECONDS = 60
LOG_BYTES = 10 * 1024 * 1024
TAIL_BYTES = 2000
PR_SET_PDEATHSIG = 1


def options(settings: Settings) -> tuple[str, ...]:
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


def spawn(
    postgres: Path,
    place: ClusterFolder,
    arguments: tuple[str, ...],
    *,
    lock: int,
    stale_pid: int | None,
) -> "subprocess.Popen[bytes]":
    """Start the postmaster; it inherits the held `lock`. `stale_pid` is a dead one's number."""
    place.open_sockets()
    environment = clean_environment()
    if stale_pid is not None:  # "no living postmaster, whoever bears that number now"
        environment["PG_GRANDPARENT_PID"] = str(stale_pid)
    paths = ("-D", str(place.pgdata), "-k", str(place.sockets), "-p", str(PORT))
    output = _open_log(place)
    try:
        return subprocess.Popen(
            [str(postgres), *paths, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env=environment,
            pass_fds=(lock,),
            start_new_session=True,  # Ctrl-C reaches us; we stop the server after its clients
            preexec_fn=_end_with_parent(),  # noqa: PLW1509 - one system call, library loaded before
            **place.account.identity,
        )
    finally:
        os.close(output)


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End our child: a fast shutdown; after a minute one without the final checkpoint."""
    for sign in (signal.SIGINT, signal.SIGQUIT):
        process.send_signal(sign)  # nothing is sent to a child that has already been waited for
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return
    raise EmbeddedError(f"PostgreSQL (process {process.pid}) does not stop.")


def log_size(place: ClusterFolder) -> int:
    """Return where the next words in the log will begin."""
    return place.log.stat().st_size if place.log.exists() else 0


def log_tail(place: ClusterFolder, begin: int = 0) -> str:
    """Return the end of the log, at most TAIL_BYTES and nothing before `begin`."""
    with suppress(FileNotFoundError), place.log.open("rb") as lines:
        lines.seek(max(begin, place.log.stat().st_size - TAIL_BYTES))
        return lines.read().decode("utf-8", "replace").strip()
    return ""


def _open_log(place: ClusterFolder) -> int:
    """Open the log for appending: private, never through a symbolic link, set aside when large."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    if log_size(place) > LOG_BYTES:
        place.log.replace(place.log.with_suffix(".log.1"))
    output = os.open(place.log, flags, 0o600)
    place.account.own(place.log)
    return output


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
