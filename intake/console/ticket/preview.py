"""An answer exactly as it will arrive: the mail, or the bubbles in the chat."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from core.hospital.contact import EMAIL
from core.hospital.directory import Directory
from core.reading.case import CaseView
from core.reading.cases import Cases
from core.reading.notice import foretell
from intake.chat import news
from intake.console.context import Console
from intake.console.frame import console_page, language_here
from intake.console.signed_in import present_of
from intake.console.ticket.destination import destination_of
from intake.dialogue import wording
from intake.notices import written
from intake.pages import SECURITY_HEADERS
from intake.uploads.receive import Received

TEMPLATES: Final = {"reply": "replied", "ask": "asked", "resolve": "resolved"}
"""What each way of saying something arrives as; a note arrives nowhere."""
_POLICY: Final = (
    SECURITY_HEADERS["Content-Security-Policy"]
    .replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
    .replace("frame-ancestors 'none'", "frame-ancestors 'self'; frame-src 'self'")
)
"""A mail is styled inside, as mail has to be; its frame is sandboxed, so that nothing runs."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message of a chat, and the buttons under it."""

    text: str
    buttons: tuple[str, ...]


async def preview_page(request: web.Request, console: Console, form: Received) -> web.Response:
    """Answer with the preview; a note, which nobody gets, says so. Raises HTTPNotFound.

    A form sent for a preview brings the names of its files and not the files (HTML, §4.10.22.6).
    """
    words, files = form.text("words"), len(list(filter(None, form.texts("files"))))
    reader, directory = present_of(request).reader, await console.directory()
    case = await Cases(console.runtime).view(reader, directory, request.match_info["number"])
    if case is None:
        raise web.HTTPNotFound
    template, mail, bubbles = TEMPLATES.get(form.text("mode")), None, None
    if template is not None:
        bubbles = await _bubbles(console, directory, case, template, words)
    if template is not None and bubbles is None:
        told = await foretell(console.runtime, case.ticket.id, words, files=files)
        mail = written(template, case.ticket.language, told)
    response = console_page(
        request,
        "console/ticket/preview.html",
        mail=mail,
        bubbles=bubbles,
        destination=destination_of(case, directory, language_here(request)),
    )
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


async def _bubbles(
    console: Console, directory: Directory, case: CaseView, template: str, words: str
) -> tuple[Bubble, ...] | None:
    """Return what the person's chat will show; None where news does not go to a chat."""
    address = case.address
    if address is None or address.channel == directory.taking(EMAIL):
        return None
    told = await news.foretell(
        console.runtime,
        case.ticket.id,
        template,
        words,
        channel=address.channel,
        address=address.address,
    )
    if told is None:
        return None
    says, language = told
    return tuple(
        Bubble(
            text=wording.text(say, language),
            buttons=tuple(wording.label(choice, language) for choice in say.choices),
        )
        for say in says
    )
