"""A report that is no longer open on the phone while somebody adds to it: nothing typed is lost."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser, Route, expect

from core.ground.rate_limits import TRACKING_GUESSES
from core.runtime import Runtime
from tests.browsing import LANGUAGES_AND_VIEWS, Tab, View, in_browser, tab
from tests.builders import Hands
from tests.intake.channels.web.forms import Page, get, post
from tests.intake.channels.web.tickets import PNG, filed, rows

WORDS = "Sekarang air juga mati.\nDan <b>lampu</b> & kipas."


def carried(page: Page) -> dict[str, str]:
    return page.fields("form[data-carries]")


async def test_words_and_files_wait_for_the_code_and_are_sent_after_it(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt = await filed(runtime)
    fields = (await get(visitor, f"/t/{receipt.tracking_code}")).fields() | {"story": WORDS}
    visitor.cookie_jar.clear()

    asked = await post(visitor, "/tracking/message", fields, {"keran.png": PNG})
    back = await post(
        visitor, "/tracking/again", carried(asked) | {"code": receipt.tracking_code.lower()}
    )
    before = await rows(runtime, "SELECT count(*) FROM ticket_attachments")
    after = await post(visitor, "/tracking/message", back.fields())

    assert (asked.status, asked.one("h1")) == (401, "Ketik kodenya sekali lagi")
    assert asked.headers["Cache-Control"] == "no-store"
    assert carried(asked)["story"] == WORDS
    assert (back.status, back.one("h1")) == (200, receipt.number)
    assert back.one("[role=status] h2") == "Belum terkirim"
    assert back.fields()["story"] == WORDS
    assert before == [{"count": 0}]
    assert after.one("[role=status] h2") == "Sudah ditambahkan"
    assert after.all(".message.yours .said")[1:] == [WORDS]
    assert await rows(runtime, "SELECT file_name FROM ticket_attachments") == [
        {"file_name": "keran.png"}
    ]


@pytest.mark.parametrize("code", ["", "7KQ4", "0000-0000-0000-0000", "<script>"])
async def test_a_wrong_code_loses_nothing(
    runtime: Runtime, visitor: aiohttp.ClientSession, code: str
) -> None:
    fields = (await get(visitor, f"/t/{(await filed(runtime)).tracking_code}")).fields()
    visitor.cookie_jar.clear()
    asked = await post(visitor, "/tracking/message", fields | {"story": WORDS}, {"a.png": PNG})

    again = await post(visitor, "/tracking/again", carried(asked) | {"code": code})

    assert (again.status, len(again.all("#code-problem"))) == (404, 1)
    assert carried(again)["story"] == WORDS
    assert carried(again)["keep"]


async def test_guessing_is_slowed_and_loses_nothing(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt = await filed(runtime)
    fields = (await get(visitor, f"/t/{receipt.tracking_code}")).fields() | {"story": WORDS}
    visitor.cookie_jar.clear()
    page = await post(visitor, "/tracking/message", fields)

    for _ in range(TRACKING_GUESSES.burst + 1):
        page = await post(
            visitor, "/tracking/again", carried(page) | {"code": "0000-0000-0000-0000"}
        )

    assert page.status == 429
    assert carried(page)["story"] == WORDS


async def test_a_report_that_is_no_more_keeps_the_words_too(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt = await filed(runtime)
    fields = (await get(visitor, f"/t/{receipt.tracking_code}")).fields() | {"story": WORDS}
    visitor.cookie_jar.clear()
    await get(visitor, "/t/0000-0000-0000-0000", allow_redirects=False)

    asked = await post(visitor, "/tracking/message", fields)

    assert carried(asked)["story"] == WORDS


@pytest.mark.parametrize("path", ["/tracking/solved", "/tracking/rating"])
async def test_a_button_on_a_closed_report_says_what_happened(
    visitor: aiohttp.ClientSession, path: str
) -> None:
    page = await post(visitor, path, {"solved": "yes", "stars": "5"})

    assert (page.status, page.one("[role=status] h2")) == (
        401,
        "Laporan ini sudah tidak terbuka di ponsel ini",
    )
    assert page.all(".problem") == []


@pytest.mark.parametrize("script", [True, False])
@in_browser
async def test_an_expired_report_asks_for_the_code_and_goes_on(
    runtime: Runtime, chromium: Browser, home: str, tmp_path: Path, script: bool
) -> None:
    receipt = await filed(runtime)
    photo = tmp_path / "keran.png"
    photo.write_bytes(PNG)
    async with tab(chromium, home, java_script_enabled=script) as opened:
        page = opened.page
        await opened.open(f"/t/{receipt.tracking_code}")
        await page.locator("#story").fill(WORDS)
        await page.locator("#files").set_input_files(photo)
        await opened.context.clear_cookies()
        await page.get_by_role("button", name="Kirim", exact=True).click()
        await expect(page.locator("h1")).to_have_text("Ketik kodenya sekali lagi")
        await expect(page.locator("#story")).to_have_value(WORDS)

        await page.get_by_label("Kode pelacakan").fill(receipt.tracking_code)
        await page.get_by_role("button", name="Buka laporan").click()
        await expect(page.locator("h1")).to_have_text(receipt.number)
        await expect(page.locator("#story")).to_have_value(WORDS)
        assert receipt.tracking_code not in page.url
        await page.get_by_role("button", name="Kirim", exact=True).click()

        await expect(page.get_by_role("heading", name="Sudah ditambahkan")).to_be_visible()
        if script:
            assert await page.evaluate("Object.keys(localStorage)") == []
        assert opened.complaints == []
    assert await rows(runtime, "SELECT file_name FROM ticket_attachments") == [
        {"file_name": "keran.png"}
    ]


def answering(**answer: object) -> Callable[[Route], Awaitable[None]]:
    async def act(route: Route) -> None:
        await route.fulfill(**answer)  # type: ignore[arg-type]  # what Playwright takes

    return act


async def breaking(route: Route) -> None:
    await route.abort("connectionreset")


PORTAL = "<!doctype html><title>WiFi</title><main><h1>Selamat datang di WiFi RS</h1></main>"
ANSWERS = {
    "captive portal": (answering(status=200, content_type="text/html", body=PORTAL), "Wi-Fi"),
    "JSON": (answering(status=200, content_type="application/json", body='{"ok":true}'), "Wi-Fi"),
    "empty": (answering(status=200, body=""), "Wi-Fi"),
    "no content": (answering(status=204, body=""), "Wi-Fi"),
    "proxy 403": (answering(status=403, content_type="text/html", body="<h1>No</h1>"), "Wi-Fi"),
    "proxy 413": (answering(status=413, content_type="text/html", body="<h1>413</h1>"), "besar"),
    "proxy 429": (answering(status=429, content_type="text/html", body="slow"), "komputer kami"),
    "proxy 502": (
        answering(status=502, content_type="text/html", body="<h1>502 Bad Gateway</h1>"),
        "komputer kami",
    ),
    "broken": (breaking, "sambungan terputus"),
    "sent elsewhere": (
        answering(status=302, headers={"Location": "http://portal.invalid/login"}, body=""),
        "sambungan terputus",
    ),
}


async def _sentence(opened: Tab) -> str:
    alert = opened.page.locator("form [data-failure]")
    await expect(alert).to_be_visible()
    return (await alert.text_content() or "").strip()


@pytest.mark.parametrize("place", ["/", "tracking"])
@in_browser
async def test_an_answer_that_is_not_the_form_says_what_happened_and_keeps_all(  # noqa: PLR0917
    runtime: Runtime, chromium: Browser, home: str, hands: Hands, tmp_path: Path, place: str
) -> None:
    receipt = await filed(runtime)
    photo = tmp_path / "keran.png"
    photo.write_bytes(PNG)
    async with tab(chromium, home) as opened:
        page = opened.page
        await opened.open("/" if place == "/" else f"/t/{receipt.tracking_code}")
        await page.locator("#story").fill(WORDS)
        await page.locator("#files").set_input_files(photo)
        hands.move(seconds=40)
        target = f"{home}/" if place == "/" else f"{home}/tracking/message"
        said = {}
        for name, (answer, _) in ANSWERS.items():
            await page.route(target, answer)
            await page.get_by_role("button", name="Kirim", exact=True).click()
            said[name] = await _sentence(opened)
            await page.unroute(target)
            assert await page.locator("#story").input_value() == WORDS
            assert await page.evaluate("document.querySelector('#files').files.length") == 1

        wrong = {name: said[name] for name, (_, part) in ANSWERS.items() if part not in said[name]}
        assert wrong == {}
        assert "Selamat datang" not in json.dumps(said)
        assert await opened.violations() == []
        await page.get_by_role("button", name="Kirim", exact=True).click()
        await page.wait_for_url("**/thanks/*" if place == "/" else "**/tracking?done=added")
    assert await rows(runtime, "SELECT file_name FROM ticket_attachments") == [
        {"file_name": "keran.png"}
    ]


@in_browser
async def test_our_own_error_page_says_it_beside_the_form(
    visitor: aiohttp.ClientSession, chromium: Browser, home: str
) -> None:
    ours = await post(
        visitor, "/", {}, headers={"Sec-Fetch-Site": "cross-site", "Accept-Language": "id"}
    )
    async with tab(chromium, home) as opened:
        await opened.open("/")
        await opened.page.locator("#story").fill(WORDS)
        answer = answering(status=ours.status, content_type="text/html", body=ours.text)
        await opened.page.route(f"{home}/", answer)
        await opened.page.get_by_role("button", name="Kirim", exact=True).click()

        assert "halaman lain" in await _sentence(opened)
        assert "masih ada di sini" in await _sentence(opened)
        assert await opened.page.locator("#story").input_value() == WORDS


@in_browser
async def test_silence_is_given_up_after_a_minute_and_keeps_all(
    chromium: Browser, home: str
) -> None:
    over = asyncio.Event()

    async def hang(route: Route) -> None:
        await over.wait()
        await route.abort()

    async with tab(chromium, home) as opened:
        await opened.page.clock.install()
        await opened.open("/")
        await opened.page.locator("#story").fill(WORDS)
        await opened.page.route(f"{home}/", hang)
        await opened.page.get_by_role("button", name="Kirim", exact=True).click()
        await expect(opened.page.locator("[data-sending]")).to_be_visible()

        await opened.page.clock.run_for(61_000)

        assert "Satu menit" in await _sentence(opened)
        assert await opened.page.locator("#story").input_value() == WORDS
        over.set()


@pytest.mark.parametrize(("language", "views"), LANGUAGES_AND_VIEWS)
@in_browser
async def test_the_page_that_asks_for_the_code_is_for_everybody(
    runtime: Runtime, chromium: Browser, home: str, language: str, views: tuple[View, ...]
) -> None:
    receipt = await filed(runtime)
    async with tab(chromium, home, views, locale=language) as opened:
        await opened.open(f"/t/{receipt.tracking_code}?lang={language}")
        await opened.page.locator("#story").fill(WORDS)
        await opened.context.clear_cookies(name="kiss-ticket")
        await opened.page.locator("[data-send] button").click()
        await expect(opened.page.locator("[data-carries]")).to_be_visible()
        found = {"asked": await opened.faults()}
        await opened.page.locator("#code").fill("0000")
        await opened.page.locator("[data-carries] button[type=submit]").click()
        await expect(opened.page.locator("#code-problem")).to_be_visible()
        found["wrong"] = await opened.faults()

        assert found == dict.fromkeys(found, "")
        assert opened.complaints == []
