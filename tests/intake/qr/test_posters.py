"""Posters as printed: an independent decoder and an independent PDF reader look at the paper."""

import subprocess
import sys
from io import BytesIO

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from intake.language import LANGUAGES, Language
from intake.qr.codes import QUIET_ZONE, landing_url, matrix
from intake.qr.pdf import Paper, pdf
from intake.qr.poster import ADDRESS_LIMIT, Poster, wording
from intake.qr.token import fresh_token
from tests.intake.qr.posters import (
    DPI,
    PUBLIC_URL,
    TOKEN,
    a_logo,
    a_poster,
    corners,
    pages,
    read,
    texts,
)

URL = a_poster().url
ON_A_PAGE = {Paper.A4: 1, Paper.A5: 1, Paper.STICKERS: 12}
SIZES_MM = {Paper.A4: (210, 297), Paper.A5: (148, 209.3), Paper.STICKERS: (210, 297)}
HOSTILE_NAMES = [
    "",
    "   \t\r\n ",
    "M" * 5000,
    "Instalasi Perawatan Intensif Neonatus dan Anak Gedung Cempaka Lantai Dua Belas Sayap Timur",
    "kata " * 400,
    "قسم الطوارئ والحوادث",
    "\u202eitaleM gnauR\u202c",
    "Ruang\x00\x07\x1b[2J Melati\x9f",
    "<b>Melati</b><script>alert(1)</script>&amp;",
    ") Tj ET Q /XObject Do (",
    "\\( \\) %PDF-1.7 endstream endobj",
    "%(count)s {unit} {{ 7*7 }}",
    "病棟 🚑 ☠",
    "\ud800\udfff",
    "a\u0301" * 300,
]

every_paper = pytest.mark.parametrize("paper", Paper)
every_language = pytest.mark.parametrize("language", LANGUAGES)


@every_paper
@every_language
def test_c38_every_kind_reads_at_print_size(paper: Paper, language: Language) -> None:
    (page,) = pages(pdf([a_poster(language=language, logo=a_logo())], paper))

    assert read(page) == [URL] * ON_A_PAGE[paper]


@every_paper
def test_c38_black_and_white_alone_reads(paper: Paper) -> None:
    (page,) = pages(pdf([a_poster(accent="#f2c14e")], paper))

    assert read(page.point(lambda grey: 255 if grey > 127 else 0)) == [URL] * ON_A_PAGE[paper]
    assert read(page.convert("1").convert("L")) == [URL] * ON_A_PAGE[paper]


@every_paper
@pytest.mark.parametrize("angle", [-4, 2.5])
def test_c38_a_crooked_and_soft_photograph_reads(paper: Paper, angle: float) -> None:
    (page,) = pages(pdf([a_poster()], paper))

    photo = page.rotate(angle, fillcolor=255, expand=True).filter(ImageFilter.GaussianBlur(1.2))

    assert read(photo) == [URL] * ON_A_PAGE[paper]


@every_paper
@pytest.mark.parametrize("public_url", ["http://a", PUBLIC_URL, "https://" + "panjang-" * 6 + "x"])
@pytest.mark.parametrize("token", [TOKEN, "x" * 62])
def test_the_code_is_30_mm_wide_at_least(paper: Paper, public_url: str, token: str) -> None:
    (page,) = pages(pdf([a_poster(url=landing_url(public_url, token))], paper), dpi=300)

    sides = [(right - left) / 300 * 25.4 for left, _, right, _ in corners(page)]

    assert len(sides) == ON_A_PAGE[paper]
    assert min(sides) >= 30


@every_paper
@every_language
def test_four_modules_around_the_code_are_white(paper: Paper, language: Language) -> None:
    (page,) = pages(pdf([a_poster(language=language)], paper), dpi=300)
    modules = len(matrix(URL, "Q")) - 2 * QUIET_ZONE

    codes = corners(page)

    assert len(codes) == ON_A_PAGE[paper]
    for left, top, right, bottom in codes:
        quiet = 4 * (right - left) / modules
        framed = page.crop((left - quiet, top - quiet, right + quiet, bottom + quiet))
        ring = int(quiet) - 2
        framed.paste(255, (ring, ring, framed.width - ring, framed.height - ring))
        assert framed.getextrema() == (255, 255)


@every_paper
@every_language
def test_a_poster_says_everything_in_both_languages(paper: Paper, language: Language) -> None:
    (text,) = texts(pdf([a_poster(language=language)], paper))
    flat = " ".join(text.split())

    for fact in ("RS Contoh Sehat", "Ruang Melati – Lantai 3", "MELATI-7T", "0800-0000-123"):
        assert flat.count(fact) == ON_A_PAGE[paper]
    assert flat.count("lapor.contohsehat.example") == ON_A_PAGE[paper]
    for spoken in LANGUAGES:
        words = wording(spoken)
        for sentence in (words.question, words.scan_or_type, words.no_name):
            assert sentence in flat
    first, second = (flat.index(wording(spoken).question) for spoken in a_poster().languages)
    assert (first < second) == (language == "id")
    assert TOKEN not in flat


def test_every_sentence_is_written_in_indonesian() -> None:
    indonesian, english = wording("id"), wording("en")

    assert indonesian.question == "Ada keluhan, saran, pertanyaan?"
    assert indonesian.scan_or_type == "Pindai atau ketik:"
    for name in type(english).__dataclass_fields__:
        assert getattr(indonesian, name) != getattr(english, name)


@every_paper
@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=range(len(HOSTILE_NAMES)))
def test_no_name_spoils_a_poster(paper: Paper, name: str) -> None:
    data = pdf([a_poster(unit=name, hospital=name, code=name, phone=name)], paper)

    (page,) = pages(data)
    assert read(page) == [URL] * ON_A_PAGE[paper]
    assert nothing_reaches_the_edge(data)


def test_a_unit_whose_letters_are_unknown_is_called_by_its_code() -> None:
    (text,) = texts(pdf([a_poster(unit="قسم الطوارئ")]))

    assert text.count("MELATI-7T") == 2


def test_markup_is_printed_as_it_is_written() -> None:
    (text,) = texts(pdf([a_poster(unit="<b>Melati</b>")]))

    assert "<b>Melati</b>" in text


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=120), st.text(max_size=40), st.sampled_from(Paper))
def test_c38_any_name_leaves_the_code_readable(unit: str, code: str, paper: Paper) -> None:
    data = pdf([a_poster(unit=unit, code=code)], paper)

    assert read(pages(data)[0]) == [URL] * ON_A_PAGE[paper]
    assert nothing_reaches_the_edge(data)


def nothing_reaches_the_edge(data: bytes) -> bool:
    """Tell whether 4 mm of every edge stay white: printers cannot ink them."""
    margin = round(4 / 25.4 * DPI)
    for page in pages(data):
        inner = (margin, margin, page.width - margin, page.height - margin)
        edge = page.copy()
        edge.paste(255, inner)
        if edge.getextrema() != (255, 255):
            return False
    return True


@every_paper
def test_the_paper_has_its_size(paper: Paper) -> None:
    page = pypdfium2.PdfDocument(pdf([a_poster()], paper))[0]

    measured = [side / 72 * 25.4 for side in page.get_size()]

    assert measured == pytest.approx(SIZES_MM[paper], abs=0.8)


def fifty() -> list[Poster]:
    return [
        a_poster(
            unit=f"Bangsal {number}",
            code=f"BS-{number}-1K",
            url=landing_url(PUBLIC_URL, fresh_token()),
            logo=a_logo(),
        )
        for number in range(1, 51)
    ]


def test_fifty_wards_come_in_one_file_in_order() -> None:
    wards = fifty()

    data = pdf(wards)

    assert [read(page) for page in pages(data, dpi=75)] == [[ward.url] for ward in wards]
    for ward, text in zip(wards, texts(data), strict=True):
        assert ward.unit in text
        assert ward.code in text
    assert len(data) < 1_000_000


def test_fifty_wards_share_sheets_of_stickers() -> None:
    wards = fifty()

    sheets = pages(pdf(wards, Paper.STICKERS, copies=1))

    assert [len(read(sheet)) for sheet in sheets] == [12, 12, 12, 12, 2]
    assert {url for sheet in sheets for url in read(sheet)} == {ward.url for ward in wards}


@every_paper
def test_the_same_facts_give_the_same_bytes(paper: Paper) -> None:
    script = (
        "import hashlib; from intake.qr.pdf import Paper, pdf;"
        "from tests.intake.qr.posters import a_logo, a_poster;"
        f"print(hashlib.sha256(pdf([a_poster(logo=a_logo())], Paper({paper.value!r}))).hexdigest())"
    )

    seen = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Jayapura"))
    }

    assert len(seen) == 1


def test_the_typeface_travels_with_the_paper() -> None:
    page = pypdfium2.PdfDocument(pdf([a_poster()]))[0]

    fonts = [
        pdfium.FPDFTextObj_GetFont(shape)
        for shape in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT])
    ]

    assert fonts
    assert all(pdfium.FPDFFont_GetIsEmbedded(font) for font in fonts)


@pytest.mark.parametrize(("across", "up"), [(400, 400), (2000, 60), (60, 2000), (1, 1)])
def test_a_logo_of_any_shape_finds_its_place(across: int, up: int) -> None:
    logo = BytesIO()
    Image.new("RGB", (across, up), "#0b5563").save(logo, "PNG")

    data = pdf([a_poster(logo=logo.getvalue(), hospital="RSUD Contoh Sehat " * 4)])

    assert read(pages(data)[0]) == [URL]
    assert nothing_reaches_the_edge(data)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"logo": b""}, "no picture"),
        ({"logo": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}, "no picture"),
        ({"logo": a_logo()[:300]}, "no picture"),
        ({"accent": "teal"}, "#rrggbb"),
        ({"accent": "#0b5563 "}, "#rrggbb"),
        ({"url": "lapor"}, "whole web address"),
        ({"address": "x" * (ADDRESS_LIMIT + 1)}, "at most"),
        ({"language": "fr"}, "printed in"),
    ],
)
def test_bad_facts_are_refused_in_words(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        a_poster(**changes)


def test_a_huge_logo_is_refused_before_it_is_unpacked() -> None:
    logo = BytesIO()
    Image.new("1", (4000, 4000)).save(logo, "PNG")

    with pytest.raises(ValueError, match="pixels"):
        a_poster(logo=logo.getvalue())


def test_an_empty_order_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to print"):
        pdf([])
    with pytest.raises(ValueError, match="nothing to print"):
        pdf([a_poster()], Paper.STICKERS, copies=0)


def test_an_address_never_shows_a_password() -> None:
    assert a_poster(url="https://someone:secret@lapor.example.org:8443/q/x").shown_address == (
        "lapor.example.org:8443"
    )
