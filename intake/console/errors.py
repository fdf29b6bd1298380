"""What the console says when something does not work; the outer edge of its pages."""

from typing import Final, NamedTuple

from aiohttp import web
from aiohttp.typedefs import Handler

from core.ground.database import DatabaseAwayError
from intake.console.frame import console_page, say
from intake.console.signed_in import PRESENT
from intake.language import marked as _
from intake.pages import RETRY_AFTER_SECONDS


class ErrorSentence(NamedTuple):
    """A headline and the sentence under it, both message ids."""

    title: str
    advice: str


_SENTENCES: Final = {
    403: ErrorSentence(
        _("This form came from another page"),
        _("Nothing was changed. Open the page in the console and send it from there."),
    ),
    404: ErrorSentence(
        _("There is nothing here"),
        _("The address is old or mistyped, or the page is not meant for your role."),
    ),
    409: ErrorSentence(
        _("Somebody was faster"),
        _("Nothing of theirs was lost. Go back, reload the page and look at what changed."),
    ),
    503: ErrorSentence(
        _("The database does not answer just now"),
        _("Nothing was changed. Go back and send it again in a minute; your text is still there."),
    ),
}
_OTHER: Final = ErrorSentence(
    _("That did not work"), _("Nothing was changed. Go back and try once more.")
)


@web.middleware
async def errors_in_the_console(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Show those who are signed in an error as a page of the console.

    Everybody else, and what nobody foresaw, is left to the pages around us.
    """
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400 or (PRESENT not in request and error.status != 403):
            raise
        return error_page(request, error.status)
    except DatabaseAwayError:
        if PRESENT not in request:
            raise
        response = error_page(request, 503)
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response


def error_page(request: web.Request, status: int) -> web.Response:
    """Answer with the page for a status."""
    title, advice = _SENTENCES.get(status, _OTHER)
    return console_page(
        request,
        "console/error.html",
        status=status,
        title=say(request, title),
        advice=say(request, advice),
    )
