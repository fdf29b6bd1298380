"""Files that no row names, removed once they are old."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from core.ground.file_place import KEY, FilePlace

_BATCH = 1000

KnownKeys = Callable[[Collection[str]], Awaitable[Collection[str]]]
"""Gets up to 1000 keys and returns those that rows name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep removed: stored files nobody names, and leftovers of broken uploads."""

    files: int
    leftovers: int


async def remove_orphans(place: FilePlace, known_keys: KnownKeys, older_than: datetime) -> int:
    """Remove what was stored there before that moment and no row names; return how many."""
    removed = 0
    async for aged in place.aged(older_than):
        keys = [key for key in aged if KEY.fullmatch(key)]
        for start in range(0, len(keys), _BATCH):
            batch = keys[start : start + _BATCH]
            for key in set(batch).difference(await known_keys(batch)):
                removed += await place.remove_if_old(key, older_than)
    return removed
