"""The cookies in which a browser holds receipts: one for each report, named by its number.

Two tabs of one browser have two receipts, and each shows its own, also when it is reloaded.
"""

from typing import Final

from aiohttp import web

from intake.pages import house_of, set_cookie
from intake.pages.headers import cookies_named, forget_cookie

START: Final = "receipt-"
"""Begins the name of each; the number ends it."""
MOST: Final = 5
"""Receipts that a browser holds at most: headers are bounded."""


def held_of(request: web.Request, number: str | None) -> str:
    """Return the sealed receipt of a report, or without a number the newest; empty if none."""
    held = cookies_named(request, house_of(request), START)
    name = f"{START}{number}" if number else max(held, key=_age, default="")
    return held.get(name, "")


def hold(
    request: web.Request,
    response: web.StreamResponse,
    number: str,
    sealed: str,
    *,
    max_age_seconds: int,
) -> None:
    """Let the browser hold a sealed receipt; the oldest of too many goes."""
    house, name = house_of(request), f"{START}{number}"
    others = cookies_named(request, house, START).keys() - {name}
    for old in sorted(others, key=_age)[: 1 - MOST]:
        forget_cookie(response, house, old)
    set_cookie(response, house, name, sealed, max_age_seconds=max_age_seconds)


def _age(name: str) -> tuple[int, str]:
    """Sort by number: the newest is the greatest."""
    return len(name), name
