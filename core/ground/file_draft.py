"""A file being received: it grows in the spool and gets its key when it is whole."""

import asyncio
import hashlib
import os
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from core.ground.spool import Spool
from core.ground.storage_faults import StorageFull, temporary_faults

_BATCH_BYTES = 1 << 20

Adopt = Callable[[Path, str], Awaitable[None]]
"""Keeps a whole file under its key, in the store or here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A file that is durable now. `size` in bytes, `sha256` in hexadecimal."""

    key: str
    sha256: str
    size: int


class FileDraft:
    """A file being received. It has no key before `keep`; leaving the context removes it.

    `path` holds the written bytes, readable after `finish` until `keep`.
    """

    def __init__(self, spool: Spool, adopt: Adopt) -> None:
        """Begin it in the spool. Raises StorageFull or StorageUnavailable if there is no place."""
        self.size = 0
        self._spool = spool
        self._adopt = adopt
        with temporary_faults():
            self._demand_room(0)
            descriptor, self.path = spool.begin()
        self._digest = hashlib.sha256()
        self._buffer = bytearray()
        self._file = os.fdopen(descriptor, "wb", buffering=0)
        self._lock = threading.Lock()  # a cancelled write may still run in its thread

    async def write(self, chunk: bytes) -> None:
        """Append bytes. Raises StorageFull before the disk reserve would be used."""
        self._buffer += chunk
        self.size += len(chunk)
        if len(self._buffer) >= _BATCH_BYTES:
            await asyncio.to_thread(self._flush)

    async def finish(self) -> None:
        """Bring all bytes to the disk; nothing can be written after it."""
        await asyncio.to_thread(self._seal)

    async def keep(self) -> Stored:
        """Store the file under its key and return once it is durable, there or here.

        A store that is away or slow costs STORE_PATIENCE at most. Raises StorageUnavailable
        where this machine cannot keep it either.
        """
        await self.finish()
        sha256 = self._digest.hexdigest()
        key = f"{sha256[:2]}/{sha256}"
        with temporary_faults():
            os.utime(self.path)  # a form may take hours; from now on a row has its time to name it
        await self._adopt(self.path, key)
        return Stored(key=key, sha256=sha256, size=self.size)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await asyncio.shield(asyncio.to_thread(self._discard))

    def _flush(self) -> None:
        with self._lock, temporary_faults():
            batch, self._buffer = self._buffer, bytearray()
            self._demand_room(len(batch))
            self._digest.update(batch)
            view = memoryview(batch)
            while view:
                view = view[self._file.write(view) :]

    def _seal(self) -> None:
        if self._file.closed:
            return
        self._flush()
        with self._lock, temporary_faults():
            os.fsync(self._file.fileno())
            self._file.close()

    def _discard(self) -> None:
        with self._lock, suppress(OSError):
            self._file.close()
            self.path.unlink(missing_ok=True)

    def _demand_room(self, wanted: int) -> None:
        if not self._spool.has_room(wanted):
            raise StorageFull("The disk reserve is reached.")
