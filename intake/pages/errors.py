"""What a page says when something does not work: what happened, and what the person can do."""

from typing import Final, NamedTuple

from aiohttp import web

from intake.language import translate
from intake.pages.page import language_for, page


class Sentence(NamedTuple):
    """A headline and the sentence under it, both message ids."""

    title: str
    advice: str


def _(message: str) -> str:
    """Mark a message for the catalogue."""
    return message


_SENTENCES: Final = {
    400: Sentence(
        _("We could not read that request"),
        _("Please go back and try once more."),
    ),
    403: Sentence(
        _("That request came from another page"),
        _("Please open the form on our own page and send it from there."),
    ),
    404: Sentence(
        _("This page does not exist"),
        _("The address may be old or mistyped. You can still send a report, or look one up."),
    ),
    405: Sentence(
        _("This page does not work that way"),
        _("Please start again from the form."),
    ),
    408: Sentence(
        _("The connection was too slow"),
        _("Nothing was stored. Please send it again; without photos it is faster."),
    ),
    413: Sentence(
        _("That was too large"),
        _("Please send fewer or smaller files, or only the text. The text counts most."),
    ),
    415: Sentence(
        _("We cannot read this kind of message"),
        _("Please use the form on this page."),
    ),
    422: Sentence(
        _("Something is missing"),
        _("Please look at the marked places and send again."),
    ),
    429: Sentence(
        _("Many messages are arriving just now"),
        _("Please wait a few seconds and try again. Nothing you wrote is lost."),
    ),
    500: Sentence(
        _("Something went wrong on our side"),
        _("It is not your fault. Please try again in a few minutes."),
    ),
    503: Sentence(
        _("We cannot store reports at this moment"),
        _("It is not your fault. Please try again in a few minutes; in urgent need, call us."),
    ),
}


def sentence_for(status: int) -> Sentence:
    """Give the words for an HTTP status; an unlisted one is spoken of as 400 or 500."""
    return _SENTENCES.get(status) or _SENTENCES[500 if status >= 500 else 400]


def error_page(
    request: web.Request, status: int, *, retry_after_seconds: int | None = None
) -> web.Response:
    """Answer with the page for a status, in the reader's language, with no technical detail."""
    language = language_for(request)
    title, advice = (translate(language, message) for message in sentence_for(status))
    response = page(
        request, "pages/error.html", status=status, title=title, advice=advice, language=language
    )
    if retry_after_seconds is not None:
        response.headers["Retry-After"] = str(retry_after_seconds)
    return response
