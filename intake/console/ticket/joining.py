"""Tickets that belong together, and people a ticket is about."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from core.reading.cases import Cases
from core.reading.search import number_of
from core.reading.ticket_on_case import TicketOnCase
from core.tickets.merging import Merging, SameTicketError
from intake.console.context import Console
from intake.console.fields import uuid_of
from intake.console.frame import say
from intake.console.signed_in import present_of
from intake.console.ticket.door import Attempt, attempt
from intake.language import marked as _
from intake.language import translate

NO_OTHER: Final = _("There is no report with this number among those you see.")
SAME: Final = _("This is the same report, or one that was merged into it.")
TOGETHER: Final = _(
    "We deal with this report together with report %(number)s, since both are about the same."
)
NOBODY: Final = _("Choose whom it is about.")
NOT_ONESELF: Final = _("Somebody else has to say that it is about you.")


@dataclass(frozen=True, slots=True)
class Joining:
    """Merges, links, and keeps a ticket from whom it is about."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.post("/tickets/{number}/merge", self.merge),
            web.post("/tickets/{number}/link", self.link),
            web.post("/tickets/{number}/subject", self.subject),
        )

    async def merge(self, request: web.Request) -> web.Response:
        """Close this one because the other is about the same."""

        async def do(tried: Attempt) -> dict[str, str]:
            other = await self._other(tried)
            if other is None:
                return {"other": say(request, NO_OTHER)}
            try:
                await Merging(self.console.runtime).merge(
                    tried.ticket.id,
                    other.id,
                    by=tried.by,
                    words=_told,
                    version=tried.version,
                )
            except SameTicketError:
                return {"other": say(request, SAME)}
            return {}

        return await attempt(request, self.console, "merge", do)

    async def link(self, request: web.Request) -> web.Response:
        """Let both show the other."""

        async def do(tried: Attempt) -> dict[str, str]:
            other = await self._other(tried)
            if other is None:
                return {"other": say(request, NO_OTHER)}
            try:
                await Merging(self.console.runtime).link(
                    tried.ticket.id,
                    other.id,
                    by=tried.by,
                    version=tried.version,
                )
            except SameTicketError:
                return {"other": say(request, SAME)}
            return {}

        return await attempt(request, self.console, "link", do)

    async def subject(self, request: web.Request) -> web.Response:
        """Keep it from the member of staff it is about, from now on."""

        async def do(tried: Attempt) -> dict[str, str]:
            about = uuid_of(tried.form.text("about"))
            if about is None:
                return {"about": say(request, NOBODY)}
            if about == tried.by:
                return {"about": say(request, NOT_ONESELF)}
            await self.console.casework.keep_from(
                tried.ticket.id, about, by=tried.by, version=tried.version
            )
            return {}

        return await attempt(request, self.console, "subject", do)

    async def _other(self, tried: Attempt) -> TicketOnCase | None:
        """Find the other ticket by its number, among those the reader sees."""
        number = number_of(tried.form.text("other"))
        if number is None:
            return None
        return await Cases(self.console.runtime).find(present_of(tried.request).reader, number)


def _told(language: str, number: str) -> str:
    """Say to whoever sent the merged report what becomes of it."""
    return translate(language, TOGETHER, number=number)
