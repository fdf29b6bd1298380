"""A folder as a place for files under their keys; it may be mounted from elsewhere and hang.

Every touch happens apart from the event loop. Raises OSError, FileNotFoundError for no such file;
how long to wait is the caller's to say.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from core.ground.apart import apart
from core.ground.durable import (
    INCOMING,
    changed_at,
    lay_out,
    rename_durably,
    take_over,
    try_out,
    unlink,
    unlink_if_old,
)

_PIECE_BYTES = 1 << 20
_SHELF = "[0-9a-f][0-9a-f]"


class Folder:
    """Files under their keys, below one folder that is made at the first touch."""

    def __init__(self, root: Path, *, known_by: Path | None = None) -> None:
        """Take a folder; `known_by` is a file elsewhere that remembers that it was there once."""
        self._root = root
        self._known_by = known_by
        self._is_laid_out = False
        self._looking: asyncio.Task[None] | None = None

    async def put(self, path: Path, key: str) -> None:
        """Keep a synced file under its key as well; it is durable on return."""
        await apart(partial(self._put, path, key))

    async def move(self, path: Path, key: str) -> None:
        """Move a synced file of the same filesystem to its key; it is durable on return."""
        await apart(partial(self._move, path, key))

    async def read(self, key: str, start: int, end: int | None) -> AsyncGenerator[bytes]:
        """Yield the bytes from `start` to before `end` in pieces of 1 MiB."""
        at = start
        while end is None or at < end:
            size = _PIECE_BYTES if end is None else min(_PIECE_BYTES, end - at)
            piece = await apart(partial(self._piece, key, at, size))
            if not piece:
                return
            at += len(piece)
            yield piece

    async def size(self, key: str) -> int:
        """Return the size in bytes."""
        return await apart(partial(self._size, key))

    async def aged(self, older_than: datetime) -> AsyncGenerator[list[str]]:
        """Yield the keys of files last stored before that moment, shelf by shelf."""
        for shelf in await apart(partial(_sorted, self._root, _SHELF)):
            yield await apart(partial(_old_on, shelf, older_than))

    async def remove_if_old(self, key: str, older_than: datetime) -> bool:
        """Remove a file unless it was stored again since; say whether it was removed."""
        return await apart(partial(unlink_if_old, self._root, key, older_than))

    async def sweep_leftovers(self, older_than: datetime) -> int:
        """Remove what broken uploads left before that moment; return how many."""
        return await apart(partial(remove_leftovers, self._root / INCOMING, older_than))

    async def look(self, *, writing: bool) -> None:
        """Find out whether the folder is there and, if asked for, takes a few bytes.

        One look at a time, however long it hangs.
        """
        if self._looking is not None and not self._looking.done():
            await asyncio.wait([self._looking])
        self._looking = asyncio.ensure_future(apart(self._write if writing else self._see))
        await asyncio.shield(self._looking)

    async def close(self) -> None:
        """Wait no more for a look that still hangs."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    def _piece(self, key: str, at: int, size: int) -> bytes:
        with self._at_hand(), (self._root / key).open("rb", buffering=0) as file:
            file.seek(at)
            return file.read(size)

    def _size(self, key: str) -> int:
        with self._at_hand():
            return (self._root / key).stat().st_size

    def _put(self, path: Path, key: str) -> None:
        self._demand()
        take_over(path, self._root, key)

    def _move(self, path: Path, key: str) -> None:
        self._demand()
        rename_durably(path, self._root, key)

    @contextmanager
    def _at_hand(self) -> Iterator[None]:
        """Tell a file that is missing from a folder that is."""
        self._demand()
        try:
            yield
        except FileNotFoundError:
            if not self._root.is_dir():
                raise NotADirectoryError from None
            raise

    def _demand(self) -> None:
        """Make the folder once; one that is lost later is a fault and not made anew.

        Not by the next process either: an empty mount point is no store.
        """
        if self._is_laid_out:
            return
        if self._was_there() and not (self._root / INCOMING).is_dir():
            raise NotADirectoryError
        lay_out(self._root)
        if self._known_by is not None:
            self._known_by.write_text(str(self._root))
        self._is_laid_out = True

    def _was_there(self) -> bool:
        try:
            return self._known_by is not None and self._known_by.read_text() == str(self._root)
        except FileNotFoundError:
            return False

    def _see(self) -> None:
        self._demand()
        (self._root / INCOMING).stat()

    def _write(self) -> None:
        self._demand()
        try_out(self._root)


def remove_leftovers(folder: Path, older_than: datetime) -> int:
    """Remove files that grew before that moment and never got a key; blocking."""
    return sum(unlink(path, older_than) for path in folder.glob("up-*"))


def _sorted(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern))


def _old_on(shelf: Path, older_than: datetime) -> list[str]:
    keys = []
    for path in shelf.iterdir():
        try:
            if changed_at(path) < older_than:
                keys.append(f"{shelf.name}/{path.name}")
        except FileNotFoundError:
            continue
    return keys
