"""What every page of the web door works with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from aiohttp import web

from core.ground.database import DatabaseAwayError, passing_faults
from core.hospital.directory import Directory
from core.runtime import Runtime
from core.tickets.desk import Desk
from intake.channels.web.patience import Budget, Doorman
from intake.channels.web.seals import Seals
from intake.pages.caller import caller
from intake.uploads.handles import Handles
from intake.uploads.limits import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The desk behind the door, and the seals and limits at it."""

    runtime: Runtime
    desk: Desk
    limits: Limits
    handles: Handles
    receipts: Seals
    doorman: Doorman
    reports: Budget
    guesses: Budget

    @classmethod
    def of(cls, runtime: Runtime, desk: Desk) -> Self:
        """Put up the door of one process."""
        settings, secret = runtime.settings, runtime.secret
        return cls(
            runtime=runtime,
            desk=desk,
            limits=Limits(
                file_bytes=settings.file_limit,
                files=settings.files_limit,
                request_bytes=settings.request_limit,
            ),
            handles=Handles(secret=secret),
            receipts=Seals(secret, "receipt"),
            doorman=Doorman(stamps=Seals(secret, "stamp"), passes=Seals(secret, "pass")),
            reports=Budget(),
            guesses=Budget(burst=30, refill_per_second=0.2),
        )

    def now(self) -> datetime:
        """Ask the process's clock."""
        return self.runtime.clock()

    async def directory(self) -> Directory:
        """Give the newest directory, or the one at hand while the database is away.

        Raises DatabaseAwayError where there is none at hand yet.
        """
        try:
            with passing_faults():
                return await self.runtime.directory.fresh()
        except DatabaseAwayError:
            with passing_faults():
                return await self.runtime.directory.get()

    def caller(self, request: web.Request) -> str | None:
        """Give the address a request came from, through the proxies we trust and no others."""
        return caller(request, self.runtime.settings.trusted_proxies)
