import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from core.ground.settings import Settings
from core.opening import open_runtime
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from core.tickets.submission import Receipt, StoredFile
from tests.builders import OFFICER, Hands, submission
from tests.channels.web.forms import get, post, serve
from tests.channels.web.test_reporting import PNG, rows
from tests.channels.web.wire import Wire


async def filed(runtime: Runtime, **changes: object) -> Receipt:
    return await Desk(runtime).submit(submission(**changes))


async def test_the_link_opens_the_ticket_and_leaves_no_code_in_the_address(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt = await filed(runtime)

    async with visitor.get(f"/t/{receipt.tracking_code}", allow_redirects=False) as answer:
        cookie = answer.headers["Set-Cookie"]
        assert (answer.status, answer.headers["Location"]) == (303, "/tracking")
    page = await get(visitor, "/tracking")

    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert page.one("h1") == receipt.number
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in (page.attribute("meta[name=robots]", "content"))
    assert receipt.tracking_code not in page.text


async def test_following_the_link_changes_nothing(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt = await filed(runtime)
    [before] = await rows(runtime, "SELECT * FROM tickets")

    for _ in range(3):
        await get(visitor, f"/t/{receipt.tracking_code}")

    assert await rows(runtime, "SELECT * FROM tickets") == [before]


async def test_the_code_can_be_typed_as_people_type(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt = await filed(runtime)
    typed = receipt.tracking_code.lower().replace("-", " ")

    page = await post(visitor, "/tracking/code", {"code": typed})

    assert page.one("h1") == receipt.number


@pytest.mark.parametrize("code", ["", "0000-0000-0000-0000", "TKT-20261123-0001", "' OR 1=1", "ÄÖ"])
async def test_a_wrong_code_is_told_alike_whatever_is_wrong(
    runtime: Runtime, visitor: aiohttp.ClientSession, code: str
) -> None:
    await filed(runtime)

    page = await post(visitor, "/tracking/code", {"code": code})

    assert page.status == 404
    assert page.one("#code-problem").startswith("Tidak ada laporan dengan kode ini.")


async def test_guessing_is_slowed(visitor: aiohttp.ClientSession) -> None:
    codes = [f"0000-0000-0000-{n:04}" for n in range(35)]

    pages = [await post(visitor, "/tracking/code", {"code": code}) for code in codes]

    assert [page.status for page in pages[:30]] == [404] * 30
    assert pages[-1].status == 429


async def test_a_follow_up_with_a_file_lands_on_the_ticket_once(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt = await filed(runtime)
    page = await get(visitor, f"/t/{receipt.tracking_code}")
    fields = page.fields() | {"story": "Sekarang air juga mati."}

    for _ in range(2):
        after = await post(visitor, "/tracking/message", fields, {"keran.png": PNG})

    assert after.one("[role=status] h2") == "Sudah ditambahkan"
    assert after.all(".message.yours .said")[1:] == ["Sekarang air juga mati."]
    assert await rows(runtime, "SELECT file_name, file_size FROM ticket_attachments") == [
        {"file_name": "keran.png", "file_size": len(PNG)}
    ]
    assert await rows(runtime, "SELECT count(*) FROM tickets") == [{"count": 1}]


async def test_an_addition_edited_after_it_arrived_adds_the_new_words(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    page = await get(visitor, f"/t/{(await filed(runtime)).tracking_code}")

    for story in ("Lampu mati.", "Lampu mati.", "Lampu dan kipas mati."):
        after = await post(visitor, "/tracking/message", page.fields() | {"story": story})

    assert after.all(".message.yours .said")[1:] == ["Lampu mati.", "Lampu dan kipas mati."]


async def test_words_of_danger_added_later_point_to_the_numbers(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    page = await get(visitor, f"/t/{(await filed(runtime)).tracking_code}")
    story = "Sekarang ibu saya pingsan dan tidak bernapas!"

    after = await post(visitor, "/tracking/message", page.fields() | {"story": story})

    assert after.one("[role=status] h2") == "Ada yang dalam bahaya sekarang?"
    assert after.all(".message.yours .said")[-1] == story


async def test_an_empty_follow_up_is_asked_for_words_and_keeps_its_page(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    page = await get(visitor, f"/t/{(await filed(runtime)).tracking_code}")

    after = await post(visitor, "/tracking/message", page.fields())

    assert after.status == 422
    assert len(after.all("#story-problem")) == 1
    assert len(after.all(".timeline")) == 1


async def test_answers_are_shown_and_notes_never(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt, casework = await filed(runtime), Casework(runtime)
    await casework.assign(receipt.ticket_id, OFFICER, by=None)
    await casework.note(receipt.ticket_id, "Rahasia dapur.", by=OFFICER)
    await casework.reply(receipt.ticket_id, "Teknisi datang <b>nanti</b>.", by=OFFICER)

    page = await get(visitor, f"/t/{receipt.tracking_code}")

    assert page.one(".message.ours .said") == "Teknisi datang <b>nanti</b>."
    assert "Rahasia" not in page.text
    assert "Petugas Contoh" not in page.text
    assert page.all(".timeline h3") == [
        "Diterima",
        "Sedang diperiksa Ruang Melati",
        "Dijawab",
        "Selesai",
    ]


async def test_one_tap_closes_and_stars_are_kept(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt = await filed(runtime)
    await Casework(runtime).resolve(receipt.ticket_id, "AC sudah dingin.", by=OFFICER)
    page = await get(visitor, f"/t/{receipt.tracking_code}")

    closed = await post(visitor, "/tracking/solved", {"solved": "yes"})
    again = await post(visitor, "/tracking/solved", {"solved": "yes"})
    rated = await post(visitor, "/tracking/rating", {"stars": "4"})
    ignored = [await post(visitor, "/tracking/rating", {"stars": s}) for s in ("", "9", "x")]

    assert page.one("#solved") == "Sudah selesai?"
    assert closed.one(".badge") == "Ditutup"
    assert again.status == 200
    assert rated.one("[role=status] h2") == "Terima kasih"
    assert {answer.status for answer in ignored} == {200}
    [ticket] = await rows(runtime, "SELECT status, rating FROM tickets")
    assert ticket == {"status": "closed", "rating": 4}


async def test_not_yet_opens_it_again_once(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt = await filed(runtime)
    await Casework(runtime).resolve(receipt.ticket_id, "Sudah.", by=OFFICER)
    await get(visitor, f"/t/{receipt.tracking_code}")

    for _ in range(2):
        page = await post(visitor, "/tracking/solved", {"solved": "no"})

    assert page.one("[role=status] h2") == "Dibuka kembali"
    assert await rows(runtime, "SELECT status FROM tickets") == [{"status": "open"}]
    assert page.all(".message.yours .said")[1:] == ["Belum selesai."]


async def test_words_on_a_ticket_closed_long_ago_become_a_new_one(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    receipt = await filed(runtime)
    await Casework(runtime).close(receipt.ticket_id, "Selesai.", by=OFFICER)
    hands.move(days=60)
    page = await get(visitor, f"/t/{receipt.tracking_code}")

    thanks = await post(visitor, "/tracking/message", page.fields() | {"story": "Rusak lagi."})
    opened = await get(visitor, "/tracking")

    assert thanks.path == "/thanks"
    assert thanks.one(".number") == opened.one("h1") != receipt.number


async def test_closing_the_report_on_this_phone_asks_for_the_code_again(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    await get(visitor, f"/t/{(await filed(runtime)).tracking_code}")

    page = await post(visitor, "/tracking/leave", {})

    assert (page.status, page.one("h1")) == (200, "Lihat laporan saya")


@pytest.mark.parametrize("path", ["code", "message", "solved", "rating", "leave"])
async def test_another_site_moves_nothing(
    runtime: Runtime, visitor: aiohttp.ClientSession, path: str
) -> None:
    receipt = await filed(runtime)
    await Casework(runtime).resolve(receipt.ticket_id, "Sudah.", by=OFFICER)
    await get(visitor, f"/t/{receipt.tracking_code}")
    [before] = await rows(runtime, "SELECT * FROM tickets")
    fields = {"solved": "yes", "stars": "1", "story": "x", "code": receipt.tracking_code}

    page = await post(
        visitor, f"/tracking/{path}", fields, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert page.status == 403
    assert await rows(runtime, "SELECT * FROM tickets") == [before]


async def test_files_open_for_the_holder_of_the_code_only(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt, other = await filed(runtime), await filed(runtime)
    page = await get(visitor, f"/t/{receipt.tracking_code}")
    page = await post(
        visitor, "/tracking/message", page.fields() | {"story": "Foto."}, {"keran.png": PNG}
    )
    shown = page.attribute("a.name", "href")
    link = shown.removesuffix("/picture")
    async with visitor.get(shown) as answer:
        picture = answer.status, answer.headers["Content-Disposition"]
    async with visitor.get(link) as answer:
        mine = answer.status, answer.headers["Content-Disposition"], await answer.read()
    await get(visitor, f"/t/{other.tracking_code}")

    assert picture == (200, "inline")
    assert mine == (200, "attachment; filename*=UTF-8''keran.png", PNG)
    for path in (link, f"{link}/picture", "/tracking/files/x", "/tracking/files/%00"):
        assert (await get(visitor, path)).status == 404


async def test_a_locked_file_is_a_name_only(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    bad = StoredFile(name="tagihan.pdf", path="ab/abc", status="quarantined", reason="encrypted")
    receipt = await filed(runtime, files=(bad,))

    page = await get(visitor, f"/t/{receipt.tracking_code}")

    assert "dikunci demi keamanan" in page.one(".files .name")
    [file] = await rows(runtime, "SELECT id FROM ticket_attachments")
    assert (await get(visitor, f"/tracking/files/{file['id']}")).status == 404


async def test_a_database_away_keeps_the_added_words(
    database_url: str, tmp_path: Path, hands: Hands
) -> None:
    settings = Settings(data=tmp_path, secret_key="a secret for tests", database_timeout=2)
    wire, url = Wire.to(database_url, tmp_path)
    async with wire, open_runtime(settings, url, clock=hands) as runtime, serve(runtime) as visitor:
        receipt = await filed(runtime)
        await get(visitor, f"/t/{receipt.tracking_code}")

        wire.cut()
        away = await get(visitor, "/tracking")
        wire.mend()
        back = await get(visitor, "/tracking")

        assert (away.status, away.headers["Retry-After"]) == (503, "15")
        assert back.one("h1") == receipt.number


async def line_of(answer: aiohttp.ClientResponse, prefix: str) -> str:
    async with asyncio.timeout(10):
        while True:
            line = (await answer.content.readline()).decode().strip()
            if line.startswith(prefix):
                return line


async def test_news_comes_by_itself_and_says_nothing_itself(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt = await filed(runtime)
    page = await get(visitor, f"/t/{receipt.tracking_code}")
    seen = page.attribute("[data-version]", "data-version")

    async with visitor.get("/tracking/events", params={"seen": seen or ""}) as answer:
        await line_of(answer, ": still here")
        await Casework(runtime).reply(receipt.ticket_id, "Teknisi datang.", by=OFFICER)
        news = [await line_of(answer, "event:"), await line_of(answer, "data:")]

    assert answer.content_type == "text/event-stream"
    assert news == ["event: news", "data: 2"]


async def test_what_happened_while_nobody_listened_is_told_at_once(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt = await filed(runtime)
    await get(visitor, f"/t/{receipt.tracking_code}")
    await Casework(runtime).start(receipt.ticket_id, by=OFFICER)
    options: dict[str, Any] = {"params": {"seen": "1"}}

    async with visitor.get("/tracking/events", **options) as answer:
        news = await line_of(answer, "data:")
    options["headers"] = {"Last-Event-ID": "2"}
    async with visitor.get("/tracking/events", **options) as answer:
        nothing = await line_of(answer, ":")

    assert (news, nothing) == ("data: 2", ": still here")


async def test_a_stranger_gets_no_line(visitor: aiohttp.ClientSession) -> None:
    async with visitor.get("/tracking/events") as answer:
        assert answer.status == 204
