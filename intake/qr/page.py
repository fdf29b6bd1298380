"""Paper to draw on: millimetres from the top left corner, and the few shapes a poster needs."""

import math
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from intake.qr.codes import Matrix, runs
from intake.qr.typesetting import CAPITAL, LEADING, Face, Fitted, TextBox, fit, width

INK: Final = HexColor("#000000")
"""Pure black for all letters and codes: greys turn to dots on a black-and-white printer."""

PAPER: Final = HexColor("#ffffff")

_LEGIBLE: Final = 4.5
_LINEAR: Final = 0.04045
_LOGO_PIXELS: Final = 900


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in millimetres: left and top edge, width and height."""

    left: float
    top: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """Give the x of the vertical axis."""
        return self.left + self.width / 2

    @property
    def bottom(self) -> float:
        """Give the y of the lower edge."""
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: face, largest and least size in points, colour.

    ``alone`` is the least size at which one line is liked better than several larger ones.
    """

    face: Face
    largest: float
    least: float
    ink: Color = INK
    alone: float = math.inf

    def fit(self, text: str, box: Box) -> Fitted:
        """Set a text in a box."""
        room = TextBox(box.width * mm, box.height * mm)
        one_line = TextBox(room.width, min(room.height, self.largest))
        fitted = fit(text, self.face, one_line, largest=self.largest, least=self.least)
        if fitted.size >= self.alone:
            return fitted
        return fit(text, self.face, room, largest=self.largest, least=self.least)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a PDF being drawn, ``height`` millimetres tall before any scaling."""

    canvas: Canvas
    height: float

    def write(self, text: str, box: Box, style: Style) -> None:
        """Write ``text`` centred in ``box``, as large as style and box allow."""
        self.lines(style.fit(text, box), box, style)

    def lines(self, text: Fitted, box: Box, style: Style) -> None:
        """Write lines already fitted, centred in ``box`` both ways."""
        step = text.size * LEADING / mm
        capital = text.size * CAPITAL / mm
        first = box.top + (box.height - step * (len(text.lines) - 1) + capital) / 2
        self.canvas.setFillColor(style.ink)
        self.canvas.setFont(style.face, text.size)
        for number, line in enumerate(text.lines):
            left = box.middle * mm - width(line, style.face, text.size) / 2
            self.canvas.drawString(left, self._up(first + number * step), line)

    def panel(
        self,
        box: Box,
        radius: float,
        *,
        fill: Color | None = None,
        stroke: Color | None = None,
        thick: float = 0,
    ) -> None:
        """Draw a rectangle with round corners, filled, outlined (``thick`` in mm) or both."""
        if fill is not None:
            self.canvas.setFillColor(fill)
        if stroke is not None:
            self.canvas.setStrokeColor(stroke)
            self.canvas.setLineWidth(thick * mm)
        self.canvas.roundRect(
            box.left * mm,
            self._up(box.bottom),
            box.width * mm,
            box.height * mm,
            radius * mm,
            stroke=int(stroke is not None),
            fill=int(fill is not None),
        )

    def pointer(self, x: float, y: float, size: float, fill: Color) -> None:
        """Draw a filled triangle pointing down, ``size`` mm deep, its upper edge at ``y``."""
        path = self.canvas.beginPath()
        path.moveTo((x - size) * mm, self._up(y))
        path.lineTo((x + size) * mm, self._up(y))
        path.lineTo(x * mm, self._up(y + size))
        path.close()
        self.canvas.setFillColor(fill)
        self.canvas.drawPath(path, stroke=0, fill=1)

    def rule(self, x: float, y: float, length: float, thick: float, ink: Color) -> None:
        """Draw a bar with round ends, centred on ``x``."""
        self.panel(Box(x - length / 2, y, length, thick), thick / 2, fill=ink)

    def code(self, modules: Matrix, box: Box) -> None:
        """Draw a QR code, quiet zone included, pure black on white, as one shape."""
        self.panel(box, 0, fill=PAPER)
        module = box.width / len(modules)
        path = self.canvas.beginPath()
        for x, y, length in runs(modules):
            path.rect(
                (box.left + x * module) * mm,
                self._up(box.top + (y + 1) * module),
                length * module * mm,
                module * mm,
            )
        self.canvas.setFillColor(INK)
        self.canvas.drawPath(path, stroke=0, fill=1)

    def picture(self, picture: ImageReader, box: Box) -> None:
        """Draw a picture in a box of its own proportions."""
        self.canvas.drawImage(
            picture,
            box.left * mm,
            self._up(box.bottom),
            box.width * mm,
            box.height * mm,
            mask="auto",
        )

    def _up(self, y: float) -> float:
        return float((self.height - y) * mm)


def ink_on(ground: Color) -> Color:
    """Choose white or ink for text on a colour, whichever reads (WCAG 2.2 §1.4.3)."""
    return PAPER if stands_out(ground) else INK


def stands_out(colour: Color) -> bool:
    """Tell whether text in a colour reads on white paper (WCAG 2.2 §1.4.3)."""
    return 1.05 / (luminance(colour) + 0.05) >= _LEGIBLE


def luminance(colour: Color) -> float:
    """Compute the relative luminance of a colour, 0 black to 1 white (WCAG 2.2)."""
    parts: tuple[float, ...] = (colour.red, colour.green, colour.blue)
    red, green, blue = (
        part / 12.92 if part <= _LINEAR else math.pow((part + 0.055) / 1.055, 2.4) for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def logo_picture(logo: bytes) -> ImageReader:
    """Read a checked logo, no finer than paper needs."""
    with Image.open(BytesIO(logo)) as picture:
        small = picture.convert("RGBA")
    small.thumbnail((_LOGO_PIXELS, _LOGO_PIXELS))
    return ImageReader(small)
