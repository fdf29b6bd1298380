"""Lines that stay open to staff pages (WHATWG server-sent events): how many, how long, for whom."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web
from sqlalchemy import select

from core.database import DatabaseAwayError, transaction
from core.people import Admin
from core.sessions import SignInSession, roles_of
from intake.console.office import Office
from intake.console.present import present_of

LOOK_SECONDS: Final = 20.0
"""A ring may be lost, so the page is told this often how things stand."""
PAUSE_SECONDS: Final = 2.0
"""Many rings at once become one look."""
LONGEST_SECONDS: Final = 1800.0
MOST_LINES: Final = 400

News = tuple[str, object]
"""An event's name and what goes with it: counts, versions, colleagues' names."""


@dataclass(slots=True)
class Lines:
    """The open lines of one part of the console in this process."""

    office: Office
    look_seconds: float = LOOK_SECONDS
    pause_seconds: float = PAUSE_SECONDS
    _open: int = field(default=0, init=False)

    async def keep(
        self,
        request: web.Request,
        topic: str,
        look: Callable[[], Awaitable[list[News]]],
    ) -> web.StreamResponse:
        """Keep a line open and send what `look` finds, at once and whenever the topic rings.

        The line ends when the session does or the roles change; it does not renew the session.
        Whoever comes when all lines are taken is told to do without (204).
        """
        if self._open >= MOST_LINES:
            return web.Response(status=204)
        response = web.StreamResponse(headers={"X-Accel-Buffering": "no"})
        response.content_type = "text/event-stream"
        async with self._counted():
            await response.prepare(request)
            await response.write(b"retry: 5000\n\n")
            with self.office.runtime.bell.waiting(topic) as ring:
                while await self._is_signed_in(request):
                    ring.clear()
                    await response.write(await _written(look))
                    await asyncio.sleep(self.pause_seconds)
                    try:
                        await asyncio.wait_for(ring.wait(), self.look_seconds)
                    except TimeoutError:
                        continue
        return response

    @asynccontextmanager
    async def _counted(self) -> AsyncIterator[None]:
        self._open += 1
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                yield
        except (TimeoutError, ConnectionError):
            pass  # long enough, or the reader went away
        finally:
            self._open -= 1

    async def _is_signed_in(self, request: web.Request) -> bool:
        now, limits = self.office.now(), self.office.limits
        account = present_of(request).account
        query = (
            select(SignInSession.id)
            .join(Admin, Admin.id == SignInSession.admin_id)
            .where(
                SignInSession.id == account.session_id,
                SignInSession.ended_at.is_(None),
                SignInSession.seen_at > now - limits.idle,
                SignInSession.begun_at > now - limits.absolute,
                Admin.is_active,
            )
        )
        try:
            async with transaction(self.office.runtime.database) as session:
                roles = await roles_of(session, account.user_id)
                return roles == account.roles and await session.scalar(query) is not None
        except DatabaseAwayError:
            return True  # nothing is told without the database either


async def _written(look: Callable[[], Awaitable[list[News]]]) -> bytes:
    try:
        news = await look()
    except DatabaseAwayError:
        news = []
    written = "".join(f"event: {name}\ndata: {json.dumps(fact)}\n\n" for name, fact in news)
    return (written or ": still here\n\n").encode()
