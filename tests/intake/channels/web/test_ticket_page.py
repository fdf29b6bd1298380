from pathlib import Path

import aiohttp
import pytest

from core.ground.settings import Settings
from core.opening import open_runtime
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.submission import StoredFile, Submitter
from tests.builders import OFFICER, Hands
from tests.intake.channels.web.forms import get, post, serve
from tests.intake.channels.web.tickets import PNG, filed, rows
from tests.intake.channels.web.wire import Wire


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


@pytest.mark.parametrize(
    "written",
    [
        "{spaced}",
        "http://rs.example.org/t/{code}",
        "Kode: {code}",
        "*{code}*.",
        "\u200e{code}\u200f",
    ],
)
async def test_the_code_can_be_typed_and_pasted_as_people_do(
    runtime: Runtime, visitor: aiohttp.ClientSession, written: str
) -> None:
    receipt = await filed(runtime)
    code = receipt.tracking_code
    typed = written.format(code=code, spaced=code.lower().replace("-", " "))

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
    receipt = await filed(runtime, submitter=Submitter(name="Sari Contoh"))
    other = await filed(runtime)
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
    settings = Settings(
        data=tmp_path, secret_key="a secret for tests, and long enough", database_timeout=2
    )
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
