"""What a place for files can do, and who writes down which files wait on which machine."""

import re
from collections.abc import AsyncGenerator, Collection
from datetime import datetime
from pathlib import Path
from typing import Protocol

KEY = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{62}")
"""What a file's key looks like: a shelf, and the SHA-256 of its bytes."""


class FilePlace(Protocol):
    """Where files lie under their keys. Raises STORE_FAULTS; FileNotFoundError: no such file."""

    async def put(self, path: Path, key: str) -> None:
        """Keep a synced file under its key as well; it is durable on return."""

    def read(self, key: str, start: int, end: int | None) -> AsyncGenerator[bytes]:
        """Yield the bytes from `start` to before `end`, never more than about 1 MiB at once."""

    async def size(self, key: str) -> int:
        """Return the size in bytes."""

    def aged(self, older_than: datetime) -> AsyncGenerator[list[str]]:
        """Yield the keys of what was last stored before that moment."""

    async def remove_if_old(self, key: str, older_than: datetime) -> bool:
        """Remove a file unless it was stored again since; say whether it was removed."""

    async def sweep_leftovers(self, older_than: datetime) -> int:
        """Remove what broken uploads left before that moment; return how many."""

    async def look(self, *, writing: bool) -> None:
        """Find out whether the place answers and, if asked for, takes a few bytes."""

    async def close(self) -> None:
        """End what still waits for it."""


class Ledger(Protocol):
    """Who tells other machines which files wait on which. Raises DatabaseAwayError."""

    async def note(self, keys: Collection[str]) -> None:
        """Write down that these files wait on this machine."""

    async def settle(self, keys: Collection[str]) -> None:
        """Write down that these files, and no others, wait on this machine."""

    async def followed(self, key: str) -> None:
        """Write down that a file waits nowhere any more."""

    async def is_waiting(self, key: str) -> bool:
        """Say whether a file waits on any machine."""
