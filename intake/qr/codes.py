"""QR codes as pictures, and the links they carry. The same text always gives the same bytes."""

from functools import lru_cache
from html import escape
from io import BytesIO
from typing import Final, Literal
from urllib.parse import urlsplit

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q

from intake.qr.token import is_token

Correction = Literal["M", "Q"]
Matrix = tuple[tuple[bool, ...], ...]

QUIET_ZONE: Final = 4
"""Light modules on every side (ISO/IEC 18004)."""

TEXT_LIMIT: Final = 600
"""Longest text, in bytes: beyond it the modules of a printed code are too fine for a phone."""

_LARGEST_SCALE: Final = 100
_LEVELS: Final = {"M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q}


def landing_url(public_url: str, token: str) -> str:
    """Give the page a poster leads to: ``{public_url}/q/{token}``."""
    return f"{_checked_url(public_url)}/q/{_checked_token(token)}"


def matrix(text: str, correction: Correction = "M") -> Matrix:
    """Lay out the modules of a code, True for dark, its quiet zone included."""
    if not 0 < len(text.encode()) <= TEXT_LIMIT:
        raise ValueError(f"a QR code carries 1 to {TEXT_LIMIT} bytes here")
    code = qrcode.QRCode(error_correction=_LEVELS[correction], border=QUIET_ZONE)
    code.add_data(text.encode(), optimize=0)
    code.make(fit=True)
    return tuple(tuple(map(bool, row)) for row in code.get_matrix())


@lru_cache(maxsize=16)
def printed(address: str) -> Matrix:
    """Lay out a poster's code, with the correction paper needs.

    A sheet carries twelve of the same. Only what hangs on walls is kept: no secret comes here.
    """
    return matrix(address, "Q")


def svg(text: str, title: str = "QR code", correction: Correction = "M") -> str:
    """Draw a code as one SVG element, fit for a page or a file of its own.

    ``title`` is what a screen reader says. The ground is white in every theme, no id is used
    (two codes may share a page) and nothing outside the element is referred to.
    """
    modules = matrix(text, correction)
    side = len(modules)
    path = "".join(f"M{x} {y}h{width}v1h-{width}z" for x, y, width in runs(modules))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img"'
        f' shape-rendering="crispEdges"><title>{escape(_xml_text(title))}</title>'
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/>'
        f'<path fill="#000" d="{path}"/></svg>'
    )


def png(text: str, size: int = 600, correction: Correction = "M") -> bytes:
    """Draw a code as a black-and-white PNG of ``size`` × ``size`` pixels.

    Modules are whole pixels; what is left over widens the quiet zone.
    """
    modules = matrix(text, correction)
    scale = size // len(modules)
    if not 1 <= scale <= _LARGEST_SCALE:
        raise ValueError(f"a code of {len(modules)} modules does not fit {size} pixels")
    small = Image.new("1", (len(modules), len(modules)), 1)
    small.putdata([not dark for row in modules for dark in row])
    picture = Image.new("1", (size, size), 1)
    margin = (size - scale * len(modules)) // 2
    picture.paste(
        small.resize((scale * len(modules),) * 2, Image.Resampling.NEAREST), (margin, margin)
    )
    file = BytesIO()
    picture.save(file, format="PNG", optimize=True)
    return file.getvalue()


def runs(modules: Matrix) -> list[tuple[int, int, int]]:
    """List the dark stretches of a code as (column, row, width), from the top left."""
    found = []
    for y, row in enumerate(modules):
        start = 0
        for x in range(len(row) + 1):
            if x < len(row) and row[x]:
                continue
            if x > start:
                found.append((start, y, x - start))
            start = x + 1
    return found


def _checked_url(public_url: str) -> str:
    parts = urlsplit(public_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("the public address is http(s)://host, without query or fragment")
    return public_url.rstrip("/")


def _checked_token(token: str) -> str:
    if not is_token(token):
        raise ValueError("a token is 22 to 62 characters of A-Z a-z 0-9 _ -")
    return token


def _xml_text(text: str) -> str:
    """Keep only the characters XML 1.0 allows (§2.2 Char), less the control characters."""
    return "".join(
        letter
        for letter in text
        if letter.isprintable() and not "\ud800" <= letter <= "\udfff" and letter < "\U000e0000"
    )
