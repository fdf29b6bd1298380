"""What every page of the console works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from aiohttp import web

from core.hospital.directory import Directory
from core.people.sessions import SessionLimits
from core.people.sign_in import SignIn, Visit
from core.runtime import Runtime
from core.tickets.casework import Casework
from intake.channel import Previewer
from intake.console.browsers import described
from intake.pages import house_of
from intake.pages.caller import caller
from intake.pages.headers import read_cookie
from intake.uploads.limits import Limits
from intake.uploads.receive import Received, receive

SESSION_COOKIE: Final = "staff"
BROWSER_COOKIE: Final = "browser"


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """The doors of the core that staff pages use, and the limits of sessions and forms."""

    runtime: Runtime
    casework: Casework
    sign_in: SignIn
    limits: SessionLimits
    """How long a session lasts."""
    uploads: Limits
    """What a form may bring."""
    previewer: Callable[[str], Previewer | None]
    """Finds the channel that shows what it set aside, by name."""

    @classmethod
    def of(cls, runtime: Runtime, previewer: Callable[[str], Previewer | None]) -> Self:
        """Set up the console of one process."""
        settings = runtime.settings
        return cls(
            runtime=runtime,
            casework=Casework(runtime),
            sign_in=SignIn(runtime),
            limits=SessionLimits(
                idle=timedelta(minutes=settings.session_idle_minutes),
                absolute=timedelta(hours=settings.session_hours),
            ),
            uploads=Limits.of(settings),
            previewer=previewer,
        )

    def now(self) -> datetime:
        """Ask the process's clock."""
        return self.runtime.clock()

    async def directory(self) -> Directory:
        """Return the newest directory. Raises DatabaseAwayError."""
        return await self.runtime.directory.fresh()

    async def form(self, request: web.Request) -> Received:
        """Read a form's text fields, clean; files in it are not kept. Raises Refused."""
        return await receive(request, self.runtime.storage, self.uploads.without_files())

    def visit(self, request: web.Request) -> Visit:
        """Say where a request comes from."""
        return Visit(
            address=caller(request, self.runtime.settings.trusted_proxies),
            browser=described(request.headers.get("User-Agent", "")),
            known=read_cookie(request, house_of(request), BROWSER_COOKIE),
        )
