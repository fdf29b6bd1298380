"""This machine's own place for files: where they grow, and wait while the store is away.

All of it is shared by the processes that have this data folder: the waiting files, the word that
the store is away, and the name by which others hear of them. Blocking calls, on a local disk.
"""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import mkstemp

from core.ground.durable import changed_at, sync_folder
from core.ground.file_place import KEY
from core.ground.folder import Folder, remove_leftovers

_READS = "reads"


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """The store takes no files: since when, why (the kind of error), whether it hands them out."""

    since: datetime
    kind: str
    reads: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How many files wait on a machine, since when the first of them, and why."""

    files: int
    since: datetime | None
    away: Away | None
    has_room: bool
    """Whether the disk of this machine takes files at all, beside its reserve."""


class Spool:
    """A local folder. `waiting` holds whole files under their keys."""

    def __init__(self, root: Path, *, reserve: int) -> None:
        """Make the folder; `reserve` bytes of its disk are left for the database and logs."""
        _lay_out(root)
        self._root = root
        self._reserve = reserve
        self._shelves = root / "waiting"
        self._away = root / "away"
        self.waiting = Folder(self._shelves)

    def has_room(self, wanted: int) -> bool:
        """Say whether so many bytes leave the reserve untouched."""
        disk = os.statvfs(self._root)
        return disk.f_bavail * disk.f_frsize - wanted >= self._reserve

    def begin(self) -> tuple[int, Path]:
        """Begin a file; return its descriptor and where it grows."""
        descriptor, name = mkstemp(dir=self._root, prefix="up-")
        return descriptor, Path(name)

    def remove_leftovers(self, older_than: datetime) -> int:
        """Remove what broken uploads left before that moment; return how many."""
        return remove_leftovers(self._root, older_than)

    def path(self, key: str) -> Path:
        """Say where a file lies while it waits."""
        return self._shelves / key

    def holds(self, key: str) -> bool:
        """Say whether this file waits here."""
        return self.path(key).is_file()

    def keys(self) -> list[str]:
        """List what waits here, the longest waiting first."""
        return [key for _, key in self._found()]

    def backlog(self) -> Backlog:
        """Say how much waits here, and what is known of the store."""
        found = self._found()
        since = found[0][0] if found else None
        return Backlog(files=len(found), since=since, away=self.away, has_room=self.has_room(1))

    def _found(self) -> list[tuple[datetime, str]]:
        found = []
        for path in self._shelves.glob("[0-9a-f][0-9a-f]/*"):
            if not KEY.fullmatch(f"{path.parent.name}/{path.name}"):
                continue  # nothing of ours
            with suppress(FileNotFoundError):
                found.append((changed_at(path), f"{path.parent.name}/{path.name}"))
        return sorted(found)

    def let_go(self, key: str) -> None:
        """Remove a file that waits here no longer."""
        self.path(key).unlink(missing_ok=True)

    @property
    def away(self) -> Away | None:
        """What is known of the store on this machine; None while it is at hand."""
        try:
            since, kind, reads = self._away.read_text().split()
            return Away(since=datetime.fromisoformat(since), kind=kind, reads=reads == _READS)
        except FileNotFoundError:
            return None
        except ValueError:  # cut short by a power cut: that it is there says enough
            return Away(since=changed_at(self._away), kind="unknown", reads=False)

    def went_away(self, fault: Away) -> bool:
        """Write down that the store is away; True for the first of all processes to say so."""
        descriptor, name = mkstemp(dir=self._root, prefix="up-")
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{fault.since.isoformat()} {fault.kind} {_READS if fault.reads else '-'}\n")
        try:
            self._away.hardlink_to(name)
        except FileExistsError:
            return False
        finally:
            Path(name).unlink(missing_ok=True)
        return True

    def came_back(self) -> bool:
        """Write down that the store is at hand; True for the first of all processes to say so."""
        try:
            self._away.unlink()
        except FileNotFoundError:
            return False
        return True

    @contextmanager
    def carried(self) -> Iterator[bool]:
        """Let one process at a time carry from here; yields whether it is this one."""
        descriptor = os.open(self._root / ".carrier", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            yield _is_locked(descriptor)
        finally:
            os.close(descriptor)


def _lay_out(root: Path) -> None:
    if not root.is_dir():
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        sync_folder(root.parent)


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def machine_of(root: Path) -> str:
    """Return the name of a spool: that of the first machine to use it, whatever it is called now.

    A container has another name every day; the folder that it keeps has one.
    """
    own = root / "machine"
    with suppress(OSError):  # a spool that cannot be used says so where it is
        _lay_out(root)
        with suppress(FileExistsError), own.open("x") as file:
            file.write(socket.gethostname())
        return own.read_text().strip() or socket.gethostname()
    return socket.gethostname()
