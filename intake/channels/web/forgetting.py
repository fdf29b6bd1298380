"""A phone that others use too: it forgets the report that was sent or opened on it."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from intake.channels.web.context import redirect_after_post
from intake.channels.web.receipt_cookies import START as RECEIPTS
from intake.channels.web.written_code import COOKIE as WRITTEN
from intake.pages import error_page, from_another_site, house_of, page, set_cookie
from intake.pages.headers import cookies_named, forget_cookie, read_cookie

_HELD: Final = (RECEIPTS, "sent", "form", "ticket", WRITTEN)
"""How the cookies begin by which a browser knows a report again."""
_COOKIE: Final = "forgotten"
_SECONDS: Final = 3600


@dataclass(frozen=True, slots=True)
class Forgetting:
    """The button that forgets, and the page that says it is done; its script drops the drafts."""

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.post("/forget", self.forget),
            web.get("/forgotten", self.forgotten),
        )

    async def forget(self, request: web.Request) -> web.Response:
        """Drop receipt and open report, and have the form come back empty by Back."""
        if from_another_site(request, house_of(request)):
            return error_page(request, 403)
        response = redirect_after_post(request, "/forgotten")
        forget_report(request, response)
        set_cookie(response, house_of(request), _COOKIE, "yes", max_age_seconds=_SECONDS)
        return response

    async def forgotten(self, request: web.Request) -> web.Response:
        """Say that nothing is left, and what the code is still good for."""
        return page(request, "pages/forgotten.html")


def forget_report(request: web.Request, response: web.StreamResponse) -> None:
    """Let the browser hold neither a receipt nor an open report any more."""
    house = house_of(request)
    for start in _HELD:
        for name in cookies_named(request, house, start):
            forget_cookie(response, house, name)


def was_told_to_forget(request: web.Request) -> bool:
    """Whether "forget it on this phone" was pressed within the last hour.

    A browser fills a form in again when somebody comes back to it by Back, unless the form says
    `autocomplete=off` (HTML, "autofill"); so for an hour it says so.
    """
    return read_cookie(request, house_of(request), _COOKIE) is not None
