"""The desk's list, and what the head of every page says of it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from aiohttp import web

from core.reading.review import ReviewDesk, SetAside
from core.review.overdue import is_overdue
from intake.console.context import Console
from intake.console.frame import console_page, language_here, say
from intake.console.labels import Word, channel_word
from intake.language import marked as _
from intake.set_aside import reason_words

DONE: Final = {
    "report": _("It becomes a report now, and its writer is told so where an answer can arrive."),
    "join": _("It is added to the report you named."),
    "no-report": _("Noted: it is no report. It is kept for a week, in case you change your mind."),
    "trust": _("The source is trusted from now on, and this message becomes a report."),
    "read-again": _("It is being read again."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMessage:
    """A message as the list shows it."""

    row: SetAside
    reason: str
    channel: Word
    age: timedelta
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class ReviewPages:
    """The list."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/review", self.show),
            web.get("/review/head", self.show_head),
        )

    async def show(self, request: web.Request) -> web.Response:
        """Show what waits, danger first, then what waits longest."""
        desk = ReviewDesk(self.console.runtime)
        waiting, found = await desk.waiting(), await desk.all()
        done = DONE.get(request.query.get("done", ""))
        return console_page(
            request,
            "console/review/list.html",
            lines=[await shown(request, self.console, row) for row in found],
            waiting=waiting,
            done=done and say(request, done),
        )

    async def show_head(self, request: web.Request) -> web.Response:
        """Answer with the head's word on the desk alone, for a page that stays open."""
        return console_page(request, "console/review/head.html")


async def shown(request: web.Request, console: Console, row: SetAside) -> ShownMessage:
    """Put a message into words."""
    now, language = console.now(), language_here(request)
    return ShownMessage(
        row=row,
        reason=reason_words(row.reason),
        channel=channel_word(await console.directory(), language, row.channel),
        age=max(now - row.received_at, timedelta()),
        is_overdue=is_overdue(row.received_at, now),
    )
