"""The parser gives the same events however the bytes are cut, or one kind of error."""

import itertools
from collections.abc import Iterable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.uploads.multipart import (
    Event,
    MalformedMultipart,
    MultipartParser,
    PartBegin,
    PartData,
    PartEnd,
    boundary_of,
)
from tests.intake.uploads.door import BOUNDARY, body, part

Part = tuple[PartBegin, bytes]


def parsed(content: bytes, *cuts: int) -> list[Part]:
    parser = MultipartParser(BOUNDARY, header_bytes=8192)
    edges = [0, *sorted(cuts), len(content)]
    pieces = [content[start:end] for start, end in itertools.pairwise(edges)]
    events = [event for piece in pieces for event in parser.feed(piece)]
    parser.finish()
    return _collected(events)


def _collected(events: Iterable[Event]) -> list[Part]:
    parts: list[Part] = []
    open_part = False
    for event in events:
        match event:
            case PartBegin():
                assert not open_part
                open_part = True
                parts.append((event, b""))
            case PartData(data):
                assert open_part
                assert data
                parts[-1] = (parts[-1][0], parts[-1][1] + data)
            case PartEnd():
                open_part = False
    assert not open_part
    return parts


def header(disposition: str) -> bytes:
    """A body of one part with this disposition."""
    mark = b"--" + BOUNDARY
    return (
        mark + b"\r\nContent-Disposition: " + disposition.encode() + b"\r\n\r\nx\r\n" + mark + b"--"
    )


FORM = body(
    part("isi", "Halo, perawat – baik".encode()),
    part("kosong", b""),
    part("foto", b"\r\n--\r\n----batas7\r\n\0\xff", "foto ü.jpg", "image/jpeg"),
)


def test_a_form_has_its_parts_in_order() -> None:
    text, empty, photo = parsed(FORM)

    assert (text[0].name, text[0].filename, text[1].decode()) == (
        "isi",
        None,
        "Halo, perawat – baik",
    )
    assert (empty[0].name, empty[1]) == ("kosong", b"")
    assert photo[0] == PartBegin(name="foto", filename="foto ü.jpg", content_type="image/jpeg")
    assert photo[1] == b"\r\n--\r\n----batas7\r\n\0\xff"


@given(st.lists(st.integers(0, len(FORM)), max_size=12))
def test_any_cut_gives_the_same_parts(cuts: list[int]) -> None:
    assert parsed(FORM, *cuts) == parsed(FORM)


def test_single_bytes_give_the_same_parts() -> None:
    assert parsed(FORM, *range(len(FORM))) == parsed(FORM)


@given(
    contents=st.lists(st.binary(max_size=80), max_size=5),
    cuts=st.lists(st.integers(0, 900), max_size=8),
)
def test_any_content_comes_out_as_it_went_in(contents: list[bytes], cuts: list[int]) -> None:
    form = body(*[part(f"f{number}", content) for number, content in enumerate(contents)])

    assert [
        content for _, content in parsed(form, *[min(cut, len(form)) for cut in cuts])
    ] == contents


@pytest.mark.parametrize(
    ("disposition", "name", "filename"),
    [
        ('form-data; name="a"', "a", None),
        ("form-data; name=a; filename=b.jpg", "a", "b.jpg"),
        ('FORM-DATA; NAME="a"; FileName="b.jpg"', "a", "b.jpg"),
        ('form-data; name="a"; filename=""', "a", ""),
        ('form-data; name="a"; filename="x;y=z.jpg"', "a", "x;y=z.jpg"),
        (r'form-data; name="a"; filename="x\"y.jpg"', "a", 'x"y.jpg'),
        (r'form-data; name="a"; filename="C:\foto\b.jpg"', "a", r"C:\foto\b.jpg"),
        ('form-data; name="a"; filename="x%22y%0D%0A.jpg"', "a", 'x"y\r\n.jpg'),
        ("form-data; name=a; filename=x; filename*=UTF-8''f%C3%B6to.jpg", "a", "föto.jpg"),
        ("form-data; name=a; filename=x; filename*=utf-7''evil", "a", "x"),
        ("form-data; name=a; filename=x; filename*=garbage", "a", "x"),
        ('form-data; name="_charset_"', "_charset_", None),
        ('form-data; name="a\\', '"a\\', None),
    ],
)
def test_names_are_read_as_browsers_write_them(
    disposition: str, name: str, filename: str | None
) -> None:
    [(begin, _)] = parsed(header(disposition))

    assert (begin.name, begin.filename) == (name, filename)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no boundary at all",
        b"x" * 5000,
        b"--" + BOUNDARY,
        FORM[:-4],
        FORM[:60],
        b"--" + BOUNDARY + b"suffix\r\n\r\n",
        header("attachment; name=a"),
        header("form-data"),
        b"--" + BOUNDARY + b"\r\nX: " + b"y" * 9000,
        b"--" + BOUNDARY + b"\r\nX: " + b"y" * 9000 + b"\r\n\r\n",
        b"--" + BOUNDARY + b"\r\n\r\nno disposition\r\n--" + BOUNDARY + b"--",
    ],
)
def test_a_malformed_body_is_one_kind_of_error(content: bytes) -> None:
    with pytest.raises(MalformedMultipart):
        parsed(content)


@given(
    st.lists(
        st.sampled_from([b"--", b"\r\n", BOUNDARY, b"\r", b"form-data; name=a", b"\0"])
        | st.just(b"Content-Disposition: ")
        | st.binary(max_size=5),
        max_size=30,
    )
)
@settings(max_examples=500)
def test_no_bytes_make_it_fail_otherwise(pieces: list[bytes]) -> None:
    parser = MultipartParser(BOUNDARY, header_bytes=200)

    with suppress(MalformedMultipart):
        for piece in pieces:
            for event in parser.feed(piece):
                assert isinstance(event, PartBegin | PartData | PartEnd)


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data; boundary=abc",
        'multipart/form-data; boundary="abc"',
        "Multipart/Form-Data; charset=utf-8; Boundary=abc; x=y",
    ],
)
def test_the_boundary_is_found(content_type: str) -> None:
    assert boundary_of(content_type) == b"abc"


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        'multipart/form-data; boundary="abc',
        "multipart/mixed; boundary=abc",
        "multipart/form-data; boundary=" + "é",
        "multipart/form-data; xboundary=abc",
        "multipart/form-data;" + " " * 5000,
    ],
)
def test_a_missing_boundary_is_said(content_type: str) -> None:
    with pytest.raises(MalformedMultipart):
        boundary_of(content_type)


@pytest.mark.parametrize("unit", [b"\r\n--", b"\r\n--" + BOUNDARY[:-1]])
def test_megabytes_of_near_boundaries_are_content(unit: bytes) -> None:
    hostile = unit * (2_000_000 // len(unit))  # how the time grows: bench/hostile.py

    [(_, content)] = parsed(body(part("a", hostile)))

    assert content == hostile


def test_hostile_headers_are_one_part() -> None:
    [(_, content)] = parsed(header("form-data; name=a" + ';a="\\' * 1500))

    assert content == b"x"
