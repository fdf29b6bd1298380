"""What staff say on a ticket: an answer, a question, that it is solved, or a note for staff."""

from dataclasses import dataclass, replace
from typing import Final

from aiohttp import web

from core.ground.text import is_readable
from core.tickets.casework import EmptyAnswerError
from intake.console.context import Console
from intake.console.frame import language_here, say
from intake.console.signed_in import present_of
from intake.console.ticket.case_page import MODES
from intake.console.ticket.door import Attempt, attempt
from intake.console.ticket.preview import preview_page
from intake.console.ticket.staged import with_kept
from intake.language import marked as _
from intake.uploads.receive import receive

NO_SOLUTION: Final = _("Say in words how it was solved; the person reads it. A file goes along.")


@dataclass(frozen=True, slots=True)
class Saying:
    """One box, four ways to use it; the box says which, and so does the button."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.post("/tickets/{number}/say", self.say),
            web.post("/tickets/{number}/preview", self.preview),
        )

    async def say(self, request: web.Request) -> web.Response:
        """Say it."""
        storage, account = self.console.runtime.storage, present_of(request).account
        share = str(account.admin_id)
        received = await receive(request, storage, self.console.uploads, share=share)
        form = with_kept(request, self.console, received)
        mode = form.text("mode")

        async def do(tried: Attempt) -> dict[str, str]:
            language = language_here(request)
            if form.problems:
                return {"files": " ".join(problem.say(language) for problem in form.problems)}
            if mode == "resolve" and not is_readable(form.text("words")):
                return {"words": say(request, NO_SOLUTION)}
            await self._said(tried, mode)
            return {}

        return await attempt(request, self.console, mode if mode in MODES else "reply", do, form)

    async def preview(self, request: web.Request) -> web.Response:
        """Show an answer exactly as it will arrive. Nothing is kept of it."""
        return await preview_page(request, self.console, await self.console.form(request))

    async def _said(self, tried: Attempt, mode: str) -> None:
        ticket, by, version = tried.ticket.id, tried.by, tried.version
        words, files = tried.form.text("words"), tuple(file.stored for file in tried.form.files)
        casework = self.console.casework
        if not is_readable(words) and not files:
            raise EmptyAnswerError
        match mode:
            case "note":
                marked = replace(casework, mark=tried.mark)
                await marked.note(ticket, words, by=by, files=files, version=version)
            case "ask":
                await casework.ask(ticket, words, by=by, files=files, version=version)
            case "resolve":
                await casework.resolve(ticket, words, by=by, files=files, version=version)
            case _:
                await casework.reply(ticket, words, by=by, files=files, version=version)
