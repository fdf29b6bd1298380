"""Builders and eyes of the poster tests: invented facts in, what an independent reader sees out."""

from io import BytesIO
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image, ImageDraw

from intake.qr.codes import landing_url
from intake.qr.poster import Poster

PUBLIC_URL = "https://lapor.contohsehat.example"
TOKEN = "DEMOmelati7DEMOmelati7"
DPI = 150


def a_poster(**changes: Any) -> Poster:  # noqa: ANN401 - any field of a poster
    facts: dict[str, Any] = {
        "hospital": "RS Contoh Sehat",
        "unit": "Ruang Melati – Lantai 3",
        "code": "MELATI-7T",
        "url": landing_url(PUBLIC_URL, TOKEN),
        "phone": "0800-0000-123",
    }
    return Poster(**{**facts, **changes})


def a_logo(across: int = 400, up: int = 400) -> bytes:
    picture = Image.new("RGBA", (across, up))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((10, 10, across - 10, up - 10), fill="#0b5563")
    draw.rectangle((across * 0.43, up * 0.22, across * 0.57, up * 0.78), fill="white")
    draw.rectangle((across * 0.22, up * 0.43, across * 0.78, up * 0.57), fill="white")
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def pages(data: bytes, dpi: int = DPI) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(data)
    return [page.render(scale=dpi / 72, grayscale=True).to_pil() for page in document]


def texts(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    return [page.get_textpage().get_text_bounded() for page in document]


def read(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def corners(picture: Image.Image) -> list[tuple[int, int, int, int]]:
    """Give left, top, right and bottom pixel of every code on a page, as the decoder sees them."""
    found = [one.position for one in zxingcpp.read_barcodes(picture)]
    return [(at.top_left.x, at.top_left.y, at.bottom_right.x, at.bottom_right.y) for at in found]
