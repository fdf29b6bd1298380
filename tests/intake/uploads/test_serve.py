"""A stored file goes out as something to save, in whole or in part, and never runs."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from core.ground.storage import Storage
from intake.uploads.serve import download, show
from tests.intake.uploads import samples

CONTENT = b"".join(number.to_bytes(4, "big") for number in range(175_000))


async def chunks(content: bytes) -> AsyncIterator[bytes]:
    yield content


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[tuple[ClientSession, Storage]]:
    storage = Storage.open(tmp_path, reserve=0)

    async def answer(request: web.Request) -> web.StreamResponse:
        query = request.query
        mime = query.get("mime", "image/jpeg")
        if request.path == "/show":
            return await show(request, storage, query["key"])
        return await download(request, storage, query["key"], name=query["name"], mime=mime)

    app = web.Application()
    app.router.add_get("/{path}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as session:
        yield session, storage
    await runner.cleanup()


Site = tuple[ClientSession, Storage]


async def test_a_file_is_offered_to_save_and_cannot_run(site: Site) -> None:
    session, storage = site
    stored = await storage.put_stream(chunks(CONTENT))

    query = {"key": stored.key, "name": 'foto "ü"\r\nX: 1; a.jpg'}
    async with session.get("/file", params=query) as answer:
        assert answer.status == 200
        assert await answer.read() == CONTENT
        headers = answer.headers

    assert headers["Content-Type"] == "image/jpeg"
    assert (
        headers["Content-Disposition"]
        == "attachment; filename*=UTF-8''foto%20_%C3%BC_%20X_%201%3B%20a.jpg"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("form", ["JPEG", "WEBP"])
async def test_a_display_copy_is_shown_inline(site: Site, form: str) -> None:
    session, storage = site
    copy = samples.picture(form)
    stored = await storage.put_stream(chunks(copy))

    async with session.get("/show", params={"key": stored.key}) as answer:
        assert answer.headers["Content-Disposition"] == "inline"
        assert answer.headers["Content-Type"] == f"image/{form.lower()}"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert await answer.read() == copy


@pytest.mark.parametrize(
    "content", [b"<svg onload=alert(1)>", samples.pdf(b"<< >>"), b"x"], ids=["svg", "pdf", "x"]
)
async def test_nothing_but_a_drawn_picture_is_shown_inline(site: Site, content: bytes) -> None:
    session, storage = site
    stored = await storage.put_stream(chunks(content))

    for key in (stored.key, "ab/" + "ab" * 32):
        async with session.get("/show", params={"key": key}) as answer:
            assert answer.status == 404


@pytest.mark.parametrize("mime", ["text/html", "image/svg+xml", "x", ""])
async def test_a_type_outside_the_table_is_bytes(site: Site, mime: str) -> None:
    session, storage = site
    stored = await storage.put_stream(chunks(b"x"))

    async with session.get("/f", params={"key": stored.key, "name": "a", "mime": mime}) as answer:
        assert answer.headers["Content-Type"] == "application/octet-stream"


RANGES = (
    ("bytes=0-9", 206, CONTENT[:10], "bytes 0-9/700000"),
    ("bytes=699990-", 206, CONTENT[-10:], "bytes 699990-699999/700000"),
    ("bytes=-10", 206, CONTENT[-10:], "bytes 699990-699999/700000"),
    ("bytes=10-9999999", 206, CONTENT[10:], "bytes 10-699999/700000"),
    ("bytes=700000-", 416, None, "bytes */700000"),
    ("bytes=1-2,5-6", 200, CONTENT, None),
    ("lines=1-2", 200, CONTENT, None),
    ("bytes=x-y", 200, CONTENT, None),
)


@pytest.mark.parametrize(
    ("asked", "status", "content", "told"), RANGES, ids=[asked for asked, *_ in RANGES]
)
async def test_one_range_can_be_had(
    site: Site, asked: str, status: int, content: bytes | None, told: str | None
) -> None:
    session, storage = site
    stored = await storage.put_stream(chunks(CONTENT))

    query = {"key": stored.key, "name": "a.jpg"}
    async with session.get("/f", params=query, headers={"Range": asked}) as answer:
        assert answer.status == status
        assert answer.headers.get("Content-Range") == told
        if content is not None:
            assert await answer.read() == content


async def test_head_tells_the_size_only(site: Site) -> None:
    session, storage = site
    stored = await storage.put_stream(chunks(CONTENT))

    async with session.head("/f", params={"key": stored.key, "name": "a.jpg"}) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Length"] == "700000"
        assert await answer.read() == b""


async def test_an_empty_file_can_be_had(site: Site) -> None:
    session, storage = site
    stored = await storage.put_stream(chunks(b""))

    async with session.get("/f", params={"key": stored.key, "name": "a.txt"}) as answer:
        assert (answer.status, await answer.read()) == (200, b"")


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "ab/" + "ab" * 32])
async def test_what_is_not_stored_is_not_found(site: Site, key: str) -> None:
    session, _ = site

    async with session.get("/f", params={"key": key, "name": "a"}) as answer:
        assert answer.status == 404
