"""A folder of files under content keys that survives kill -9 and a power cut. Blocking calls."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path


def lay_out(root: Path) -> None:
    """Make the folder; its shelves are made when something is first put on them."""
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sync_folder(root.parent)


def rename_durably(path: Path, root: Path, key: str) -> Path:
    """Move a synced file to its key; when this returns, a power cut does not undo it."""
    target = root / key
    if not target.parent.is_dir():
        with _locked(root, fcntl.LOCK_EX):  # nobody uses the folder before it is synced itself
            target.parent.mkdir(exist_ok=True, mode=0o700)
            _sync_folder(root)
    with _locked(root, fcntl.LOCK_SH):
        path.replace(target)  # also over an equal file: its age starts anew for the sweep
        _sync_folder(target.parent)
    return target


def unlink_if_old(root: Path, key: str, older_than: datetime) -> bool:
    """Remove an old file, where nobody can store the same content anew in between."""
    with _locked(root, fcntl.LOCK_EX):
        return unlink(root / key, older_than)


def unlink(path: Path, older_than: datetime) -> bool:
    """Remove a file last changed before that moment; say whether it was removed."""
    try:
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) >= older_than:
            return False
        path.unlink()
    except FileNotFoundError:
        return False
    return True


@contextmanager
def _locked(root: Path, mode: int) -> Iterator[None]:
    descriptor = os.open(root / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, mode)
        yield
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
