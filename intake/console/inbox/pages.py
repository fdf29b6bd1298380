"""The inbox: one queue at a time, and the search that looks through all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from core.reading import inbox
from core.reading.colleagues import Colleagues
from core.reading.filters import Wanted
from intake.console.context import Console
from intake.console.frame import console_page, language_here, onwards, say
from intake.console.inbox.sidebar import desk_of, filter_choices, sidebar
from intake.console.signed_in import present_of
from intake.language import marked as _

GIVE: Final = "/console/inbox/assign"

DONE: Final = {
    "moved": _("It is with the other unit now, and no longer in your queues."),
    "saved": _("The view is saved under your queues."),
    "dropped": _("The view is gone."),
    "given": _("Given out."),
}


@dataclass(frozen=True, slots=True)
class Inbox:
    """The list and the search."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/inbox", self.show),
            web.post("/inbox/search", self.search),
        )

    async def show(self, request: web.Request) -> web.Response:
        """Show a queue."""
        done = DONE.get(request.query.get("done", ""))
        return await inbox_page(request, self.console, done=done and say(request, done))

    async def search(self, request: web.Request) -> web.Response:
        """Look for words. They are kept in a view, since no address may hold them.

        A ticket's number leads straight to it, where the reader may know that it exists.
        """
        form, reader = await self.console.form(request), present_of(request).reader
        wanted = Wanted.read({name: form.text(name) for name in form.fields})
        if not wanted.words:
            return onwards(f"/console/inbox?{urlencode(wanted.facts())}")
        led = await inbox.Inbox(self.console.runtime).search(reader, wanted)
        if led.number is not None:
            return onwards(f"/console/tickets/{led.number}")
        return onwards(f"/console/inbox?view={led.view_id}")


async def inbox_page(
    request: web.Request,
    console: Console,
    *,
    status: int = 200,
    done: str | None = None,
    problems: Sequence[str] = (),
) -> web.Response:
    """Answer with the queue that the address asks for."""
    desk = await desk_of(request, console)
    shown = await sidebar(request, console, desk)
    choices = filter_choices(desk, language_here(request))
    gives = present_of(request).may("POST", GIVE)
    people = await Colleagues(console.runtime).all(desk.directory) if gives else ()
    return console_page(
        request,
        "console/inbox/inbox.html",
        status=status,
        sidebar=shown,
        choices=choices,
        people=people,
        done=done,
        problems=problems,
    )
