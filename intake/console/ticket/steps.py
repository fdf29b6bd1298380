"""Steps along a ticket's life: given, moved, graded, begun, raised, closed, opened again."""

from dataclasses import dataclass, replace
from typing import Final

from aiohttp import web

from core.ground.text import is_readable
from core.reading.colleagues import Colleagues
from core.tickets.grading import Grading, NoSuchGradeError
from intake.console.context import Console
from intake.console.fields import uuid_of
from intake.console.frame import say
from intake.console.signed_in import present_of
from intake.console.ticket.door import Attempt, attempt
from intake.language import marked as _

NO_COLLEAGUE: Final = _("Choose somebody who sees this unit.")
NO_UNIT: Final = _("Choose the unit it belongs to.")
NO_REASON: Final = _("Say in a few words why; the other unit reads it first.")
NO_GRADE: Final = _("Choose red, yellow or green.")
WHY_CLOSED: Final = _("Say why it is closed without being solved; the person reads it.")


@dataclass(frozen=True, slots=True)
class Steps:
    """One route a step; each is refused where the lifecycle has no such move."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.post("/tickets/{number}/assign", self.assign),
            web.post("/tickets/{number}/move", self.move),
            web.post("/tickets/{number}/grade", self.grade),
            web.post("/tickets/{number}/start", self.start),
            web.post("/tickets/{number}/escalate", self.escalate),
            web.post("/tickets/{number}/close", self.close),
            web.post("/tickets/{number}/reopen", self.reopen),
        )

    async def assign(self, request: web.Request) -> web.Response:
        """Give it to a colleague who sees its unit."""

        async def do(tried: Attempt) -> dict[str, str]:
            to, ticket = uuid_of(tried.form.text("to")), tried.ticket
            reader, directory = present_of(request).reader, await self.console.directory()
            people = Colleagues(self.console.runtime)
            takers = await people.takers(reader, directory, ticket.ticket_number)
            if to is None or takers is None or to not in takers.ids:
                return {"to": say(request, NO_COLLEAGUE)}
            await self.console.casework.assign(ticket.id, to, by=tried.by, version=tried.version)
            return {}

        return await attempt(request, self.console, "assign", do)

    async def move(self, request: web.Request) -> web.Response:
        """Hand it to another unit, with a reason."""

        async def do(tried: Attempt) -> dict[str, str]:
            unit = (await self.console.directory()).unit(uuid_of(tried.form.text("unit")))
            reason = tried.form.text("reason").strip()
            if unit is None or unit.id == tried.ticket.unit_id:
                return {"unit": say(request, NO_UNIT)}
            if not is_readable(reason):
                return {"reason": say(request, NO_REASON)}
            await self.console.casework.move(
                tried.ticket.id, unit.id, by=tried.by, reason=reason[:500], version=tried.version
            )
            return {}

        return await attempt(request, self.console, "move", do)

    async def grade(self, request: web.Request) -> web.Response:
        """Set the risk."""

        async def do(tried: Attempt) -> dict[str, str]:
            wanted = tried.form.text("grade")
            try:
                await Grading(self.console.runtime).grade(
                    tried.ticket.id,
                    wanted,
                    by=tried.by,
                    version=tried.version,
                )
            except NoSuchGradeError:
                return {"grade": say(request, NO_GRADE)}
            return {}

        return await attempt(request, self.console, "grade", do)

    async def start(self, request: web.Request) -> web.Response:
        """Begin to work on it."""

        async def do(tried: Attempt) -> dict[str, str]:
            await self.console.casework.start(tried.ticket.id, by=tried.by, version=tried.version)
            return {}

        return await attempt(request, self.console, "start", do)

    async def escalate(self, request: web.Request) -> web.Response:
        """Raise it to those above."""

        async def do(tried: Attempt) -> dict[str, str]:
            reason, casework = tried.form.text("reason"), self.console.casework
            await replace(casework, mark=tried.mark).escalate(
                tried.ticket.id, by=tried.by, reason=reason, version=tried.version
            )
            return {}

        return await attempt(request, self.console, "escalate", do)

    async def close(self, request: web.Request) -> web.Response:
        """End it; without words only where it was solved before."""

        async def do(tried: Attempt) -> dict[str, str]:
            words = tried.form.text("reason")
            if not is_readable(words) and tried.ticket.status not in {"resolved", "closed"}:
                return {"close": say(request, WHY_CLOSED)}
            await self.console.casework.close(
                tried.ticket.id, words, by=tried.by, version=tried.version
            )
            return {}

        return await attempt(request, self.console, "close", do)

    async def reopen(self, request: web.Request) -> web.Response:
        """Take it up again."""

        async def do(tried: Attempt) -> dict[str, str]:
            reason = tried.form.text("reason")
            await self.console.casework.reopen(
                tried.ticket.id, by=tried.by, reason=reason, version=tried.version
            )
            return {}

        return await attempt(request, self.console, "reopen", do)
