"""Posters and stickers as one PDF, ready for any printer. The same facts give the same bytes."""

from collections.abc import Sequence
from enum import StrEnum
from io import BytesIO
from typing import Final

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from intake.qr import sticker, wall_poster
from intake.qr.page import Page
from intake.qr.poster import Poster
from intake.qr.typesetting import load, printable

_A5: Final = 148 / wall_poster.WIDTH


class Paper(StrEnum):
    """What can be printed: one poster a page on A4 or A5, or A4 sheets of stickers."""

    A4 = "a4"
    A5 = "a5"
    STICKERS = "stickers"


def pdf(
    posters: Sequence[Poster], paper: Paper = Paper.A4, *, copies: int = sticker.PER_SHEET
) -> bytes:
    """Print posters in their order; of each sticker ``copies`` follow one another.

    Raises ValueError where there is nothing to print.
    """
    if not posters or copies < 1:
        raise ValueError("there is nothing to print")
    load()
    scale = _A5 if paper is Paper.A5 else 1.0
    file = BytesIO()
    canvas = Canvas(
        file,
        pagesize=(wall_poster.WIDTH * scale * mm, wall_poster.HEIGHT * scale * mm),
        invariant=1,
        lang=posters[0].language,
    )
    canvas.setTitle(printable(posters[0].hospital))
    canvas.setCreator("KISS Intake")
    if paper is Paper.STICKERS:
        _stickers(canvas, posters, copies)
    else:
        _wall(canvas, posters, scale)
    canvas.save()
    return file.getvalue()


def _wall(canvas: Canvas, posters: Sequence[Poster], scale: float) -> None:
    for poster in posters:
        canvas.scale(scale, scale)
        wall_poster.draw(Page(canvas, wall_poster.HEIGHT), poster)
        canvas.showPage()


def _stickers(canvas: Canvas, posters: Sequence[Poster], copies: int) -> None:
    """Draw each sticker once and stamp it as often as wanted: twelve copies cost one."""
    stamps = []
    for number, poster in enumerate(posters):
        stamp = f"sticker{number}"
        canvas.beginForm(stamp)
        sticker.draw(Page(canvas, wall_poster.HEIGHT), poster)
        canvas.endForm()
        stamps += [stamp] * copies
    for start in range(0, len(stamps), sticker.PER_SHEET):
        sheet = stamps[start : start + sticker.PER_SHEET]
        for stamp, (left, top) in zip(sheet, sticker.places(), strict=False):
            canvas.saveState()
            canvas.translate(left * mm, -top * mm)
            canvas.doForm(stamp)
            canvas.restoreState()
        canvas.showPage()
