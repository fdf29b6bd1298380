"""What an unkind network or browser gets."""

import asyncio
import logging
import time

import aiohttp
import pytest
from selectolax.lexbor import LexborHTMLParser

from core.runtime import Runtime
from core.tickets.desk import Desk
from intake.app import HEAD_SECONDS
from intake.pages import SECURITY_HEADERS
from tests.builders import TOKEN, set_to, submission
from tests.intake.channels.web.forms import get, post, serve

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", f"/q/{TOKEN}", 200),
        ("GET", "/privacy", 200),
        ("GET", "/styleguide", 200),
        ("GET", "/static/kiss.css", 200),
        ("GET", "/house.css", 200),
        ("GET", "/robots.txt", 200),
        ("GET", "/t/xxx", 303),
        ("GET", "/thanks", 200),
        ("GET", "/nowhere", 404),
        ("GET", "/static/../../core/tickets/desk.py", 404),
        ("GET", "/static/%2e%2e/kiss.css", 404),
        ("GET", "/logo", 404),
        ("PUT", "/", 405),
        ("TRACE", "/", 405),
        ("POST", "/privacy", 405),
    ],
)
async def test_every_answer_carries_the_house_rules(
    visitor: aiohttp.ClientSession, method: str, path: str, status: int
) -> None:
    async with visitor.request(method, path, allow_redirects=False) as answer:
        assert answer.status == status
        for name in set(SECURITY_HEADERS) - {"Cache-Control"}:
            assert answer.headers[name] == SECURITY_HEADERS[name]
        assert "Server" not in answer.headers
        if answer.content_type == "text/html":
            assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("kind", "body", "status", "title"),
    [
        ("application/json", b"{}", 415, "Kiriman jenis ini tidak dapat kami baca"),
        ("text/plain", b"story=x", 415, "Kiriman jenis ini tidak dapat kami baca"),
        ("multipart/form-data", b"", 400, "Permintaan itu tidak terbaca"),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nnonsense",
            400,
            "Permintaan itu tidak terbaca",
        ),
        (FORM, b"x=1&" * 200, 413, "Kirimannya terlalu besar"),
        (FORM, b"story=" + b"x" * 600_000, 413, "Kirimannya terlalu besar"),
    ],
)
async def test_what_cannot_be_read_gets_a_sentence(
    visitor: aiohttp.ClientSession, kind: str, body: bytes, status: int, title: str
) -> None:
    async with visitor.post("/", data=body, headers={"Content-Type": kind}) as answer:
        page = LexborHTMLParser(await answer.text())
        assert answer.status == status

    heading = page.css_first("h1")
    assert heading is not None
    assert heading.text() == title


async def test_a_file_over_the_operators_limit_is_left_out_with_advice_and_the_rest_stays(
    runtime: Runtime,
) -> None:
    async with serve(set_to(runtime, file_limit=2000)) as visitor:
        fields = (await get(visitor, "/")).fields() | {"story": "Ada rekamannya."}
        files = {"rekaman.mp4": b"\0\0\0\x18ftypisom" + bytes(2000), "kecil.txt": b"halo"}

        page = await post(visitor, "/", fields, files)

    assert page.status == 413
    problem = page.one("#files-problem")
    assert "rekaman.mp4" in problem
    assert problem.endswith("Kirim yang lebih kecil, atau kirim laporan tanpa berkas itu.")
    assert page.fields()["story"] == "Ada rekamannya."
    assert "kecil.txt" in page.one(".files .name")


async def test_no_page_holds_inline_script_or_style(
    visitor: aiohttp.ClientSession, runtime: Runtime
) -> None:
    receipt = await Desk(runtime).submit(submission())
    paths = ("/", f"/q/{TOKEN}", "/privacy", "/styleguide", f"/t/{receipt.tracking_code}", "/x")

    for path in paths:
        page = await get(visitor, path)
        tree = page.tree
        assert page.status == (404 if path == "/x" else 200)
        assert tree.css("script:not([src]), style, [style], iframe, object, base") == []
        names = {name for node in tree.css("*") for name in node.attributes}
        assert not [name for name in names if name.startswith("on")]


async def test_the_log_holds_no_code_and_no_address(
    visitor: aiohttp.ClientSession, runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    receipt = await Desk(runtime).submit(submission())

    await get(visitor, f"/t/{receipt.tracking_code}")
    await get(visitor, "/nowhere/0800-0000-7777?name=Sari")

    lines = [record.getMessage() for record in caplog.records if record.name == "aiohttp.access"]
    assert [line.rsplit(" ", 2)[0] for line in lines] == [
        "GET /t/{code} 303",
        "GET /tracking 200",
        "GET (none) 404",
    ]
    told = "\n".join(record.getMessage() for record in caplog.records)
    for secret in (receipt.tracking_code, "0800-0000-7777", "Sari", "127.0.0.1"):
        assert secret not in told


async def test_assets_are_kept_for_good_under_their_fingerprint(
    visitor: aiohttp.ClientSession,
) -> None:
    page = await get(visitor, "/")
    link = page.attribute("link[rel=stylesheet]", "href")

    async with visitor.get(link) as answer:
        first = answer.headers["Cache-Control"], answer.headers["ETag"]
    async with visitor.get("/static/kiss.css", headers={"If-None-Match": first[1]}) as answer:
        again = answer.status, answer.headers["Cache-Control"]

    assert first[0].endswith("immutable")
    assert again == (304, "no-cache")


async def test_a_script_file_is_small(visitor: aiohttp.ClientSession) -> None:
    sizes = {}
    for name in ("form.js", "tracking.js", "thanks.js", "kiss.css"):
        async with visitor.get(f"/static/{name}") as answer:
            assert answer.status == 200
            sizes[name] = len(await answer.read())

    for name, size in sizes.items():
        assert 0 < size < (32_000 if name == "kiss.css" else 8_000), name


@pytest.mark.slow
@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "])
async def test_a_head_that_never_ends_is_hung_up_on(
    visitor: aiohttp.ClientSession, begun: bytes
) -> None:
    base = visitor._base_url
    assert base is not None
    reader, writer = await asyncio.open_connection(base.host, base.port)
    started = time.monotonic()

    writer.write(begun)
    async with asyncio.timeout(30):
        rest = await reader.read()
    writer.close()

    assert rest == b""
    assert time.monotonic() - started > HEAD_SECONDS - 1
