"""Codes are read by an independent decoder, exactly, from every picture we make."""

import subprocess
import sys
from io import BytesIO
from typing import Literal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter
from playwright.async_api import Browser

from intake.qr.codes import (
    QUIET_ZONE,
    TEXT_LIMIT,
    landing_url,
    matrix,
    png,
    runs,
    svg,
)
from tests.intake.qr.posters import PUBLIC_URL, TOKEN, read

URL = landing_url(PUBLIC_URL, TOKEN)
SVG = "{http://www.w3.org/2000/svg}"


def picture(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def test_links_carry_the_token_and_nothing_else() -> None:
    assert landing_url("https://lapor.example.org/", TOKEN) == (
        f"https://lapor.example.org/q/{TOKEN}"
    )


@pytest.mark.parametrize(
    "address",
    ["", "lapor.example.org", "javascript:alert(1)", "https://", "https://a.example/?x=1", "//a/b"],
)
def test_a_link_starts_at_a_whole_address(address: str) -> None:
    with pytest.raises(ValueError, match="public address"):
        landing_url(address, TOKEN)


def test_a_link_is_made_of_a_token_and_a_bot_alone() -> None:
    with pytest.raises(ValueError, match="token"):
        landing_url(PUBLIC_URL, "../admin")


@pytest.mark.parametrize("size", [90, 200, 600, 601, 1200])
@pytest.mark.parametrize("correction", ["M", "Q"])
def test_c38_a_png_reads_exactly(size: int, correction: str) -> None:
    drawn = picture(png(URL, size, "Q" if correction == "Q" else "M"))

    assert drawn.size == (size, size)
    assert drawn.mode == "1"
    assert read(drawn) == [URL]


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=120).filter(lambda text: text.isprintable()))
def test_c38_any_text_comes_back(text: str) -> None:
    assert read(picture(png(text, 800))) == [text]


@pytest.mark.parametrize("angle", [-12, -5, 3, 8, 90])
def test_c38_a_code_held_crooked_and_out_of_focus_reads(angle: int) -> None:
    grey = picture(png(URL, 500)).convert("L")

    photo = grey.rotate(angle, expand=True, fillcolor=255).filter(ImageFilter.GaussianBlur(2.5))

    assert read(photo) == [URL]


def test_c38_a_damaged_poster_code_reads() -> None:
    grey = picture(png(URL, 600, "Q")).convert("L")
    grey.paste(255, (270, 270, 360, 360))

    assert read(grey) == [URL]


def test_the_quiet_zone_is_four_modules_of_white() -> None:
    modules = matrix(URL)
    side = len(modules)
    ring = [
        modules[y][x]
        for y in range(side)
        for x in range(side)
        if min(x, y, side - 1 - x, side - 1 - y) < QUIET_ZONE
    ]

    assert QUIET_ZONE >= 4
    assert not any(ring)
    assert modules[QUIET_ZONE][QUIET_ZONE]


def test_runs_cover_every_dark_module_once() -> None:
    modules = matrix(URL)
    covered = [(x + step, y) for x, y, width in runs(modules) for step in range(width)]

    assert sorted(covered) == sorted(
        (x, y) for y, row in enumerate(modules) for x, dark in enumerate(row) if dark
    )


@pytest.mark.parametrize("text", ["", "x" * (TEXT_LIMIT + 1), "é" * (TEXT_LIMIT // 2 + 1)])
def test_too_much_or_nothing_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="carries 1 to"):
        png(text)


@pytest.mark.parametrize("size", [-1, 0, 20, 10**6])
def test_a_picture_of_no_sensible_size_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        png(URL, size)


def test_an_svg_says_what_it_is_and_refers_to_nothing() -> None:
    root = ET.fromstring(svg(URL, "Kode QR Ruang Melati"))  # noqa: S314 - our own output

    assert root.get("role") == "img"
    assert root[0].tag == f"{SVG}title"
    assert root[0].text == "Kode QR Ruang Melati"
    assert {element.tag for element in root.iter()} == {f"{SVG}svg", f"{SVG}title", f"{SVG}path"}
    assert {name for element in root.iter() for name in element.keys()} == {  # noqa: SIM118 - an Element is no mapping
        "viewBox", "role", "shape-rendering", "fill", "d",
    }  # fmt: skip
    assert len(svg(URL)) < 6000


@settings(deadline=None)
@given(st.text())
def test_no_title_breaks_an_svg(title: str) -> None:
    root = ET.fromstring(svg("x", title))  # noqa: S314 - our own output

    assert len(root) == 3
    assert len(root[0]) == 0


def test_the_same_text_gives_the_same_bytes_in_every_process() -> None:
    script = (
        "import hashlib; from intake.qr.codes import png, svg;"
        f"print(hashlib.sha256(png({URL!r}) + svg({URL!r}).encode()).hexdigest())"
    )

    seen = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(seen) == 1


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_c38_an_svg_in_a_real_browser_reads_in_both_themes(
    chromium: Browser, scheme: Literal["light", "dark"]
) -> None:
    page_text = f"<html style='background:#111'><body style='width:300px'>{svg(URL)}</body></html>"

    page = await chromium.new_page(viewport={"width": 360, "height": 360}, color_scheme=scheme)
    await page.set_content(page_text)
    name = await page.get_by_role("img").evaluate("element => element.firstChild.textContent")
    shot = await page.screenshot()
    await page.close()

    assert name == "QR code"
    assert read(picture(shot)) == [URL]
