"""Who may use which page: the whole table. A route without a row does not exist for anybody.

Read a row as: with this method, at this path, for these roles. What a page then shows of tickets
is bounded by `core.access.scope`, which opens the review desk as well; what it lets people do
there, by the row of the form it sends.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from core.people.roles import (
    ADMINISTRATOR,
    CALLERS,
    CASEWORKERS,
    HEAD,
    MOVERS,
    OVERSEERS,
    POSTERS,
    READERS,
    REVIEWERS,
    SETUP_READERS,
    STAFF,
    SUPERVISOR,
)


class Door(Enum):
    """What somebody has to be before a page is shown."""

    OPEN = auto()  # anybody: the way in
    HALF = auto()  # the password was right, the code is still missing
    SIGNED_IN = auto()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    method: str
    path: str
    """The route's pattern as aiohttp spells it, from `/console` on."""
    roles: frozenset[str]
    door: Door = Door.SIGNED_IN


ACCESS: Final = (
    # ── The way in and out, and one's own account ──────────────────────────────────────────────
    Row("GET", "/console/sign-in", STAFF, Door.OPEN),
    Row("POST", "/console/sign-in", STAFF, Door.OPEN),
    Row("GET", "/console/link/{token}", STAFF, Door.OPEN),
    Row("GET", "/console/password", STAFF, Door.OPEN),
    Row("POST", "/console/password", STAFF, Door.OPEN),
    Row("GET", "/console/code", STAFF, Door.HALF),
    Row("POST", "/console/code", STAFF, Door.HALF),
    Row("POST", "/console/sign-out", STAFF, Door.HALF),
    Row("GET", "/console", STAFF),
    Row("GET", "/console/account", STAFF),
    Row("POST", "/console/account/password", STAFF),
    Row("POST", "/console/account/language", STAFF),
    Row("POST", "/console/account/sessions/end", STAFF),
    # ── Inbox and tickets ──────────────────────────────────────────────────────────────────────
    Row("GET", "/console/inbox", READERS),
    Row("GET", "/console/inbox/events", READERS),
    Row("POST", "/console/inbox/search", READERS),
    Row("POST", "/console/inbox/views", READERS),
    Row("POST", "/console/inbox/views/drop", READERS),
    Row("POST", "/console/inbox/assign", MOVERS),
    Row("GET", "/console/tickets/{number}", READERS),
    Row("GET", "/console/tickets/{number}/events", READERS),
    Row("GET", "/console/tickets/{number}/mail/{message}", READERS),
    Row("GET", "/console/tickets/{number}/mail/{message}/text", READERS),
    Row("GET", "/console/tickets/{number}/mail/{message}/original", READERS),
    Row("GET", "/console/files/{id}", READERS),
    Row("GET", "/console/files/{id}/picture", READERS),
    Row("POST", "/console/tickets/{number}/files/{id}/original", SUPERVISOR),
    Row("POST", "/console/tickets/{number}/writing", CASEWORKERS),
    Row("POST", "/console/tickets/{number}/say", CASEWORKERS),
    Row("POST", "/console/tickets/{number}/preview", CASEWORKERS),
    Row("POST", "/console/tickets/{number}/start", CASEWORKERS),
    Row("POST", "/console/tickets/{number}/escalate", CASEWORKERS),
    Row("POST", "/console/tickets/{number}/close", CASEWORKERS),
    Row("POST", "/console/tickets/{number}/reopen", CASEWORKERS),
    Row("POST", "/console/tickets/{number}/assign", MOVERS),
    Row("POST", "/console/tickets/{number}/move", MOVERS),
    Row("POST", "/console/tickets/{number}/grade", MOVERS),
    Row("POST", "/console/tickets/{number}/merge", MOVERS),
    Row("POST", "/console/tickets/{number}/link", CASEWORKERS),
    Row("POST", "/console/tickets/{number}/subject", HEAD | SUPERVISOR),
    Row("POST", "/console/tickets/{number}/resend", CASEWORKERS),
    Row("POST", "/console/tickets/{number}/cancel", CASEWORKERS),
    Row("POST", "/console/tickets/{number}/address", CASEWORKERS),
    # ── Review desk: what was set aside; `signed_in.py` bounds it to the triage desk ────────────
    Row("GET", "/console/review", REVIEWERS),
    Row("GET", "/console/review/head", MOVERS),
    Row("GET", "/console/review/trusted", REVIEWERS),
    Row("POST", "/console/review/trusted", MOVERS),
    Row("POST", "/console/review/trusted/drop", MOVERS),
    Row("GET", "/console/review/{id}", REVIEWERS),
    Row("GET", "/console/review/{id}/original", REVIEWERS),
    Row("POST", "/console/review/{id}/report", MOVERS),
    Row("POST", "/console/review/{id}/join", MOVERS),
    Row("POST", "/console/review/{id}/no-report", MOVERS),
    Row("POST", "/console/review/{id}/trust", MOVERS),
    Row("POST", "/console/review/{id}/read-again", MOVERS),
    # ── Reports opened in series: who overlooks the whole house ────────────────────────────────
    Row("GET", "/console/series", OVERSEERS),
    Row("POST", "/console/series", SUPERVISOR),
    # ── Phone desk and call-backs ──────────────────────────────────────────────────────────────
    Row("GET", "/console/phone", CALLERS),
    Row("POST", "/console/phone", CALLERS),
    Row("GET", "/console/phone/done", CALLERS),
    Row("GET", "/console/phone/events", CALLERS),
    Row("POST", "/console/phone/caller", CALLERS),
    Row("POST", "/console/phone/look", CALLERS),
    Row("POST", "/console/phone/drafts", CALLERS),
    Row("POST", "/console/phone/drafts/drop", CALLERS),
    Row("GET", "/console/phone/earlier-report", CALLERS),
    Row("POST", "/console/phone/earlier-report", CALLERS),
    Row("POST", "/console/phone/earlier-report/add", CALLERS),
    Row("POST", "/console/phone/earlier-report/confirm", CALLERS),
    Row("GET", "/console/callbacks", CALLERS),
    Row("GET", "/console/callbacks/events", CALLERS),
    Row("GET", "/console/callbacks/{id}", CALLERS),
    Row("POST", "/console/callbacks/{id}/claim", CALLERS),
    Row("POST", "/console/callbacks/{id}/release", CALLERS),
    Row("POST", "/console/callbacks/{id}/outcome", CALLERS),
    Row("POST", "/console/callbacks/{id}/words", CALLERS),
    # ── Administration ─────────────────────────────────────────────────────────────────────────
    Row("GET", "/console/admin", SETUP_READERS | SUPERVISOR),
    Row("GET", "/console/admin/units", SETUP_READERS | SUPERVISOR),
    Row("GET", "/console/admin/units/new", ADMINISTRATOR),
    Row("POST", "/console/admin/units/new", ADMINISTRATOR),
    Row("GET", "/console/admin/units/{code}", SETUP_READERS | SUPERVISOR),
    Row("POST", "/console/admin/units/{code}", ADMINISTRATOR),
    Row("POST", "/console/admin/units/{code}/aliases", ADMINISTRATOR),
    Row("POST", "/console/admin/units/{code}/aliases/drop", ADMINISTRATOR),
    Row("GET", "/console/admin/unit-types", SETUP_READERS),
    Row("POST", "/console/admin/unit-types", ADMINISTRATOR),
    Row("GET", "/console/admin/categories", SETUP_READERS | SUPERVISOR),
    Row("GET", "/console/admin/categories/{code}", SETUP_READERS | SUPERVISOR),
    Row("POST", "/console/admin/categories/{code}", ADMINISTRATOR),
    Row("GET", "/console/admin/routing", SETUP_READERS | SUPERVISOR),
    Row("GET", "/console/admin/notices", SETUP_READERS | SUPERVISOR),
    Row("GET", "/console/admin/notices/{template}", SETUP_READERS | SUPERVISOR),
    Row("GET", "/console/admin/notices/{template}/mail", SETUP_READERS | SUPERVISOR),
    Row("GET", "/console/admin/people", SETUP_READERS),
    Row("GET", "/console/admin/people/invite", ADMINISTRATOR),
    Row("POST", "/console/admin/people/invite", ADMINISTRATOR),
    Row("GET", "/console/admin/people/{id}", SETUP_READERS),
    Row("POST", "/console/admin/people/{id}", ADMINISTRATOR),
    Row("POST", "/console/admin/people/{id}/link", ADMINISTRATOR),
    Row("POST", "/console/admin/people/{id}/close", ADMINISTRATOR),
    Row("POST", "/console/admin/people/{id}/reopen", ADMINISTRATOR),
    Row("POST", "/console/admin/people/{id}/sign-out", ADMINISTRATOR),
    Row("POST", "/console/admin/people/{id}/telephone", ADMINISTRATOR),
    Row("GET", "/console/admin/codes", SETUP_READERS | SUPERVISOR),
    Row("POST", "/console/admin/codes", POSTERS),
    Row("GET", "/console/admin/codes/posters.pdf", POSTERS),
    Row("GET", "/console/admin/codes/{code}", SETUP_READERS | SUPERVISOR),
    Row("POST", "/console/admin/codes/{code}", POSTERS),
    Row("POST", "/console/admin/codes/{code}/retire", POSTERS),
    Row("GET", "/console/admin/codes/{code}/poster.pdf", POSTERS),
    Row("GET", "/console/admin/limits", SETUP_READERS),
    Row("GET", "/console/admin/settings", SETUP_READERS),
)

_BY_ROUTE: Final = {(row.method, row.path): row for row in ACCESS}


def row_for(method: str, path: str) -> Row | None:
    """Return the row of a route; HEAD is asked as GET."""
    return _BY_ROUTE.get(("GET" if method == "HEAD" else method, path))


def may(roles: frozenset[str], method: str, path: str) -> bool:
    """Whether somebody with these roles may use a route; pages ask before they offer it."""
    row = row_for(method, path)
    return row is not None and bool(row.roles & roles)
