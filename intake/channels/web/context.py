"""What every page of the web channel works with, and how it leads on after a form."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self
from uuid import UUID

from aiohttp import web

from core.ground.database import DatabaseAwayError
from core.ground.errors import NotFoundError
from core.ground.network_buckets import NetworkBuckets
from core.ground.rate_limits import TRACKING_GUESSES, WEB_REPORTS
from core.hospital.directory import Directory
from core.runtime import Runtime
from core.tickets.desk import Desk
from intake.channels.web.robot_check import RobotCheck
from intake.pages.caller import caller
from intake.uploads.handles import Handles
from intake.uploads.limits import Limits

SCRIPT: Final = "X-Kiss-Script"
NEXT: Final = "X-Kiss-Next"


class TooManyGuessesError(NotFoundError):
    """Nothing opens with this code, and many others were tried from the same network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebContext:
    """The desk that takes reports, and the limits of one process."""

    runtime: Runtime
    desk: Desk
    limits: Limits
    handles: Handles
    robot_check: RobotCheck
    reports: NetworkBuckets
    guesses: NetworkBuckets

    @classmethod
    def of(cls, runtime: Runtime, desk: Desk) -> Self:
        """Make it from the runtime and its settings."""
        settings, secret = runtime.settings, runtime.secret
        return cls(
            runtime=runtime,
            desk=desk,
            limits=Limits.of(settings),
            handles=Handles(secret=secret),
            robot_check=RobotCheck(secret),
            reports=NetworkBuckets(WEB_REPORTS),
            guesses=NetworkBuckets(TRACKING_GUESSES),
        )

    def now(self) -> datetime:
        """Ask the process's clock."""
        return self.runtime.clock()

    async def directory(self) -> Directory:
        """Give the newest directory, or the one at hand while the database is away.

        Raises DatabaseAwayError where there is none at hand yet.
        """
        try:
            return await self.runtime.directory.fresh()
        except DatabaseAwayError:
            return await self.runtime.directory.get()

    async def find(self, request: web.Request, code: str | None) -> UUID:
        """Return the ticket that a code opens. A right one always opens; only wrong ones wait.

        Whoever stands behind the same address as somebody who guesses is not made to wait for it:
        a code of 80 bits is not guessed. Raises NotFoundError, TooManyGuessesError.
        """
        try:
            return await self.desk.find(code or "")
        except NotFoundError:
            if code and not self.guesses.spend(self.caller(request), self.now().timestamp()):
                self.runtime.refusals.note(TRACKING_GUESSES)
                raise TooManyGuessesError from None
            raise

    def is_crowded(self, request: web.Request) -> bool:
        """Count a report; say whether too many come from where it came from."""
        if self.reports.spend(self.caller(request), self.now().timestamp()):
            return False
        self.runtime.refusals.note(WEB_REPORTS)
        return True

    def caller(self, request: web.Request) -> str | None:
        """Give the address a request came from, through the proxies we trust and no others."""
        return caller(request, self.runtime.settings.trusted_proxies)


def redirect_after_post(request: web.Request, path: str) -> web.Response:
    """Send the reader on after a POST, so that reloading sends nothing twice.

    A script of ours that sent the form is told the path instead (RFC 9110 §15.4.4 would have it
    fetch the page and throw it away).
    """
    if request.headers.get(SCRIPT):
        return web.Response(headers={NEXT: path})
    return web.Response(status=303, headers={"Location": path})
