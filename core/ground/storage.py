"""Files by their content: stored once, durable before anyone is told, read in ranges.

A file's key is made of the SHA-256 of its bytes, so storing is idempotent and a key says nothing
about whose file it is: what a person may read is decided by the row that names the key.
"""

import asyncio
import errno
import hashlib
import os
import re
import threading
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import mkstemp
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from core.ground.durable import lay_out, rename_durably, unlink, unlink_if_old

MEBIBYTE = 1 << 20
RESERVE_BYTES = 512 * MEBIBYTE
_BATCH_BYTES = MEBIBYTE
_PART_BYTES = 8 * MEBIBYTE  # of a multipart upload; S3 wants at least 5 MiB
_PARTS_AT_ONCE = 3  # bounds the memory of one upload to about 24 MiB
_SWEEP_BATCH = 1000
_KEY = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{62}")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_REMOTE_OPTIONS = {"connect_timeout": timedelta(seconds=5), "timeout": timedelta(seconds=60)}
_RETRIES = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}


class StorageUnavailable(Exception):  # noqa: N818 - a state of the world, temporary by promise
    """The storage cannot be used right now; the same request may succeed later."""


class StorageFull(StorageUnavailable):
    """The disk, or the part of it that we may use, is full."""


class FileMissing(Exception):  # noqa: N818 - reads as what it is
    """No file is stored under this key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A file that is durable now. `size` in bytes, `sha256` in hexadecimal."""

    key: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep removed: stored files nobody names, and leftovers of broken uploads."""

    files: int
    leftovers: int


class FileDraft:
    """A file being received. It has no key before `keep`; leaving the context removes it.

    `path` holds the written bytes, readable after `finish` until the context ends.
    """

    def __init__(self, storage: "Storage", path: Path, descriptor: int) -> None:
        self.path = path
        self.size = 0
        self._storage = storage
        self._temporary = path
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
        """Store the file under its key and return once it is durable."""
        await self.finish()
        sha256 = self._digest.hexdigest()
        stored = Stored(key=f"{sha256[:2]}/{sha256}", sha256=sha256, size=self.size)
        self.path = await self._storage._adopt(self._temporary, stored.key)  # noqa: SLF001 - a pair
        return stored

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
        with self._lock, _temporary_faults():
            batch, self._buffer = self._buffer, bytearray()
            self._storage._demand_room(len(batch))  # noqa: SLF001 - a pair
            self._digest.update(batch)
            view = memoryview(batch)
            while view:
                view = view[self._file.write(view) :]

    def _seal(self) -> None:
        if self._file.closed:
            return
        self._flush()
        with self._lock, _temporary_faults():
            os.fsync(self._file.fileno())
            self._file.close()

    def _discard(self) -> None:
        with self._lock, suppress(OSError):
            self._file.close()
            self._temporary.unlink(missing_ok=True)


class Storage:
    """A folder or an S3-compatible bucket that keeps files by their content."""

    def __init__(self, store: ObjectStore, *, spool: Path, root: Path | None, reserve: int) -> None:
        self._store = store
        self._spool = spool
        self._root = root
        self._reserve = reserve
        with _temporary_faults():
            spool.mkdir(parents=True, exist_ok=True, mode=0o700)

    @classmethod
    def open(
        cls, url: str | Path, *, spool: Path | None = None, reserve: int = RESERVE_BYTES
    ) -> Self:
        """Open `file:///folder`, a plain folder, or `s3://bucket/prefix?endpoint=…&region=…`.

        What the URL leaves out, the credentials above all, comes from the usual `AWS_…` variables.
        `spool` is the local folder where files for S3 grow before they have a key. `reserve`
        bytes of the disk stay free for the database and logs.
        """
        address = urlsplit(str(url))
        if address.scheme in ("", "file"):
            root = (
                Path(unquote(address.path)).absolute() if address.scheme else Path(url).absolute()
            )
            with _temporary_faults():
                lay_out(root)
            incoming = root / ".incoming"  # the same filesystem, so that a rename is atomic
            return cls(LocalStore(root), spool=incoming, root=root, reserve=reserve)
        if spool is None:
            raise ValueError("Remote storage needs a local spool folder.")
        store = _bucket(address._replace(query="").geturl(), dict(parse_qsl(address.query)))
        return cls(store, spool=spool, root=None, reserve=reserve)

    def draft(self) -> FileDraft:
        """Begin a file. Raises StorageFull or StorageUnavailable when there is no place for it."""
        with _temporary_faults():
            self._demand_room(0)
            descriptor, name = mkstemp(dir=self._spool, prefix="up-")
        return FileDraft(self, Path(name), descriptor)

    async def put_stream(self, chunks: AsyncIterable[bytes]) -> Stored:
        """Store a stream; return when it is durable. If the stream raises, nothing is stored."""
        async with self.draft() as draft:
            async for chunk in chunks:
                await draft.write(chunk)
            return await draft.keep()

    async def read(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Yield the bytes from `start` to before `end`, never more than about 1 MiB at once."""
        options: obstore.GetOptions = {"range": {"offset": start}}
        if end is not None:
            options = {"range": (start, end)}
        elif start == 0:
            options = {}
        with _temporary_faults(missing=key):
            found = await obstore.get_async(self._store, _checked(key), options=options)
            async for chunk in found.stream(min_chunk_size=256 * 1024):
                yield bytes(chunk)

    async def size(self, key: str) -> int:
        """Return the size in bytes. Raises FileMissing."""
        with _temporary_faults(missing=key):
            return (await obstore.head_async(self._store, _checked(key)))["size"]

    async def exists(self, key: str) -> bool:
        """Say whether the key is stored."""
        try:
            await self.size(key)
        except FileMissing:
            return False
        return True

    async def delete(self, key: str) -> None:
        """Remove a file for good; a missing one is as good. Ask first whether a row names it."""
        with _temporary_faults(), suppress(FileNotFoundError):
            await obstore.delete_async(self._store, _checked(key))

    async def sweep_orphans(
        self,
        known_keys: Callable[[Collection[str]], Awaitable[Collection[str]]],
        older_than: datetime,
    ) -> Swept:
        """Remove files stored before `older_than` that no row names, and leftovers of that age.

        `known_keys` gets up to 1000 keys and returns those that rows name. Choose `older_than`
        further back than any upload waits for its row (staged files live 24 h).
        """
        leftovers = await asyncio.to_thread(self._sweep_spool, older_than)
        removed = 0
        with _temporary_faults():
            async for batch in obstore.list(self._store, chunk_size=_SWEEP_BATCH):
                old = [
                    entry["path"]
                    for entry in batch
                    if _KEY.fullmatch(entry["path"]) and entry["last_modified"] < older_than
                ]
                known = await known_keys(old) if old else ()
                for key in set(old).difference(known):
                    removed += await self._remove_if_old(key, older_than)
        return Swept(files=removed, leftovers=leftovers)

    def _demand_room(self, wanted: int) -> None:
        disk = os.statvfs(self._spool)
        if disk.f_bavail * disk.f_frsize - wanted < self._reserve:
            raise StorageFull("The disk reserve is reached.")

    async def _adopt(self, path: Path, key: str) -> Path:
        if self._root is not None:
            with _temporary_faults():
                return await asyncio.to_thread(rename_durably, path, self._root, key)
        with _temporary_faults():
            await obstore.put_async(
                self._store, key, path, chunk_size=_PART_BYTES, max_concurrency=_PARTS_AT_ONCE
            )
        return path

    async def _remove_if_old(self, key: str, older_than: datetime) -> bool:
        if self._root is not None:
            return await asyncio.to_thread(unlink_if_old, self._root, key, older_than)
        with suppress(FileNotFoundError):
            meta = await obstore.head_async(self._store, key)
            if meta["last_modified"] < older_than:
                await obstore.delete_async(self._store, key)
                return True
        return False

    def _sweep_spool(self, older_than: datetime) -> int:
        with _temporary_faults():
            return sum(unlink(path, older_than) for path in self._spool.glob("up-*"))


def _bucket(url: str, config: dict[str, str]) -> ObjectStore:
    plain = config.get("endpoint", os.environ.get("AWS_ENDPOINT_URL", "")).startswith("http://")
    options = {**_REMOTE_OPTIONS, "allow_http": plain}  # who writes http:// means it
    return from_url(url, config=config, client_options=options, retry_config=_RETRIES)  # type: ignore[call-overload, no-any-return]  # one call serves every scheme


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise FileMissing("Not a key of ours.")
    return key


@contextmanager
def _temporary_faults(missing: str | None = None) -> Iterator[None]:
    """Turn faults of disk and network into StorageUnavailable, without paths in their words."""
    try:
        yield
    except OSError as error:
        if missing is not None and isinstance(error, FileNotFoundError):
            raise FileMissing("No file is stored under this key.") from error
        if error.errno in _FULL:
            raise StorageFull("The disk is full.") from error
        code = errno.errorcode.get(error.errno or 0, type(error).__name__)
        raise StorageUnavailable(f"The storage failed: {code}.") from error
    except BaseError as error:
        raise StorageUnavailable(f"The storage failed: {type(error).__name__}.") from error
