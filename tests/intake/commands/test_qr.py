"""Codes on walls, from the command line."""

from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from intake.qr.token import is_token, normalise_code
from tests import builders
from tests.intake.commands.conftest import Kiss

HOME = "https://lapor.rs.example.org"


async def test_a_code_is_made_pointed_elsewhere_and_retired(kiss: Kiss) -> None:
    made = await kiss("qr", "create", "farmasi", "--name", "Loket", "--json", KISS_PUBLIC_URL=HOME)
    code = made.json["code"]
    pointed = await kiss("qr", "point", code, "MELATI")
    retired = await kiss("qr", "retire", code.lower())
    listed = await kiss("qr", "list", "--unit", "MELATI", "--json")

    assert (pointed.code, retired.code) == (0, 0)
    assert is_token(made.json["token"])
    assert normalise_code(code)
    assert made.json["url"] == f"{HOME}/q/{made.json['token']}"
    assert {(row["code"], row["is_active"]) for row in listed.json} == {
        ("MELATI-1", True),
        (code, False),
    }


async def test_a_picture_of_a_code_leads_to_the_ward(kiss: Kiss, tmp_path: Path) -> None:
    picture, drawing = tmp_path / "melati.png", tmp_path / "melati.svg"

    png = await kiss("qr", "png", "melati-1", "-o", str(picture), KISS_PUBLIC_URL=HOME)
    svg = await kiss("qr", "svg", "MELATI-1", "-o", str(drawing), KISS_PUBLIC_URL=HOME)

    assert (png.code, svg.code) == (0, 0), png.err + svg.err
    [read] = zxingcpp.read_barcodes(Image.open(picture))
    assert read.text == f"{HOME}/q/{builders.TOKEN}"
    assert drawing.read_text().startswith("<svg")


async def test_posters_are_printed_for_a_unit_on_every_paper(kiss: Kiss, tmp_path: Path) -> None:
    printed = tmp_path / "posters.pdf"
    for paper in ("a4", "a5", "stickers"):
        told = await kiss(
            *("qr", "poster", "--unit", "MELATI", "--paper", paper, "-o", str(printed)),
            KISS_PUBLIC_URL=HOME,
        )

        assert told.code == 0, told.err
        assert printed.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("create", "NOWHERE"), 1, "no unit NOWHERE"),
        (("retire", "NOTHING-1"), 1, "no code NOTHING-1"),
        (("point", "MELATI-1", "NOWHERE"), 1, "unit NOWHERE"),
        (("poster",), 2, "Name codes"),
        (("poster", "--unit", "FARMASI"), 1, "no code in use"),
        (("png", "MELATI-1", "--size", "10", "-o", "x.png"), 1, "does not fit"),
        (("svg", "MELATI-1", "-o", "/nowhere/at/all.svg"), 1, "cannot be written"),
    ],
)
async def test_what_cannot_be_done_is_a_sentence(
    kiss: Kiss, words: tuple[str, ...], code: int, sentence: str
) -> None:
    told = await kiss("qr", *words)

    assert (told.code, sentence in told.err) == (code, True), told.err
