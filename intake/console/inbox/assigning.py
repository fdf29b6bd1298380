"""Several tickets given to one colleague at once."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from aiohttp import web

from core.reading.colleagues import Colleagues
from core.reading.inbox import Inbox
from core.reading.queues import PAGE
from core.tickets.casework import ChangedMeanwhileError, VanishedError
from core.tickets.lifecycle import IllegalMoveError
from intake.console.context import Console
from intake.console.fields import uuid_of, whole
from intake.console.frame import onwards, say
from intake.console.inbox.location import InboxLocation, view_asked
from intake.console.inbox.pages import inbox_page
from intake.console.signed_in import present_of
from intake.language import marked as _

NOBODY_PICKED: Final = _("Tick the reports you want to give out.")
NO_COLLEAGUE: Final = _("Choose who gets them.")
NOT_THEIRS: Final = _("%(number)s: this colleague does not see its unit.")
CHANGED: Final = _("%(number)s: somebody changed it meanwhile. Look at it first.")
OVER: Final = _("%(number)s: it is solved or closed already.")


@dataclass(frozen=True, slots=True)
class Giving:
    """Gives out what was ticked in a list."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (web.post("/inbox/assign", self.give),)

    async def give(self, request: web.Request) -> web.Response:
        """Give each; what cannot be given is named, and nothing of it is forced."""
        form = await self.console.form(request)
        picked, to = form.texts("pick")[:PAGE], uuid_of(form.text("to"))
        if not picked or to is None:
            message = NO_COLLEAGUE if picked else NOBODY_PICKED
            return await self._again(request, [say(request, message)], 422)
        problems = [
            say(request, problem, number=number)
            for number, problem in [await self._give_one(request, each, to) for each in picked]
            if problem is not None
        ]
        if problems:
            return await self._again(request, problems, 409)
        me, view_id = present_of(request).reader.user_id, view_asked(request)
        view = await Inbox(self.console.runtime).view(me, view_id) if view_id else None
        place = InboxLocation.of(request, view)
        joint = "&" if place.query else "?"
        return onwards(f"{place.path}{joint}done=given")

    async def _give_one(
        self, request: web.Request, picked: str, to: UUID
    ) -> tuple[str, str | None]:
        """Give one ticket, written `number~version`; say which it was, and what was wrong."""
        number, _sign, version = picked.partition("~")
        reader, directory = present_of(request).reader, await self.console.directory()
        takers = await Colleagues(self.console.runtime).takers(reader, directory, number)
        if takers is None:
            raise web.HTTPNotFound
        if to not in takers.ids:
            return number, NOT_THEIRS
        try:
            await self.console.casework.assign(
                takers.ticket_id, to, by=reader.user_id, version=whole(version) or 0
            )
        except ChangedMeanwhileError:
            return number, CHANGED
        except IllegalMoveError:
            return number, OVER
        except VanishedError:
            return number, NOT_THEIRS
        return number, None

    async def _again(self, request: web.Request, problems: list[str], status: int) -> web.Response:
        return await inbox_page(request, self.console, status=status, problems=problems)
