"""The sticker sheet: twelve labels of 63.5 × 72 mm on A4, a size label makers sell."""

from collections.abc import Iterator
from typing import Final

from reportlab.lib.colors import HexColor

from intake.qr.codes import printed
from intake.qr.page import Box, Page, Style
from intake.qr.poster import Poster, wording
from intake.qr.typesetting import Face, printable

COLUMNS: Final = 3
ROWS: Final = 4
PER_SHEET: Final = COLUMNS * ROWS

_LABEL: Final = Box(0, 0, 63.5, 72)
_OUTLINE: Final = Box(0.1, 0.1, 63.3, 71.8)
_LEFT: Final = 7.25
_TOP: Final = 4.5
_ACROSS: Final = 66.0
_EDGE: Final = 3.5
_QR: Final = 38.4
_QR_TOP: Final = 19.5


def places() -> Iterator[tuple[float, float]]:
    """List the left and top edges of the labels of a sheet, in mm, row by row."""
    for row in range(ROWS):
        for column in range(COLUMNS):
            yield _LEFT + column * _ACROSS, _TOP + row * _LABEL.height


def draw(page: Page, poster: Poster) -> None:
    """Draw one sticker in the top left corner of a page, with a thin line to cut along."""
    page.panel(_OUTLINE, 2, stroke=HexColor(poster.accent), thick=0.2)
    for text, style, top, height in _rows(poster):
        page.write(text, Box(_EDGE, top, _LABEL.width - 2 * _EDGE, height), style)
    page.code(printed(poster.url), Box(_LABEL.middle - _QR / 2, _QR_TOP, _QR, _QR))


def _rows(poster: Poster) -> tuple[tuple[str, Style, float, float], ...]:
    """List what stands on a sticker: text, style, upper edge and height in millimetres."""
    first, second = map(wording, poster.languages)
    phone = printable(poster.phone or "")
    return (
        (printable(poster.hospital), Style(Face.BOLD, 6.5, 5), 2.2, 2.6),
        (printable(poster.unit) or printable(poster.code), Style(Face.BOLD, 15, 6), 5.0, 8.0),
        (f"{first.question} {first.scan_or_type}", Style(Face.BOLD, 7.5, 5), 13.9, 3.0),
        (f"{second.question} {second.scan_or_type}", Style(Face.REGULAR, 6, 5), 16.8, 2.5),
        (printable(poster.shown_address), Style(Face.BOLD, 8.5, 5), 57.4, 3.9),
        (printable(poster.code), Style(Face.BOLD, 11, 6), 61.1, 4.0),
        (f"{first.call} {phone}" if phone else "", Style(Face.BOLD, 6, 5), 65.6, 2.2),
        (f"{first.no_name} {second.no_name}", Style(Face.REGULAR, 5.5, 5), 67.9, 2.1),
    )
