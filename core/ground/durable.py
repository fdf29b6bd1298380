"""A folder of files under content keys that survives kill -9 and a power cut. Blocking calls."""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

INCOMING = ".incoming"
"""Where a file grows before it has a key: on the same filesystem, so that a rename is atomic."""
_NO_LINKS = frozenset({errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS})


def lay_out(root: Path) -> None:
    """Make the folder; its shelves are made when something is first put on them."""
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    (root / INCOMING).mkdir(exist_ok=True, mode=0o700)
    sync_folder(root.parent)


def take_over(path: Path, root: Path, key: str) -> None:
    """Put a synced file, which stays where it is, under its key as well; durable on return.

    On one filesystem it is a second name of the same bytes, else a copy.
    """
    own = root / INCOMING / f"up-{uuid4().hex}"
    try:
        _same_or_copied(path, own)
        rename_durably(own, root, key)
    finally:
        own.unlink(missing_ok=True)  # also where it was another name of what lay there already


def rename_durably(path: Path, root: Path, key: str) -> None:
    """Move a synced file to its key; when this returns, a power cut does not undo it."""
    target = root / key
    if not target.parent.is_dir():
        with _locked(root, fcntl.LOCK_EX):  # nobody uses the folder before it is synced itself
            target.parent.mkdir(exist_ok=True, mode=0o700)
            sync_folder(root)
    with _locked(root, fcntl.LOCK_SH):
        path.replace(target)  # also over an equal file: its age starts anew for the sweep
        sync_folder(target.parent)


def try_out(root: Path) -> None:
    """Do with a few bytes what is done with every file."""
    own = root / INCOMING / f"up-{uuid4().hex}"
    try:
        with _locked(root, fcntl.LOCK_SH), os.fdopen(_made(own), "wb") as file:
            file.write(b"kiss\n")
            file.flush()
            os.fsync(file.fileno())
    finally:
        own.unlink(missing_ok=True)


def unlink_if_old(root: Path, key: str, older_than: datetime) -> bool:
    """Remove an old file, where nobody can store the same content anew in between."""
    with _locked(root, fcntl.LOCK_EX):
        return unlink(root / key, older_than)


def unlink(path: Path, older_than: datetime) -> bool:
    """Remove a file last changed before that moment; say whether it was removed."""
    try:
        if changed_at(path) >= older_than:
            return False
        path.unlink()
    except FileNotFoundError:
        return False
    return True


def changed_at(path: Path) -> datetime:
    """Say when a file was last changed."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _same_or_copied(path: Path, own: Path) -> None:
    try:
        own.hardlink_to(path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
    else:
        return
    with path.open("rb") as source, os.fdopen(_made(own), "wb") as copy:
        shutil.copyfileobj(source, copy, 1 << 20)
        copy.flush()
        os.fsync(copy.fileno())


def _made(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)


@contextmanager
def _locked(root: Path, mode: int) -> Iterator[None]:
    descriptor = os.open(root / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, mode)
        yield
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Let a power cut not undo what was named in a folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
