"""A file is judged by its content and by its name; what is not plainly allowed is locked away."""

import io
import os
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.uploads.kinds import MIMES
from intake.uploads.reasons import SENTENCES, Reason
from intake.uploads.types import Verdict, judge
from tests.intake.uploads import samples

XXE = '<!ENTITY e SYSTEM "file:///etc/passwd">'
ALLOWED = (
    # name, declaration, content, kind
    ("foto.jpg", "image/jpeg", samples.picture("JPEG"), "jpeg"),
    ("foto.JPEG", "image/jpg", samples.picture("JPEG"), "jpeg"),
    ("layar.png", "image/png", samples.picture("PNG"), "png"),
    ("gerak.gif", "image/gif", samples.picture("GIF"), "gif"),
    ("wa.webp", "image/webp", samples.picture("WEBP"), "webp"),
    ("IMG_1.HEIC", "", samples.box(b"heic"), "heic"),
    ("surat.pdf", "application/pdf", samples.pdf(b"<< /Type /Catalog >>"), "pdf"),
    ("surat.docx", "application/octet-stream", samples.office(), "docx"),
    ("daftar.xlsx", "", samples.office(samples.SHEET), "xlsx"),
    ("surat.odt", "application/vnd.oasis.opendocument.text", samples.odt(), "odt"),
    ("surat.doc", "application/msword", samples.ole("Root Entry", "WordDocument"), "doc"),
    ("daftar.xls", "application/vnd.ms-excel", samples.ole("Root Entry", "Workbook"), "xls"),
    ("catatan.txt", "text/plain", "Halo — perawat\r\n\tbaik".encode(), "txt"),
    ("catatan.txt", "text/plain", "Halo".encode("utf-16"), "txt"),
    ("catatan.txt", "text/plain", "Halo caf\xe9".encode("latin-1"), "txt"),
    ("data.csv", "application/vnd.ms-excel", b"nama;nilai\r\nA;1\r\n", "csv"),
    ("suara.mp3", "audio/mpeg", b"ID3\x04\0\0\0\0\0\0" + bytes(50), "mp3"),
    ("suara.mp3", "audio/mp3", b"\xff\xfb\x90\x64" + bytes(50), "mp3"),
    ("suara.m4a", "audio/x-m4a", samples.box(b"M4A "), "m4a"),
    ("suara.aac", "audio/aac", b"\xff\xf1\x50\x80" + bytes(50), "aac"),
    ("suara.ogg", "audio/ogg", samples.ogg(b"\x01vorbis"), "ogg"),
    ("suara.ogg", "audio/ogg", samples.ogg(b"OpusHead"), "opus"),
    ("suara.opus", "", samples.ogg(b"OpusHead"), "opus"),
    ("suara.wav", "audio/x-wav", samples.wav(), "wav"),
    ("suara.amr", "audio/amr", b"#!AMR\n" + bytes(50), "amr"),
    ("film.mp4", "video/mp4", samples.box(b"isom"), "mp4"),
    ("film.3gp", "video/3gpp", samples.box(b"3gp4"), "3gp"),
    ("film.mov", "video/quicktime", samples.box(b"qt  "), "mov"),
    ("film.webm", "audio/webm", b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm" + bytes(9), "webm"),
    ("blob", "image/jpeg", samples.picture("JPEG"), "jpeg"),
    (
        "tautan.docx",
        "",
        samples.office(extra={"w/_rels/d.rels": samples.link("hyperlink")}),
        "docx",
    ),
)

QUARANTINED = (
    # name, declaration, content, reason
    ("kosong.jpg", "image/jpeg", b"", Reason.EMPTY),
    ("foto.png", "image/png", samples.picture("JPEG"), Reason.NAME_DISAGREES),
    ("foto.jpg.exe", "image/jpeg", samples.picture("JPEG"), Reason.NAME_DISAGREES),
    ("catatan.html", "text/plain", b"hanya teks", Reason.NAME_DISAGREES),
    ("foto.jpg", "application/pdf", samples.picture("JPEG"), Reason.DECLARATION_DISAGREES),
    ("foto.jpg", "text/html", samples.picture("JPEG"), Reason.DECLARATION_DISAGREES),
    ("x.jpg", "", b"\x01\x02\x03\x04acak", Reason.UNKNOWN_TYPE),
    ("x.txt", "", b"teks" * 2000 + b"\0biner", Reason.UNKNOWN_TYPE),
    ("gambar.jpg", "image/jpeg", b"<svg onload=alert(1)>", Reason.FORBIDDEN_TYPE),
    ("gambar.svg", "image/svg+xml", b"<?xml version='1.0'?><svg/>", Reason.FORBIDDEN_TYPE),
    ("x.txt", "text/plain", b" \n<!DOCTYPE html><p>", Reason.FORBIDDEN_TYPE),
    ("x.txt", "text/plain", b"\xef\xbb\xbf<html>", Reason.FORBIDDEN_TYPE),
    ("x.txt", "text/plain", "<script>alert(1)</script>".encode("utf-16"), Reason.FORBIDDEN_TYPE),
    ("x.pdf", "application/pdf", b"MZ\x90\0" + bytes(60), Reason.FORBIDDEN_TYPE),
    ("x.txt", "text/plain", b"#!/bin/sh\nrm -rf /", Reason.FORBIDDEN_TYPE),
    ("x.doc", "application/msword", rb"{\rtf1 \object}", Reason.FORBIDDEN_TYPE),
    ("x.jpg", "", b"\x7fELF" + bytes(60), Reason.FORBIDDEN_TYPE),
    ("arsip.zip", "application/zip", samples.archive({"a.txt": "a"}), Reason.FORBIDDEN_TYPE),
    ("arsip.docx", "", samples.archive({"a.txt": "a"}), Reason.FORBIDDEN_TYPE),
    ("x.msg", "", samples.ole("Root Entry", "__properties_version1.0"), Reason.FORBIDDEN_TYPE),
    # one thing to us, another to a browser
    ("x.gif", "image/gif", b"GIF89a/*\0\0" + bytes(9) + b"*/=1;alert(1)", Reason.DISGUISED),
    (
        "x.jpg",
        "image/jpeg",
        samples.picture() + b"<html><script>alert(1)</script>",
        Reason.DISGUISED,
    ),
    ("x.jpg", "image/jpeg", b"\xff\xd8\xff\xe0/*aa" + bytes(99) + b"*/alert(1)", Reason.DISGUISED),
    ("x.png", "image/png", samples.picture("PNG") + b"<?php system($_GET[0]);", Reason.DISGUISED),
    (
        "x.gif",
        "image/gif",
        samples.picture("GIF") + samples.archive({"a.js": "x"}),
        Reason.DISGUISED,
    ),
    ("x.gif", "image/gif", samples.picture("GIF") + samples.pdf(b"<<>>"), Reason.DISGUISED),
    ("x.pdf", "application/pdf", samples.pdf(b"<< >>") + b"<HTML >", Reason.DISGUISED),
    ("x.pdf", "application/pdf", samples.pdf(b"<< >>") + samples.office(), Reason.DISGUISED),
    ("x.pdf", "application/pdf", b"junk <script > " + samples.pdf(b"<< >>"), Reason.DISGUISED),
    ("x.mp3", "audio/mpeg", b"ID3\x04" + bytes(1 << 20) + b"<ScRiPt>", Reason.DISGUISED),
    # office documents that run or load something
    ("x.docx", "", samples.office(extra={"word/vbaProject.bin": "x"}), Reason.MACROS),
    ("x.docx", "", samples.office(extra={"word/activeX/activeX1.xml": "<a/>"}), Reason.MACROS),
    ("x.docm", "", samples.office(samples.MACRO_WORD), Reason.MACROS),
    ("x.xls", "", samples.ole("Root Entry", "Workbook", "_VBA_PROJECT_CUR"), Reason.MACROS),
    ("x.odt", "", samples.odt({"Basic/Standard/M.xml": "x"}), Reason.MACROS),
    ("x.docx", "", samples.ole("Root Entry", "EncryptedPackage"), Reason.ENCRYPTED),
    (
        "x.docx",
        "",
        samples.office(extra={"w/_rels/d.rels": samples.link("attachedTemplate")}),
        Reason.EXTERNAL_CONTENT,
    ),
    (
        "x.xlsx",
        "",
        samples.office(samples.SHEET, {"x/a.xml": f"<!DOCTYPE a [{XXE}]><a>&e;</a>"}),
        Reason.EXTERNAL_CONTENT,
    ),
    (
        "x.docx",
        "",
        samples.office(extra={"_rels/x.rels": f"<!DOCTYPE a [{XXE}]><a>&e;</a>"}),
        Reason.EXTERNAL_CONTENT,
    ),
    ("x.docx", "", samples.office(extra={"_rels/x.rels": "<a><b></a>"}), Reason.BROKEN_PACKAGE),
    ("x.docx", "", b"junk" + samples.office(), Reason.UNKNOWN_TYPE),
    ("x.docx", "", samples.office() + b"tail", Reason.BROKEN_PACKAGE),
    ("x.docx", "", samples.office()[:-30], Reason.BROKEN_PACKAGE),
)  # fmt: skip - a table


def named(table: Sequence[tuple[str, str, bytes, object]]) -> list[str]:
    """Name the rows without their bytes, which differ from one process to the next."""
    return [f"{row}-{name}-{outcome}" for row, (name, _, _, outcome) in enumerate(table)]


def judged(folder: Path, content: bytes, name: str = "x", declared: str = "") -> Verdict:
    path = folder / "berkas"
    path.write_bytes(content)
    return judge(path, name, declared)


@pytest.mark.parametrize(("name", "declared", "content", "kind"), ALLOWED, ids=named(ALLOWED))
def test_an_honest_file_is_accepted(
    tmp_path: Path, name: str, declared: str, content: bytes, kind: str
) -> None:
    verdict = judged(tmp_path, content, name, declared)

    assert (verdict.kind, verdict.reason) == (kind, None)


@pytest.mark.parametrize(
    ("name", "declared", "content", "reason"), QUARANTINED, ids=named(QUARANTINED)
)
def test_a_doubtful_file_is_quarantined_with_its_reason(
    tmp_path: Path, name: str, declared: str, content: bytes, reason: Reason
) -> None:
    verdict = judged(tmp_path, content, name, declared)

    assert verdict.reason is reason


PDFS = (
    (samples.pdf(b"<< /Type /Catalog >>"), ()),
    (
        samples.pdf(b"<< /OpenAction << /S /JavaScript /JS (x) >> >>"),
        ("javascript", "open_action"),
    ),
    (samples.pdf(b"<< /S /J#61vaScript >>"), ("javascript",)),
    (samples.pdf(b"<< /S /Launch /F (cmd) >>"), ("launch",)),
    (samples.pdf(b"<< /Names << /EmbeddedFiles 3 0 R >> >>"), ("embedded_file",)),
    (samples.pdf(b"<< /Encrypt 4 0 R >>"), ("encrypted",)),
    (samples.pdf_with_hidden(b"<< /S /JavaScript /JS (x) >>"), ("javascript",)),
    (b"junk\n" + samples.pdf(b"<< >>"), ("junk_before_header",)),
    (samples.pdf(b"<< /JSON 1 /AAA 2 /Launcher 3 >>"), ()),
    (samples.pdf(b"x" * (1 << 20) + b"<< /AA << >> >>"), ("open_action",)),
)


@pytest.mark.parametrize(("content", "flags"), PDFS, ids=[str(flags) for _, flags in PDFS])
def test_a_pdf_that_does_something_by_itself_is_flagged(
    tmp_path: Path, content: bytes, flags: tuple[str, ...]
) -> None:
    verdict = judged(tmp_path, content, "surat.pdf", "application/pdf")

    assert (verdict.reason, verdict.flags) == (None, flags)


def _lying_sizes() -> bytes:
    """Two entries that share their compressed bytes, as in an overlapping bomb."""
    package = samples.office(extra={"big.xml": bytes(3_000_000)})
    end = package.rindex(b"PK\x05\x06")
    start = int.from_bytes(package[end + 16 : end + 20], "little")
    directory = package[start:end]
    at = directory.rindex(b"PK\x01\x02")
    again = directory[at:].replace(b"big.xml", b"bi2.xml")
    huge = again[:20] + (len(package) * 2).to_bytes(4, "little") + again[24:]
    count = (int.from_bytes(package[end + 8 : end + 10], "little") + 1).to_bytes(2, "little")
    size = (len(directory) + len(huge)).to_bytes(4, "little")
    tail = package[end : end + 8] + count + count + size + package[end + 16 :]
    return package[:end] + huge + tail


def _many_entries() -> bytes:
    return samples.office(extra={f"a{number}": "" for number in range(7_000)})


@pytest.mark.parametrize(
    "build",
    [
        lambda: samples.office(extra={"bomb.xml": bytes(100_000_000)}),
        lambda: samples.office(extra={"bomb.xml": bytes(50_000_000)}),
        lambda: samples.office(extra={"[Content_Types].xml": " " * 3_000_000}),
        lambda: samples.office(extra={f"{n}.rels": os.urandom(90_000).hex() for n in range(30)}),
        _lying_sizes,
        _many_entries,
    ],
    ids=["100 MB", "ratio", "long part", "relations", "overlap", "7000 entries"],
)
def test_a_bomb_is_quarantined(tmp_path: Path, build: Callable[[], bytes]) -> None:
    content = build()

    verdict = judged(tmp_path, content, "x.docx")

    assert verdict.reason is Reason.PACKAGE_TOO_LARGE


def test_a_locked_or_strangely_packed_archive_is_quarantined(tmp_path: Path) -> None:
    plain = samples.office()
    locked = plain.replace(b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\x01\0")
    strange = samples.archive({"[Content_Types].xml": "<Types/>"}, zipfile.ZIP_LZMA)

    assert locked != plain
    assert judged(tmp_path, locked, "x.docx").reason is Reason.ENCRYPTED
    assert judged(tmp_path, strange, "x.docx").reason is Reason.BROKEN_PACKAGE


@pytest.mark.parametrize("extension", ["docx", "odt", "pdf"])
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_bent_document_is_judged_like_any_other(
    tmp_path_factory: pytest.TempPathFactory, extension: str, data: st.DataObject
) -> None:
    whole = {
        "docx": samples.office(extra={"w/_rels/d.rels": samples.link("hyperlink")}),
        "odt": samples.odt(),
        "pdf": samples.pdf_with_hidden(b"<< /S /JavaScript >>"),
    }[extension]
    bent = bytearray(whole)
    for position in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=6)):
        bent[position] = data.draw(st.integers(0, 255))

    verdict = judged(tmp_path_factory.getbasetemp(), bytes(bent), f"x.{extension}")

    assert verdict.accepted is (verdict.mime in MIMES and verdict.reason is None)


def test_two_entries_in_one_place_are_no_package(tmp_path: Path) -> None:
    whole = samples.office(extra={"word/media/gambar.png": "tidak dibaca"})
    bent = bytearray(whole)
    first, last = bent.index(b"PK\x01\x02"), bent.rindex(b"PK\x01\x02")
    bent[last + 42 : last + 46] = bent[first + 42 : first + 46]  # where its content begins

    assert judged(tmp_path, whole, "x.docx").accepted
    assert judged(tmp_path, bytes(bent), "x.docx").reason is Reason.BROKEN_PACKAGE


def test_two_entries_of_one_name_are_no_package(tmp_path: Path) -> None:
    target = io.BytesIO(samples.office())
    with zipfile.ZipFile(target, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
        package.writestr("main.xml", "lain")

    assert judged(tmp_path, target.getvalue(), "x.docx").reason is Reason.BROKEN_PACKAGE


@pytest.mark.parametrize(
    "unit",
    [b"/", b"#41", b"/ObjStm", b"/ObjStm stream\n", b"/JS", os.urandom(1000)],
    ids=["slash", "escape", "objects", "streams", "names", "noise"],
)
def test_hostile_megabytes_of_pdf_are_looked_through(tmp_path: Path, unit: bytes) -> None:
    content = b"%PDF-1.7\n" + unit * (
        2_000_000 // len(unit)
    )  # how the time grows: bench/hostile.py

    assert judged(tmp_path, content, "x.pdf").kind == "pdf"


def test_more_object_streams_than_we_look_into_are_said(tmp_path: Path) -> None:
    content = samples.pdf(*[b"<< /Type /ObjStm >>\nstream\nx\nendstream"] * 500)

    assert judged(tmp_path, content, "x.pdf").flags == ("opaque",)


def test_a_large_film_is_judged_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "berkas"
    with path.open("wb") as file:
        file.write(samples.box(b"isom"))
        file.truncate(100 << 20)

    assert judge(path, "film.mp4", "video/mp4").accepted


@given(
    content=st.binary(max_size=300)
    | st.builds(
        bytes.__add__,
        st.sampled_from([content for _, _, content, _ in ALLOWED]).map(lambda whole: whole[:2000]),
        st.binary(max_size=50),
    ),
    name=st.text(max_size=20),
    declared=st.text(max_size=20),
)
@settings(max_examples=400, deadline=None)
def test_no_content_name_or_declaration_makes_it_fail(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str, declared: str
) -> None:
    verdict = judged(tmp_path_factory.getbasetemp(), content, name, declared)

    assert verdict.accepted is (verdict.mime in MIMES and verdict.reason is None)


def test_every_reason_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Reason)
    assert all(sentence.endswith(".") for sentence in SENTENCES.values())
