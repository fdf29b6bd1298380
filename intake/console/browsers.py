"""Says in two words which browser a User-Agent header means. Pure."""

from typing import Final

_BROWSERS: Final = (
    # a mark in the header, the name; read from top to bottom, since most claim to be others too
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def described(user_agent: str) -> str:
    """Return such as `Firefox, Windows`; empty for what nobody would know again."""
    names = (_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent))
    return ", ".join(name for name in names if name)


def _first(rows: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in rows if mark in user_agent), "")
