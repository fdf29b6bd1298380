"""Lines that stay open to staff pages: they end when the session does or the roles change."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from core.ground.database import DatabaseAwayError
from core.ground.rate_limits import STAFF_STREAMS, STAFF_STREAMS_OF_ACCOUNT
from core.people.own_account import OwnAccount
from intake.console.context import Console
from intake.console.signed_in import present_of
from intake.pages.event_streams import EventStreams

PAUSE_SECONDS: Final = 2.0
LONGEST_SECONDS: Final = 1800.0

News = tuple[str, object]
"""An event's name and what goes with it: counts, versions, colleagues' names."""


@dataclass(slots=True)
class StaffStreams:
    """The open lines of one part of the console in this process."""

    console: Console
    _lines: EventStreams = field(init=False)

    def __post_init__(self) -> None:
        """Have lines of one's own."""
        runtime = self.console.runtime
        self._lines = EventStreams(
            bell=runtime.bell,
            refusals=runtime.refusals,
            most=STAFF_STREAMS,
            most_of_one=STAFF_STREAMS_OF_ACCOUNT,
            share_of=lambda request: str(present_of(request).account.admin_id),
            longest_seconds=LONGEST_SECONDS,
            pause_seconds=PAUSE_SECONDS,
        )

    async def keep(
        self, request: web.Request, topic: str, look: Callable[[], Awaitable[list[News]]]
    ) -> web.StreamResponse:
        """Keep a line open and send what `look` finds; it does not renew the session."""

        async def look_if_signed_in() -> bytes | None:
            return await _written(look) if await self._is_signed_in(request) else None

        return await self._lines.keep(request, topic, look_if_signed_in)

    async def _is_signed_in(self, request: web.Request) -> bool:
        own, account = OwnAccount(self.console.runtime), present_of(request).account
        try:
            return await own.is_unchanged(account, self.console.limits)
        except DatabaseAwayError:
            return True  # nothing is told without the database either


async def _written(look: Callable[[], Awaitable[list[News]]]) -> bytes:
    try:
        news = await look()
    except DatabaseAwayError:
        news = []
    return "".join(f"event: {name}\ndata: {json.dumps(fact)}\n\n" for name, fact in news).encode()
