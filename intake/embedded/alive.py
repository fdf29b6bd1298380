"""Whether a server lives: the lock it holds and the kernel tell, never postmaster.pid alone."""

import fcntl
import os
import subprocess
from contextlib import suppress
from pathlib import Path

from intake.embedded.cluster_folder import ClusterFolder

PROC = Path("/proc")


def take_lock(place: ClusterFolder) -> int | None:
    """Lock the cluster for us and the children that inherit the descriptor; None if it is taken.

    The kernel lets go when the last of them has ended, however it ended: a zombie holds nothing,
    and a server in another container on the same folder is seen too.
    """
    lock = os.open(place.lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        place.account.own(place.lock)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        if isinstance(error, BlockingIOError):
            return None
        raise
    return lock


def is_alive(place: ClusterFolder) -> bool:
    """Return whether a server of this cluster lives, be it one started by hand."""
    pid = noted_pid(place)
    return is_locked(place) or (pid is not None and is_postmaster(pid, place))


def is_locked(place: ClusterFolder) -> bool:
    """Return whether a server of this cluster lives or is being started."""
    lock = take_lock(place)
    if lock is not None:
        os.close(lock)
    return lock is None


def noted_pid(place: ClusterFolder) -> int | None:
    """Return the process number in postmaster.pid: a claim, perhaps of a process long dead."""
    with suppress(FileNotFoundError, ValueError, IndexError):
        return int((place.pgdata / "postmaster.pid").read_text("utf-8", "replace").split("\n")[0])
    return None


def is_postmaster(pid: int, place: ClusterFolder) -> bool:
    """Return whether that process is a living postgres of this cluster, no zombie, no stranger."""
    if not PROC.joinpath("self").exists():
        return _ps_shows_postgres(pid)
    process = PROC / str(pid)
    try:
        state = (process / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0]
        program = (process / "exe").readlink().name.removesuffix(" (deleted)")
        folder = (process / "cwd").resolve()
    except OSError:
        return False
    return state not in {"Z", "X"} and program == "postgres" and folder == place.pgdata.resolve()


def _ps_shows_postgres(pid: int) -> bool:
    told = subprocess.run(
        ["ps", "-o", "stat=,comm=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split()
    return len(told) > 1 and not told[0].startswith("Z") and told[1].endswith("postgres")
