"""A kiosk: a tablet on a ward, used by one person after the other, that keeps nothing of anybody.

A page is a kiosk's by its address and by nothing else: no cookie, no setting on the tablet. Whoever
sets one up opens `/k/<QR token>` there once; every page below it leads to others below it.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from aiohttp import web

_PATH: Final = re.compile(r"/k/([^/]+)(?:/|\Z)")


@dataclass(frozen=True, slots=True)
class Kiosk:
    """The kiosk of a poster's token: its addresses, and how patient its pages are."""

    token: str

    idle_seconds = 180
    """Without a touch or a key for so long a page asks whether somebody is there."""
    warning_seconds = 60
    """Then it empties itself; WCAG 2.2 §2.2.1 asks for 20 seconds and one simple action."""
    thanks_seconds = 90
    """How long number and code are shown; whoever reads slowly can stop the countdown."""

    @property
    def start(self) -> str:
        """The page everybody begins at, and the address for the tablet."""
        return f"/k/{quote(self.token, safe='')}"

    @property
    def form(self) -> str:
        """Where a report is written."""
        return f"{self.start}/report"

    @property
    def thanks(self) -> str:
        """Where number and code are shown, once."""
        return f"{self.start}/thanks"

    @property
    def privacy(self) -> str:
        """The page on one's data, without a way out of the kiosk."""
        return f"{self.start}/privacy"


def kiosk_of(request: web.Request) -> Kiosk | None:
    """Give the kiosk a request belongs to; None for every other page."""
    found = _PATH.match(request.path)
    return Kiosk(found[1]) if found else None
