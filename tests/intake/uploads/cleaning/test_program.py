"""What is left of a file that says who, where and with what, kind by kind."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pikepdf
import pytest
from PIL import Image

from intake.uploads.cleaning import program
from intake.uploads.cleaning.pictures import bare_picture
from intake.uploads.cleaning.sound import _crc
from intake.uploads.cleaning.table import CLEANINGS, NEVER, REDRAWN, WAYS
from intake.uploads.kinds import CSV, KINDS, TEXT
from tests.intake.uploads.cleaning import canaries
from tests.intake.uploads.cleaning.canaries import CANARY, GPS, SEEN, TIMES, everything_in
from tests.root import ROOT

MARKS = (CANARY.encode(), CANARY.encode("utf-16-be"), GPS, TIMES)


def cleaned(way: str, content: bytes, folder: Path) -> tuple[str, bytes]:
    """Run the program as it is run."""
    source, target = folder / "source", folder / "copy"
    source.write_bytes(content)
    arguments = (way, source, target, str(1 << 30), "20")
    done = subprocess.run(
        [sys.executable, "-I", program.__file__, *map(str, arguments)],
        capture_output=True,
        check=False,
        env={},
        text=True,
    )
    return done.stdout.strip(), target.read_bytes() if target.exists() else b""


FILES = (
    ("pdf", canaries.pdf, b"KeluhanContoh"),
    ("office", canaries.docx, b"KeluhanContoh &amp; lagi"),
    ("office", canaries.xlsx, b'displayName="Tabel1"'),
    ("office", canaries.odt, b"KeluhanContoh"),
    ("boxes", canaries.mp4, SEEN),
    ("matroska", canaries.webm, SEEN),
    ("ogg", canaries.ogg, b"SUARA" * 20),
    ("riff", canaries.wav, b"SUARA"),
    ("frames", canaries.mp3, b"SUARA" * 40),
)


@pytest.mark.parametrize(
    ("way", "make", "stays"), FILES, ids=[f"{way} {make.__name__}" for way, make, _ in FILES]
)
def test_what_points_to_the_person_is_gone_and_what_they_say_stays(
    tmp_path: Path, way: str, make: Callable[[], bytes], stays: bytes
) -> None:
    content = make()
    assert any(mark in everything_in(content) for mark in MARKS)

    answer, copy = cleaned(way, content, tmp_path)

    assert answer == program.CLEANED
    inside = everything_in(copy)
    assert not [mark for mark in MARKS if mark in inside]
    assert stays in inside


@pytest.mark.parametrize("make", [canaries.jpeg, canaries.png, canaries.webp, canaries.gif])
def test_a_picture_in_a_document_keeps_its_pixels_alone(make: Callable[[], bytes]) -> None:
    content = make()
    assert CANARY.encode() in everything_in(content)

    bare = bare_picture(content)

    assert CANARY.encode() not in everything_in(bare)
    with Image.open(io.BytesIO(bare)) as after, Image.open(io.BytesIO(content)) as before:
        assert after.convert("RGBA").tobytes() == before.convert("RGBA").tobytes()


def test_a_film_keeps_its_length_and_where_its_pictures_lie(tmp_path: Path) -> None:
    content = canaries.mp4()

    _, copy = cleaned("boxes", content, tmp_path)

    assert len(copy) == len(content)
    assert copy.index(SEEN) == content.index(SEEN)
    assert b"vide" in copy
    assert b"\xa9xyz" not in copy


def test_the_pages_of_a_recording_still_add_up(tmp_path: Path) -> None:
    _, copy = cleaned("ogg", canaries.ogg(), tmp_path)

    at = 0
    while at < len(copy):
        laces = copy[at + 27 : at + 27 + copy[at + 26]]
        end = at + 27 + len(laces) + sum(laces)
        page = bytearray(copy[at:end])
        said, page[22:26] = page[22:26], bytes(4)
        assert int.from_bytes(said, "little") == _crc(page)
        at = end


def test_a_document_still_opens(tmp_path: Path) -> None:
    _, document = cleaned("office", canaries.docx(), tmp_path)
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        assert package.testzip() is None
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}

    _, paper = cleaned("pdf", canaries.pdf(), tmp_path)
    with pikepdf.open(io.BytesIO(paper)) as opened:
        assert len(opened.pages) == 1
        image = opened.pages[0].Resources.XObject.Im0
        assert pikepdf.PdfImage(cast("pikepdf.Stream", image)).as_pil_image().size == (64, 48)


@pytest.mark.parametrize(
    ("way", "content"),
    [
        ("pdf", canaries.pdf_with_file()),
        ("pdf", b"%PDF-1.7 rusak"),
        ("office", b"PK rusak"),
        ("boxes", canaries.mp4()[:-7]),
        ("boxes", b"\0\0\0\x08ftyp" * 3),
        ("matroska", canaries.webm()[:80]),
        ("ogg", canaries.ogg()[:90]),
        ("ogg", canaries.ogg() + canaries.ogg()[:28].replace(b"M\0\0\0", b"N\0\0\0")),
        ("frames", b"bukan suara"),
    ],
)
def test_what_nobody_can_answer_for_is_not_called_clean(
    tmp_path: Path, way: str, content: bytes
) -> None:
    answer, _ = cleaned(way, content, tmp_path)

    assert answer != program.CLEANED


def test_every_kind_that_is_taken_is_cleaned_or_said_not_to_be() -> None:
    taken = {kind.name for kind in (*KINDS, TEXT, CSV)}

    assert taken == set(WAYS) | set(NEVER)
    assert not set(WAYS) & set(NEVER)
    assert {row.way for row in CLEANINGS} - {REDRAWN} == set(program.WAYS)


def test_the_decision_and_the_privacy_page_say_what_is_done() -> None:
    name = "0028-files-of-anonymous-reports-are-cleaned-and-sealed.md"
    decision = (ROOT / "docs" / "adr" / name).read_text(encoding="utf-8")
    page = (ROOT / "templates" / "pages" / "privacy.html").read_text(encoding="utf-8")

    for row in CLEANINGS:
        assert f"| {', '.join(row.kinds)} | {row.takes_out} | {row.stays} |" in decision
    for kind, why in NEVER.items():
        assert f"| {kind} | never cleaned: {why} |" in decision
        assert f".{kind}" in page
    for said in ("a face", "a voice", "a name in the text", "PDF", "Word", "Excel"):
        assert said in page
