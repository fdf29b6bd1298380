"""Other ways to speak, offered on the page of a poster.

A channel adds its own when it mounts: ``app[OFFERS].append(Offer(name=..., link=...))``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aiohttp import web


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One way. ``name`` is a message id, ``icon`` one of ``templates/icons.html``.

    ``link`` is given the poster's token and returns an address, or None while there is none.
    """

    name: str
    link: Callable[[str], str | None]
    icon: str = "chat"


OFFERS: Final[web.AppKey[list[Offer]]] = web.AppKey("offers", list)
