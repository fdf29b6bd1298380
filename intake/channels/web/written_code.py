"""A tracking code among the words of a report: it is no words, and its own report can be opened.

Written alone it makes no report. Beside words it is covered in them, and the page of thanks offers
to open its report: for that the browser holds it as long as the receipt. It stands in no address,
and opens nothing before the person presses the button.
"""

from datetime import timedelta
from typing import Final, NamedTuple

from aiohttp import web

from core.tickets.desk import Desk
from core.tickets.follow_up import FollowUp
from core.tickets.submission import Receipt, Submission
from intake.dialogue.alone import says_only
from intake.language import marked as _
from intake.pages import house_of, set_cookie
from intake.pages.headers import forget_cookie, read_cookie
from intake.pages.kiosk import kiosk_of

COOKIE: Final = "written"
ONLY_A_CODE: Final = _(
    "This is the tracking code of a report that is already here, so nothing new was filed. Open"
    " that report, or write here what else happened."
)
ONLY_A_CODE_ADDED: Final = _(
    "This is a tracking code, so nothing was added. Open its report, or write here what you want to"
    " add."
)


class Written(NamedTuple):
    """A code that really opens a report, and whether nothing else was said."""

    code: str
    is_all: bool


async def written_in(desk: Desk, told: Submission | FollowUp) -> Written | None:
    """Return the code in the words of a report, or for one. Raises DatabaseAwayError."""
    codes = await desk.codes_in(told.words)
    if not codes:
        return None
    return Written(codes[0], is_all=not told.files and says_only(told.words, codes))


def code_beside(request: web.Request, receipt: Receipt, written: Written | None) -> str:
    """Return the code that the page of thanks offers; none where it opens just this report.

    A kiosk opens no report: there only that one was written is said.
    """
    if written is None or written.code == receipt.tracking_code:
        return ""
    return "elsewhere" if kiosk_of(request) else written.code


def hold_beside(
    request: web.Request,
    response: web.StreamResponse,
    receipt: Receipt,
    code: str,
    lasts: timedelta,
) -> None:
    """Let the browser hold a code as long as the receipt; one held for an earlier report goes."""
    house = house_of(request)
    if code:
        value, seconds = f"{receipt.number}.{code}", int(lasts.total_seconds())
        set_cookie(response, house, COOKIE, value, max_age_seconds=seconds)
    elif read_cookie(request, house, COOKIE):
        forget_cookie(response, house, COOKIE)


def beside(request: web.Request, number: str) -> str:
    """Return the code that this browser holds beside the receipt of a number; empty if none."""
    held = read_cookie(request, house_of(request), COOKIE) or ""
    of, _dot, code = held.partition(".")
    return code if of == number else ""
