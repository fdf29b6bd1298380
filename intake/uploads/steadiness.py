"""Whether a form comes at a pace that lets it end: who does not may have to make room for others.

Both places that it holds are told: the connection, and the upload under way if it brings files.
Nobody is put out for being slow, only for somebody else where a place is wanted and none is free.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Final, Protocol

from aiohttp import web

from intake.uploads.quota import IDLE_SECONDS, Upload

STEADY_BYTES: Final = 5 << 10
"""What the worst of mobile lines brings in IDLE_SECONDS, and more."""


class Place(Protocol):
    """A connection, as whoever let it in knows it."""

    def __call__(self, *, busy: bool) -> None:
        """Hear whether it may be put out from now on."""


PLACE: Final = web.RequestKey("place", Place)


@dataclass(slots=True)
class Steadiness:
    """Counts what comes of one body."""

    request: web.Request
    upload: Upload
    _came: int = 0
    _since: float = field(default_factory=lambda: asyncio.get_running_loop().time())

    def nothing_came(self) -> None:
        """Say so after IDLE_SECONDS."""
        self._judge(is_steady=False)

    def came(self, count: int) -> None:
        """Count bytes."""
        self._came += count
        if self._came >= STEADY_BYTES:
            self._judge(is_steady=True)
        elif asyncio.get_running_loop().time() - self._since >= IDLE_SECONDS:
            self._judge(is_steady=False)

    def ended(self) -> None:
        """Say that all of it is here: what is left to do is ours."""
        self._judge(is_steady=True)

    def _judge(self, *, is_steady: bool) -> None:
        self._came, self._since = 0, asyncio.get_running_loop().time()
        if is_steady:
            self.upload.moves()
        else:
            self.upload.stands()
        place = self.request.get(PLACE)
        if place is not None:
            place(busy=is_steady)
