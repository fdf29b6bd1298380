"""What a page says when something does not work: what happened, and what the person can do."""

import logging
import traceback
from pathlib import Path
from typing import Final, NamedTuple

from aiohttp import web
from aiohttp.typedefs import Handler

from core.ground.database import DatabaseAwayError
from core.ground.storage import StorageUnavailable
from intake.language import marked as _
from intake.language import translate
from intake.pages.page import language_for, page
from intake.uploads.refusals import Refused

logger = logging.getLogger(__name__)

RETRY_AFTER_SECONDS: Final = 15


class Sentence(NamedTuple):
    """A headline and the sentence under it, both message ids."""

    title: str
    advice: str


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

_FILE_AWAY: Final = Sentence(
    _("This file cannot be shown at this moment"),
    _("It is kept and not lost. Please try again in a few minutes."),
)


def sentence_for(status: int) -> Sentence:
    """Give the words for an HTTP status; an unlisted one is spoken of as 400 or 500."""
    return _SENTENCES.get(status) or _SENTENCES[500 if status >= 500 else 400]


def error_page(
    request: web.Request,
    status: int,
    *,
    retry_after_seconds: int | None = None,
    sentence: Sentence | None = None,
) -> web.Response:
    """Answer with the page for a status, in the reader's language, with no technical detail.

    `sentence` says it where the status alone does not.
    """
    language = language_for(request)
    words = sentence or sentence_for(status)
    title, advice = (translate(language, message) for message in words)
    response = page(
        request, "pages/error.html", status=status, title=title, advice=advice, language=language
    )
    if retry_after_seconds is not None:
        response.headers["Retry-After"] = str(retry_after_seconds)
    return response


@web.middleware
async def errors_as_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every error of a page with a page: a sentence, a way on, no technical detail.

    The outermost edge of the pages: what is not foreseen is logged by its kind and its path's
    pattern, never with words of the request, and answered with 500.
    """
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return error_page(request, error.status)
    except Refused as error:
        response = error_page(request, error.status)
        response.force_close()  # what was not read of it is nobody's next request
        return response
    except DatabaseAwayError:
        return error_page(request, 503, retry_after_seconds=RETRY_AFTER_SECONDS)
    except StorageUnavailable:  # what is sent waits here; only what is asked for can be away
        return error_page(
            request, 503, retry_after_seconds=RETRY_AFTER_SECONDS, sentence=_FILE_AWAY
        )
    except Exception as error:  # noqa: BLE001 - the outer edge: a person gets a sentence, always
        logger.error("page %s: %s", _pattern(request), _where(error))  # noqa: TRY400 - no words
        return error_page(request, 500)


def _where(error: BaseException) -> str:
    """Name an error and the line that raised it; its message may hold what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {place}"


def _pattern(request: web.Request) -> str:
    """Name the route and not the path, which may hold a tracking code."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "(none)"
