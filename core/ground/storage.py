"""Files by their content: stored once, durable before anyone is told, read in ranges.

A file's key is made of the SHA-256 of its bytes, so storing is idempotent and a key says nothing
about whose file it is: what a person may read is decided by the row that names the key.

There are two places: the store, a folder or a bucket that all machines share, and this machine's
spool. A file grows in the spool. While the store is away it waits there, and `core.ground.carrier`
brings it to the store afterwards.
"""

import asyncio
import logging
from collections.abc import AsyncIterable, AsyncIterator, Awaitable
from contextlib import aclosing, suppress
from datetime import datetime
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import unquote, urlsplit

from core.ground.clock import Clock, system_clock
from core.ground.database import DatabaseAwayError
from core.ground.durable import INCOMING
from core.ground.faults import reach
from core.ground.file_draft import FileDraft, Stored
from core.ground.file_place import KEY, FilePlace, Ledger
from core.ground.folder import Folder
from core.ground.orphans import KnownKeys, Swept, remove_orphans
from core.ground.s3_bucket import S3Bucket
from core.ground.spool import Away, Backlog, Spool
from core.ground.storage_faults import (
    STORE_FAULTS,
    FileMissing,
    StorageFull,
    StorageUnavailable,
    kind_of,
    temporary_faults,
)

__all__ = [
    "RESERVE_BYTES",
    "Backlog",
    "FileDraft",
    "FileMissing",
    "Storage",
    "StorageFull",
    "StorageUnavailable",
    "Stored",
    "Swept",
]

logger = logging.getLogger(__name__)

T = TypeVar("T")

RESERVE_BYTES = 512 << 20
STORE_PATIENCE = 1.5
"""Seconds a person waits for the store; after them the file waits in the spool."""
READ_PATIENCE = 5.0
"""Seconds until the next piece of a file has to come from the store."""
LOOK_PATIENCE = 1.0
"""Seconds the store may take to answer whether it is there."""
_NOTE_PATIENCE = 1.0
_SWEEP_SECONDS = 600.0


class Storage:
    """A store that keeps files by their content, and the spool before it."""

    def __init__(
        self, store: FilePlace, *, spool: Spool, ledger: Ledger | None, clock: Clock = system_clock
    ) -> None:
        self.store = store
        self.spool = spool
        self.ledger = ledger
        self._clock = clock
        self._is_doubted = False
        self._has_written = False
        self._confirming: asyncio.Task[None] | None = None

    @classmethod
    def open(
        cls,
        url: str | Path,
        *,
        spool: Path | None = None,
        reserve: int = RESERVE_BYTES,
        ledger: Ledger | None = None,
        clock: Clock = system_clock,
    ) -> Self:
        """Open `file:///folder`, a plain folder, or `s3://bucket/prefix?endpoint=…&region=…`.

        What the URL leaves out, the credentials above all, comes from the usual `AWS_…` variables.
        The store itself is not touched yet. `spool` is a folder on a disk of this machine; none:
        inside the store's folder. `reserve` bytes of its disk stay free for the database and logs.
        """
        address = urlsplit(str(url))
        store: FilePlace
        if address.scheme in ("", "file"):
            root = Path(unquote(address.path)) if address.scheme else Path(url)
            root = root.absolute()
            spool = spool or root / INCOMING
            is_ours = root.parent == spool.parent or root in spool.parents
            store = Folder(root, known_by=None if is_ours else spool / "store")
        elif spool is None:
            raise ValueError("Remote storage needs a local spool folder.")
        else:
            store = S3Bucket(str(url))
        with temporary_faults():
            own = Spool(spool, reserve=reserve)
        return cls(store, spool=own, ledger=ledger, clock=clock)

    async def close(self) -> None:
        """End what was begun in the background."""
        if self._confirming is not None:
            self._confirming.cancel()
            await asyncio.gather(self._confirming, return_exceptions=True)
        await self.store.close()

    def draft(self) -> FileDraft:
        """Begin a file. Raises StorageFull or StorageUnavailable when there is no place for it."""
        return FileDraft(self.spool, self._adopt)

    async def put_stream(self, chunks: AsyncIterable[bytes]) -> Stored:
        """Store a stream; return when it is durable. If the stream raises, nothing is stored."""
        async with self.draft() as draft:
            async for chunk in chunks:
                await draft.write(chunk)
            return await draft.keep()

    async def read(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Yield the bytes from `start` to before `end`, never more than about 1 MiB at once.

        Raises FileMissing, and StorageUnavailable for a file that waits on another machine.
        """
        at = start
        if self.spool.holds(_checked(key)):
            with suppress(FileNotFoundError):  # it is carried away while we read: on from there
                async for chunk in self.spool.waiting.read(key, at, end):
                    at += len(chunk)
                    yield chunk
                return
        async with aclosing(self.store.read(key, at, end)) as pieces:
            while piece := await self._asked(key, anext(pieces, b"")):
                yield piece

    async def size(self, key: str) -> int:
        """Return the size in bytes. Raises as `read` does."""
        if self.spool.holds(_checked(key)):
            with suppress(FileNotFoundError):
                return await self.spool.waiting.size(key)
        return await self._asked(key, self.store.size(key))

    async def exists(self, key: str) -> bool:
        """Say whether the key is stored. Raises StorageUnavailable where nobody can say."""
        try:
            await self.size(key)
        except FileMissing:
            return False
        return True

    @property
    def away(self) -> Away | None:
        """What this machine knows of a store that cannot be used; None while it can."""
        with temporary_faults():
            return self.spool.away

    async def look(self) -> Away | None:
        """Find out whether the store can be used; say so once where that has changed.

        Takes LOOK_PATIENCE at most. Raises StorageUnavailable where this machine cannot even
        write that down.
        """
        before = self.away
        fault = await self._fault(before)
        self._is_doubted = False
        with temporary_faults():
            if fault is None:
                if self.spool.came_back():
                    logger.warning("files: the store is back; what waits on this machine follows")
            elif before is None and self.spool.went_away(fault):
                logger.error(
                    "files: the store is away (%s); new files wait on this machine", fault.kind
                )
        return self.away

    async def _fault(self, before: Away | None) -> Away | None:
        """Ask the store; whoever doubts it, or asks for the first time, has it take something."""
        writing = self._is_doubted or before is not None or not self._has_written
        takes: Exception | None = None
        gives: Exception | None = TimeoutError()
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_PATIENCE):
                takes = await self._seen(writing=True) if writing else None
                gives = await self._seen(writing=False)
        fault = takes or gives
        if fault is None:
            self._has_written = True
            return None
        return Away(since=self._clock(), kind=kind_of(fault), reads=gives is None)

    async def _seen(self, *, writing: bool) -> Exception | None:
        try:
            await self.store.look(writing=writing)
        except STORE_FAULTS as error:
            return error
        return None

    async def backlog(self) -> Backlog:
        """Say how many files wait on this machine, and what is known of the store."""
        with temporary_faults():
            return await asyncio.to_thread(self.spool.backlog)

    def doubt(self) -> None:
        """Try the store with nobody's file until a look in the background has said how it is."""
        if not self._is_doubted:
            self._is_doubted = True
            self._confirming = asyncio.create_task(self._confirm(), name="storage")

    async def remove(self, key: str, stored_before: datetime) -> None:
        """Remove a file here and in the store, unless it was stored again since that moment.

        The caller knows that no row names it. A store that is away keeps it until the next sweep
        of orphans. Raises StorageUnavailable where this machine cannot be written to.
        """
        if self.spool.holds(_checked(key)):
            with temporary_faults():
                await self.spool.waiting.remove_if_old(key, stored_before)
        with suppress(*STORE_FAULTS):
            async with asyncio.timeout(READ_PATIENCE):
                await self.store.remove_if_old(key, stored_before)

    async def sweep_orphans(
        self, known_keys: KnownKeys, older_than: datetime, *, leftovers: datetime | None = None
    ) -> Swept:
        """Remove files stored before `older_than` that no row names, and leftovers of uploads.

        `known_keys` gets up to 1000 keys and returns those that rows name. Choose `older_than`
        further back than any file waits for its row. A store that is away is left alone; what
        waits on this machine is looked at all the same.
        """
        with temporary_faults():
            before = leftovers or older_than
            swept = await asyncio.to_thread(self.spool.remove_leftovers, before)
            removed = await remove_orphans(self.spool.waiting, known_keys, older_than)
            if self.away is None:
                async with asyncio.timeout(_SWEEP_SECONDS):  # the next sweep goes on
                    swept += await self.store.sweep_leftovers(before)
                    removed += await remove_orphans(self.store, known_keys, older_than)
        return Swept(files=removed, leftovers=swept)

    async def _adopt(self, path: Path, key: str) -> None:
        """Keep a whole file: in the store or, while that is away, here."""
        if not self._is_doubted and self.away is None:
            try:
                async with asyncio.timeout(STORE_PATIENCE):
                    await self.store.put(path, key)
            except STORE_FAULTS:
                self.doubt()
            else:
                return
        with temporary_faults():
            await self.spool.waiting.move(path, key)
        reach("file.spooled")
        await self._noted(key)

    async def _noted(self, key: str) -> None:
        """Let other machines know; if they cannot be told now, the carrier tells them."""
        if self.ledger is not None:
            with suppress(DatabaseAwayError, TimeoutError):
                async with asyncio.timeout(_NOTE_PATIENCE):
                    await self.ledger.note([key])

    async def _asked(self, key: str, answer: Awaitable[T]) -> T:
        """Wait for the store's answer about a key, as long as it is worth asking."""
        away = self.away
        if away is not None and not away.reads:
            if asyncio.iscoroutine(answer):
                answer.close()  # it will not be asked
            raise StorageUnavailable("The file store is away.")
        try:
            async with asyncio.timeout(READ_PATIENCE):
                return await answer
        except FileNotFoundError:
            if self.ledger is not None and await self.ledger.is_waiting(key):
                raise StorageUnavailable("The file waits on another machine.") from None
            raise FileMissing("No file is stored under this key.") from None
        except STORE_FAULTS as error:
            self.doubt()
            raise StorageUnavailable(f"The storage failed: {kind_of(error)}.") from error

    async def _confirm(self) -> None:
        with suppress(StorageUnavailable):  # then nothing is taken here either, and says so
            await self.look()


def _checked(key: str) -> str:
    if not KEY.fullmatch(key):
        raise FileMissing("Not a key of ours.")
    return key
