"""Where a page of a list ends: the moment and the id of its last row. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Self
from uuid import UUID

_WRITTEN: Final = re.compile(r"(\d{1,17})-([0-9a-f]{32})", re.ASCII)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list sorted by a moment and, where that is equal, by id."""

    at: datetime
    id: UUID

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read what `str` wrote; None for anything else."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            return None
        try:
            at = _EPOCH + int(found[1]) * _MICROSECOND
        except OverflowError:
            return None
        return cls(at, UUID(found[2]))

    def __str__(self) -> str:
        """Write it for an address."""
        return f"{(self.at - _EPOCH) // _MICROSECOND}-{self.id.hex}"
