"""Notices of a ticket: sent again, called off, or led to another address."""

from dataclasses import dataclass
from uuid import UUID

from aiohttp import web

from core.deliveries.new_address import NewAddress
from core.deliveries.resending import Resending
from core.ground import email_address
from core.hospital.contact import EMAIL
from core.reading.cases import Cases
from intake.console.context import Console
from intake.console.fields import NO_EMAIL, uuid_of
from intake.console.frame import say
from intake.console.ticket.door import Attempt, attempt


@dataclass(frozen=True, slots=True)
class NoticeVerbs:
    """What can be done about a notice that did not arrive."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.post("/tickets/{number}/resend", self.resend),
            web.post("/tickets/{number}/cancel", self.cancel),
            web.post("/tickets/{number}/address", self.address),
        )

    async def resend(self, request: web.Request) -> web.Response:
        """Send it again where it went before."""

        async def do(tried: Attempt) -> dict[str, str]:
            await Resending(self.console.runtime).resend(await self._notice(tried))
            return {}

        return await attempt(request, self.console, "resend", do)

    async def cancel(self, request: web.Request) -> web.Response:
        """Call it off, or stop showing one that will never arrive."""

        async def do(tried: Attempt) -> dict[str, str]:
            await Resending(self.console.runtime).cancel(await self._notice(tried))
            return {}

        return await attempt(request, self.console, "cancel", do)

    async def address(self, request: web.Request) -> web.Response:
        """Let news go to another address; what failed goes there at once."""

        async def do(tried: Attempt) -> dict[str, str]:
            address = email_address.read(tried.form.text("address"))
            channel = (await self.console.directory()).taking(EMAIL)
            if channel is None:
                raise web.HTTPNotFound
            if address is None:
                return {"address": say(request, NO_EMAIL)}
            await NewAddress(self.console.runtime).change(
                tried.ticket.id,
                channel,
                address,
                by=tried.by,
                version=tried.version,
            )
            return {}

        return await attempt(request, self.console, "address", do)

    async def _notice(self, tried: Attempt) -> UUID:
        """Return the notice that is meant; HTTPNotFound for one of another ticket."""
        notice, cases = uuid_of(tried.form.text("notice")), Cases(self.console.runtime)
        if notice is None or not await cases.has_notice(tried.ticket.id, notice):
            raise web.HTTPNotFound
        return notice
