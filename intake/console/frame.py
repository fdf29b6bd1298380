"""The frame of every page of the console: who is here, where they may go, what was just done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from core.people.roles import ROLES
from intake.console.desk_head import DESK
from intake.console.signed_in import PRESENT, REVIEW, SignedIn
from intake.language import Language, choose, translate
from intake.language import marked as _
from intake.pages import house_of, page
from intake.pages.headers import read_cookie


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A place in the navigation: shown to those whose row in `access.py` opens it."""

    name: str
    path: str
    icon: str


PLACES: Final = (
    MenuItem(_("Inbox"), "/console/inbox", "inbox"),
    MenuItem(_("Set aside"), REVIEW, "hand"),
    MenuItem(_("Opened in series"), "/console/series", "eye"),
    MenuItem(_("New call"), "/console/phone", "phone"),
    MenuItem(_("Call-backs"), "/console/callbacks", "callback"),
    MenuItem(_("Administration"), "/console/admin", "house"),
)

NOTHING: Final[Mapping[str, str]] = {}


def console_page(
    request: web.Request, template: str, *, status: int = 200, **facts: object
) -> web.Response:
    """Answer with a page of the console.

    Templates find `me` (SignedIn or None), `places`, `set_aside` (a DeskHead for those who decide),
    `errors` (sentence by field) and `done` (a sentence about what was just done) beside what they
    are given.
    """
    present, language = request.get(PRESENT), language_here(request)
    common: dict[str, object] = {
        "me": present,
        "places": places_of(present),
        "errors": NOTHING,
        "done": None,
        "here": request.path,
        "set_aside": request.get(DESK),
        "role_names": role_names(language),
    }
    return page(request, template, status=status, language=language, **(common | facts))


def role_names(language: Language) -> dict[str, str]:
    """Return what each role is called."""
    return {code: name if language == "id" else english for code, name, english in ROLES}


def language_here(request: web.Request) -> Language:
    """Choose the language: asked for just now, else the person's own, else as on public pages."""
    present = request.get(PRESENT)
    if present is None:
        return choose(
            accept_language=request.headers.get("Accept-Language"),
            cookie=read_cookie(request, house_of(request), "language"),
            explicit=request.query.get("lang"),
        )
    return choose(explicit=request.query.get("lang"), default=present.language)


def say(request: web.Request, message: str, **params: object) -> str:
    """Say a sentence in the language of the page."""
    return translate(language_here(request), message, **params)


def places_of(present: SignedIn | None) -> tuple[MenuItem, ...]:
    """List where somebody may go, in the order of the bar."""
    if present is None or not present.account.confirmed:
        return ()
    return tuple(place for place in PLACES if present.may("GET", place.path))


def onwards(path: str) -> web.Response:
    """Send the reader on after a form, so that reloading sends nothing twice."""
    return web.Response(status=303, headers={"Location": path})
