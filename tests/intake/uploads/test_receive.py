"""A form is received whole or refused with a sentence; one bad file costs only itself."""

import asyncio
import os
import urllib.parse
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.ground.storage import Storage
from core.ground.text import clean
from intake.uploads.limits import DEFAULT_LIMITS, MEBIBYTE, Limits
from intake.uploads.reasons import Problem, Reason
from intake.uploads.refusals import Aborted, Malformed, Refused, Stalled, TooMuch
from tests.intake.uploads import samples
from tests.intake.uploads.door import Door, body, open_door, part

SMALL = replace(
    DEFAULT_LIMITS,
    file_bytes=1000,
    request_bytes=2500,
    read_bytes=200_000,
    files=3,
    parts=10,
    text_bytes=100,
    body_bytes=2000,
    pace_seconds=1.0,
    pace_bytes=5,
)
TEXT_FILE = b"catatan dari kamar tiga\n"
OpenDoor = Callable[[Limits], AbstractAsyncContextManager[Door]]


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage.open(tmp_path, reserve=0)


@pytest.fixture
async def door(storage: Storage) -> AsyncIterator[Door]:
    async with open_door(storage, SMALL) as opened:
        yield opened


@pytest.fixture
async def wide_door(storage: Storage) -> AsyncIterator[Door]:
    async with open_door(storage, DEFAULT_LIMITS) as opened:
        yield opened


def text_file(size: int, name: str = "catatan.txt") -> bytes:
    return part("berkas", b"a" * size, name, "text/plain")


def nothing_left(folder: Path) -> bool:
    return not list((folder / ".incoming").iterdir())


async def test_a_report_with_two_photos_arrives(wide_door: Door, tmp_path: Path) -> None:
    photo, picture = samples.photo_with_place(), samples.picture("PNG")

    status = await wide_door.post(
        body(
            part("isi", "Kamar mandi lantai 2 kotor – tolong".encode()),
            part("unit", b"A"),
            part("unit", b"B"),
            part("foto", photo, "../IMG 1.jpg"),
            part("foto", picture, "layar.png", "image/png"),
            part("foto", b"", "", "application/octet-stream"),
        )
    )

    form = wide_door.form
    assert status == 200
    assert form.text("isi") == "Kamar mandi lantai 2 kotor – tolong"
    assert (form.texts("unit"), form.text("unit"), form.text("lain")) == (("A", "B"), "B", "")
    assert [(file.field, file.safe_name, file.size) for file in form.files] == [
        ("foto", "IMG 1.jpg", len(photo)),
        ("foto", "layar.png", len(picture)),
    ]
    assert [file.detected_type for file in form.files] == ["image/jpeg", "image/png"]
    assert all(file.display_key for file in form.files)
    assert form.problems == ()
    assert nothing_left(tmp_path)


async def test_a_too_large_file_is_named_and_everything_else_kept(
    door: Door, tmp_path: Path
) -> None:
    status = await door.post(
        body(
            text_file(1000, "pas.txt"),
            text_file(1001, "foto besar.txt"),
            part("isi", b"yang penting"),
            text_file(10, "kecil.txt"),
        )
    )

    assert status == 200
    assert [file.safe_name for file in door.form.files] == ["pas.txt", "kecil.txt"]
    assert door.form.text("isi") == "yang penting"
    assert door.form.problems == (
        Problem(
            field="berkas",
            reason=Reason.FILE_TOO_LARGE,
            name="foto besar.txt",
            size=1001,
            limit=1000,
        ),
    )
    assert nothing_left(tmp_path)


async def test_files_beyond_the_request_are_left_out_but_smaller_ones_still_fit(
    door: Door,
) -> None:
    await door.post(body(*[text_file(size, f"{size}.txt") for size in (900, 900, 950, 700)]))

    assert [file.size for file in door.form.files] == [900, 900]
    assert [(problem.name, problem.reason) for problem in door.form.problems] == [
        ("950.txt", Reason.REQUEST_TOO_LARGE),
        ("700.txt", Reason.TOO_MANY_FILES),
    ]


async def test_files_beyond_the_number_are_left_out(door: Door) -> None:
    await door.post(body(*[text_file(5 + number) for number in range(5)], part("isi", b"ada")))

    assert [file.size for file in door.form.files] == [5, 6, 7]
    assert [problem.reason for problem in door.form.problems] == [Reason.TOO_MANY_FILES] * 2
    assert door.form.text("isi") == "ada"


async def test_an_empty_file_with_a_name_is_kept_as_empty(door: Door) -> None:
    await door.post(body(text_file(0, "kosong.txt")))

    [file] = door.form.files
    assert (file.size, file.verdict.reason) == (0, Reason.EMPTY)


async def test_a_long_text_is_cut_at_a_whole_letter_and_said(door: Door) -> None:
    await door.post(body(part("isi", "é".encode() * 51), part("pas", b"x" * 100)))

    assert door.form.text("isi") == "é" * 50
    assert door.form.text("pas") == "x" * 100
    [problem] = door.form.problems
    assert (problem.field, problem.reason) == ("isi", Reason.TEXT_TOO_LONG)


async def test_hostile_text_is_made_fit_to_be_stored(door: Door) -> None:
    raw = "a\0b\r\ne\u0301".encode() + b"\xff\xed\xa0\x80"
    await door.post(body(part("isi\0", raw), part("_charset_", b"utf-7")))

    assert door.form.text("isi\ufffd") == "a\ufffdb\né" + "\ufffd" * 4


@given(text=st.text(max_size=60), name=st.text(max_size=30), filename=st.text(max_size=30))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_any_text_and_name_is_taken(door: Door, text: str, name: str, filename: str) -> None:
    quoted = [urllib.parse.quote(word, errors="replace") for word in (name, filename)]
    door.forms.clear()

    status = await door.post(
        body(
            part("isi", text.encode(errors="surrogatepass")),
            part(f"x{quoted[0]}", b"1", f"y{quoted[1]}"),
        )
    )

    assert status == 200
    assert door.form.text("isi") == clean(text.encode()[:100].decode(errors="ignore"))
    assert len(door.form.files) == 1


@pytest.mark.parametrize(
    ("content", "status", "refusal"),
    [
        (b"", 400, Malformed),
        (b"junk", 400, Malformed),
        (b"x" * 50_000, 400, Malformed),
        (body(part("a", b"1"))[:-5], 400, Malformed),
        (body(part("isi", b"1")).replace(b'name="isi"', b""), 400, Malformed),
        (body(part("a", b"1")).replace(b"form-data", b"attachment"), 400, Malformed),
        (body(part("a" * 9000, b"1")), 400, Malformed),
        (body(*[part("a", b"")] * 20_000), 413, TooMuch),
        (body(part("a", b"x" * 300_000)), 413, TooMuch),
        (body(text_file(300_000)), 413, TooMuch),
    ],
    ids=[
        "empty",
        "junk",
        "long junk",
        "cut",
        "nameless",
        "attachment",
        "long name",
        "20k parts",
        "long text",
        "long file",
    ],
)  # fmt: skip - a table
async def test_a_body_beyond_reason_is_refused_with_a_sentence(
    door: Door, tmp_path: Path, content: bytes, status: int, refusal: type[Refused]
) -> None:
    answer = await door.post(content)

    assert answer in (status, 0)  # 0: we hung up before reading what comes after the limit
    [refused] = door.refusals
    assert type(refused) is refusal
    assert refused.sentence.endswith(".")
    assert door.forms == []
    assert nothing_left(tmp_path)


async def test_nested_multiparts_are_just_text(door: Door) -> None:
    nested = b"".join(
        b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (depth, depth + 1)
        for depth in range(3000)
    )

    assert await door.post(body(part("isi", nested))) == 200
    assert door.form.text("isi").startswith("--b0")


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("multipart/form-data", 400),
        ("multipart/form-data; boundary=" + "x" * 200, 400),
        ("multipart/form-data; boundary=\xff\xfe", 400),
        ("multipart/mixed; boundary=x", 415),
        ("text/plain", 415),
        ("application/json", 415),
        ("", 415),
    ],
)
async def test_a_content_type_we_cannot_read_is_refused(
    door: Door, content_type: str, status: int
) -> None:
    assert await door.post(body(part("a", b"1")), content_type=content_type) == status


async def test_a_length_longer_than_the_body_is_cut_after_the_pace(door: Door) -> None:
    content = body(part("a", b"1"))[:-4]

    assert await door.post(content, length=len(content) + 100) == 408
    assert type(door.refusals[0]) is Stalled


async def test_a_length_shorter_than_the_body_is_malformed(door: Door) -> None:
    content = body(part("a", b"1"))

    assert await door.post(content, length=len(content) - 10) == 400


async def test_a_steady_slow_line_survives_a_stalled_one_does_not(door: Door) -> None:
    content = body(part("isi", b"pelan tapi pasti"), text_file(40))

    async def slow() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 20):
            yield content[start : start + 20]
            await asyncio.sleep(0.1)

    async def dripping() -> AsyncIterator[bytes]:
        for byte in content:
            if door.refusals:
                return
            yield bytes([byte])
            await asyncio.sleep(0.3)

    assert await door.post(slow(), length=len(content)) == 200
    assert await door.post(dripping(), length=len(content)) == 408
    assert type(door.refusals[0]) is Stalled


@pytest.mark.fault
async def test_an_upload_broken_off_at_99_percent_leaves_nothing(
    wide_door: Door, tmp_path: Path
) -> None:
    content = body(part("foto", os.urandom(3_000_000), "a.jpg"))

    await wide_door.post(content[: len(content) * 99 // 100], length=len(content), hang_up=True)
    async with asyncio.timeout(5):
        while not wide_door.refusals:  # noqa: ASYNC110 - the server tells no event
            await asyncio.sleep(0.01)

    assert type(wide_door.refusals[0]) is Aborted
    assert nothing_left(tmp_path)
    assert [path for path in tmp_path.glob("??/*") if path.is_file()] == []


async def test_a_full_disk_costs_the_file_for_now_not_the_text(tmp_path: Path) -> None:
    full = Storage.open(tmp_path, reserve=1 << 60)
    async with open_door(full, SMALL) as door:
        status = await door.post(body(text_file(10), part("isi", b"tetap ada")))

        [problem] = door.form.problems
        assert status == 200
        assert door.form.text("isi") == "tetap ada"
        assert (problem.reason, problem.temporary) == (Reason.STORAGE_FAULT, True)


async def test_a_urlencoded_form_is_a_form(door: Door) -> None:
    text = urllib.parse.urlencode({"isi": "Halo\0 – é", "kosong": ""}).encode()

    status = await door.post(text, content_type="application/x-www-form-urlencoded")

    assert status == 200
    assert door.form.fields == {"isi": ("Halo\ufffd – é",), "kosong": ("",)}


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"a=%ff%00&&&=x&b", 200), (b"a=1&" * 50, 413), (b"a=" + b"x" * 3000, 413), (b"", 200)],
)
async def test_hostile_urlencoded_forms(door: Door, content: bytes, status: int) -> None:
    answer = await door.post(content, content_type="application/x-www-form-urlencoded")

    assert answer == status


def test_a_problem_is_said_in_the_reader_s_language_and_numbers() -> None:
    problem = Problem(
        field="foto",
        reason=Reason.FILE_TOO_LARGE,
        name="IMG 1.jpg",
        size=130 * MEBIBYTE + 1,
        limit=100 * MEBIBYTE,
    )

    assert problem.say("en") == "IMG 1.jpg is 130.1 MB; the limit is 100 MB."
    assert problem.say("id") == "IMG 1.jpg berukuran 130,1 MB; batasnya 100 MB."


def memory_peak() -> int:
    """The process's largest resident size so far, in MB."""
    [line] = [
        line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line
    ]
    return int(line.split()[1]) // 1024


@pytest.mark.slow
async def test_a_hundred_megabytes_stream_in_bounded_memory(
    wide_door: Door, tmp_path: Path
) -> None:
    block = os.urandom(MEBIBYTE)
    head = part("film", b"", "film.mp4", "video/mp4")[:-2] + samples.box(b"isom")
    filling = 100 * MEBIBYTE - len(samples.box(b"isom"))

    async def film(size: int) -> AsyncIterator[bytes]:
        yield head
        for start in range(0, size, MEBIBYTE):
            yield block[: min(MEBIBYTE, size - start)]
        yield b"\r\n" + body(part("isi", b"ada"))

    Path("/proc/self/clear_refs").write_text("5")  # proc(5): the peak counts from now
    before = memory_peak()
    assert await wide_door.post(film(filling)) == 200
    assert await wide_door.post(film(filling + 1)) == 200
    grown = memory_peak() - before

    kept, refused = wide_door.forms
    assert [file.size for file in kept.files] == [100 * MEBIBYTE]
    assert kept.files[0].verdict.accepted
    assert (refused.files, refused.text("isi")) == ((), "ada")
    assert refused.problems[0].size == 100 * MEBIBYTE + 1
    assert grown < 60
    assert nothing_left(tmp_path)
