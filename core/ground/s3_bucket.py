"""An S3-compatible bucket as a place for files under their keys.

Raises what `obstore` raises, FileNotFoundError for no such file; how long to wait is the
caller's to say.
"""

import os
from collections.abc import AsyncGenerator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import obstore
from obstore.store import ObjectStore, from_url

_PART_BYTES = 8 << 20  # of a multipart upload; S3 wants at least 5 MiB
_PARTS_AT_ONCE = 3  # bounds the memory of one upload to about 24 MiB
_LIST_BATCH = 1000
_LOOK = "look"
"""The key of the object by which we see whether the bucket takes files; never one of a file."""
_CLIENT = {"connect_timeout": timedelta(seconds=5), "timeout": timedelta(seconds=60)}
_RETRIES = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}
_ONCE = {"max_retries": 0, "retry_timeout": timedelta(seconds=20)}


class S3Bucket:
    """Files under their keys, below one prefix of a bucket."""

    def __init__(self, url: str) -> None:
        """Take `s3://bucket/prefix?endpoint=…&region=…`; what it leaves out comes from `AWS_…`."""
        self._store = _opened(url, _RETRIES)
        self._at_once = _opened(url, _ONCE)

    async def put(self, path: Path, key: str) -> None:
        """Keep a file under its key as well; it is durable on return."""
        await obstore.put_async(
            self._store, key, path, chunk_size=_PART_BYTES, max_concurrency=_PARTS_AT_ONCE
        )

    async def read(self, key: str, start: int, end: int | None) -> AsyncGenerator[bytes]:
        """Yield the bytes from `start` to before `end`, never more than about 1 MiB at once."""
        options: obstore.GetOptions = {"range": {"offset": start}}
        if end is not None:
            options = {"range": (start, end)}
        elif start == 0:
            options = {}
        found = await obstore.get_async(self._store, key, options=options)
        async for chunk in found.stream(min_chunk_size=256 * 1024):
            yield bytes(chunk)

    async def size(self, key: str) -> int:
        """Return the size in bytes."""
        return (await obstore.head_async(self._store, key))["size"]

    async def aged(self, older_than: datetime) -> AsyncGenerator[list[str]]:
        """Yield the keys of what was last stored before that moment, up to 1000 at once."""
        async for batch in obstore.list(self._store, chunk_size=_LIST_BATCH):
            yield [entry["path"] for entry in batch if entry["last_modified"] < older_than]

    async def remove_if_old(self, key: str, older_than: datetime) -> bool:
        """Remove a file unless it was stored again since; say whether it was removed."""
        with suppress(FileNotFoundError):
            meta = await obstore.head_async(self._store, key)
            if meta["last_modified"] < older_than:
                await obstore.delete_async(self._store, key)
                return True
        return False

    async def sweep_leftovers(self, older_than: datetime) -> int:
        """Remove nothing: parts of broken uploads end by the bucket's own rule."""
        del older_than
        return 0

    async def close(self) -> None:
        """Nothing of ours waits: every request has its time limit."""

    async def look(self, *, writing: bool) -> None:
        """Find out whether the bucket answers and, if asked for, takes an object of a few bytes."""
        if writing:
            await obstore.put_async(self._at_once, _LOOK, b"kiss\n")
            return
        with suppress(FileNotFoundError):  # it answers
            await obstore.head_async(self._at_once, _LOOK)


def _opened(url: str, retries: dict[str, object]) -> ObjectStore:
    address = urlsplit(url)
    config = dict(parse_qsl(address.query))
    plain = config.get("endpoint", os.environ.get("AWS_ENDPOINT_URL", "")).startswith("http://")
    options = {**_CLIENT, "allow_http": plain}  # who writes http:// means it
    bare = address._replace(query="").geturl()
    return from_url(bare, config=config, client_options=options, retry_config=retries)  # type: ignore[call-overload, no-any-return]  # one call serves every scheme
