"""The wall poster, laid out for A4; A5 is the same page at 70 %."""

from typing import Final

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.units import mm

from intake.qr.codes import printed
from intake.qr.page import INK, Box, Page, Style, ink_on, logo_picture
from intake.qr.poster import Poster, Wording, wording
from intake.qr.typesetting import Face, printable, width

WIDTH: Final = 210.0
HEIGHT: Final = 297.0

_LEFT: Final = 16.0
_ROOM: Final = WIDTH - 2 * _LEFT
_HOSPITAL: Final = Box(_LEFT, 13, _ROOM, 16)
_UNIT: Final = Box(_LEFT, 32, _ROOM, 37)
_BUBBLE: Final = Box(_LEFT, 73, _ROOM, 41)
_FRAME: Final = Box(WIDTH / 2 - 44, 119, 88, 88)
_QR: Final = Box(WIDTH / 2 - 42, 121, 84, 84)
_FRAME_RADIUS: Final = 4.0  # a rounder frame would cut into the corners of the quiet zone
_ADDRESS_LABEL: Final = Box(_LEFT, 211, _ROOM, 5)
_ADDRESS: Final = Box(_LEFT, 216.5, _ROOM, 11)
_PILL: Final = Box(WIDTH / 2 - 62, 230.5, 124, 15)
_RULE: Final = 252.0
_FOOT: Final = Box(_LEFT, 256, _ROOM, 26)
_PHONE_SHARE: Final = 0.38
_LOGO_WIDEST: Final = 50.0
_GAP: Final = 4.0

_NAME: Final = Style(Face.BOLD, 21, 8)
_TITLE: Final = Style(Face.BOLD, 50, 14, alone=31)
_TYPED: Final = Style(Face.BOLD, 28, 8)
_LABEL: Final = Style(Face.REGULAR, 12, 8)


def draw(page: Page, poster: Poster) -> None:
    """Draw one poster on a page of A4 proportions."""
    accent = HexColor(poster.accent)
    first, second = map(wording, poster.languages)
    _hospital(page, poster)
    page.write(printable(poster.unit) or printable(poster.code), _UNIT, _TITLE)
    _question(page, accent, first, second)
    page.panel(_FRAME, _FRAME_RADIUS, stroke=accent, thick=1.2)
    page.code(printed(poster.url), _QR)
    _what_to_type(page, poster, first, second)
    page.rule(WIDTH / 2, _RULE, _ROOM, 0.5, accent)
    _foot(page, poster, first, second)


def _hospital(page: Page, poster: Poster) -> None:
    """Write the hospital's name, its logo to the left, both centred as one."""
    box, shift = _HOSPITAL, 0.0
    if poster.logo:
        picture = logo_picture(poster.logo)
        across, up = picture.getSize()
        scale = min(_LOGO_WIDEST / across, box.height / up)
        shift = across * scale + _GAP
    name = _NAME.fit(printable(poster.hospital), Box(0, 0, box.width - shift, box.height))
    taken = max((width(line, _NAME.face, name.size) / mm for line in name.lines), default=0.0)
    left = box.middle - (taken + shift) / 2
    if poster.logo:
        tall = up * scale
        page.picture(picture, Box(left, box.top + (box.height - tall) / 2, across * scale, tall))
    page.lines(name, Box(left + shift, box.top, taken, box.height), _NAME)


def _question(page: Page, accent: Color, first: Wording, second: Wording) -> None:
    """Ask in a speech bubble whose tail points at the code."""
    ink = ink_on(accent)
    page.panel(_BUBBLE, 7, fill=accent)
    page.pointer(_BUBBLE.middle, _BUBBLE.bottom - 0.2, 5.4, accent)
    for text, style, top, height in (
        (first.question, Style(Face.BOLD, 26, 9, ink), 5, 11),
        (first.scan_or_type, Style(Face.BOLD, 20, 9, ink), 17, 9),
        (f"{second.question} {second.scan_or_type}", Style(Face.REGULAR, 14, 9, ink), 28.5, 7),
    ):
        page.write(text, Box(_LEFT + 6, _BUBBLE.top + top, _ROOM - 12, height), style)


def _what_to_type(page: Page, poster: Poster, first: Wording, second: Wording) -> None:
    """Write the address large, and the code in a frame of its own, each with its name."""
    page.write(f"{first.address} · {second.address}", _ADDRESS_LABEL, _LABEL)
    page.write(printable(poster.shown_address), _ADDRESS, _TYPED)
    page.panel(_PILL, _PILL.height / 2, stroke=INK, thick=0.5)
    label, half = Box(_PILL.left + 4, _PILL.top, 40, _PILL.height), _PILL.height / 2
    page.write(first.code, Box(label.left, label.top + 1.5, label.width, half - 1.5), _LABEL)
    page.write(second.code, Box(label.left, label.top + half, label.width, half - 1.5), _LABEL)
    page.write(printable(poster.code), Box(label.left + 42, label.top, 72, _PILL.height), _TYPED)


def _foot(page: Page, poster: Poster, first: Wording, second: Wording) -> None:
    """Promise in both languages that no name is needed; the telephone stands to the left."""
    phone = printable(poster.phone or "")
    side = _ROOM * _PHONE_SHARE if phone else 0.0
    if phone:
        page.write(f"{first.call} · {second.call}", Box(_LEFT, _FOOT.top + 2, side - 6, 6), _LABEL)
        page.write(phone, Box(_LEFT, _FOOT.top + 9, side - 6, 13), Style(Face.BOLD, 22, 8))
    for text, style, top, height in (
        (first.no_name, Style(Face.BOLD, 15, 8), 0, 7),
        (first.what_it_tells, Style(Face.REGULAR, 12, 6), 7, 5.5),
        (second.no_name, Style(Face.BOLD, 11, 6), 15, 5),
        (second.what_it_tells, Style(Face.REGULAR, 11, 6), 20, 5),
    ):
        page.write(text, Box(_LEFT + side, _FOOT.top + top, _ROOM - side, height), style)
