import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from core.runtime import Runtime
from tests.browsing import LANGUAGES_AND_VIEWS, Tab, View, tab
from tests.builders import TOKEN, Hands
from tests.intake.channels.web.tickets import PNG, rows

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    made = [tmp_path / "kamar.png", tmp_path / "lorong.png"]
    for number, photo in enumerate(made):
        photo.write_bytes(PNG + b" " * number)
    return made


async def write_report(opened: Tab, hands: Hands, story: str = "AC kamar 3 mati.") -> None:
    await opened.page.get_by_label("Ceritakan dengan kata-kata Anda").fill(story)
    hands.move(seconds=40)


async def send(opened: Tab) -> None:
    await opened.page.get_by_role("button", name="Kirim", exact=True).click()


@pytest.mark.parametrize("script", [True, False])
async def test_a_report_with_photos_travels_from_poster_to_thanks(  # noqa: PLR0917 - fixtures
    runtime: Runtime,
    chromium: Browser,
    home: str,
    hands: Hands,
    photos: list[Path],
    script: object,
) -> None:
    async with tab(chromium, home, java_script_enabled=script) as opened:
        await opened.open(f"/q/{TOKEN}")
        await opened.page.get_by_role("link", name="Keluhan").click()
        await write_report(opened, hands)
        await opened.page.locator("#files").set_input_files(photos)
        await send(opened)
        await opened.page.wait_for_url("**/thanks/*")
        await opened.page.go_back()
        await opened.page.go_forward()
        await opened.page.reload()

        await expect(opened.page.locator(".number")).to_have_text("TKT-20261123-0001")
        assert opened.complaints == []
    assert await rows(runtime, "SELECT count(*) FROM tickets") == [{"count": 1}]
    assert await rows(runtime, "SELECT count(*) FROM ticket_attachments") == [{"count": 2}]


async def test_a_broken_line_costs_no_words_and_files_once(
    runtime: Runtime, chromium: Browser, home: str, hands: Hands
) -> None:
    async with tab(chromium, home) as opened:
        await opened.open("/")
        await write_report(opened, hands, "Tulisan yang panjang sekali.")
        await opened.context.set_offline(True)
        await send(opened)
        await expect(opened.page.get_by_role("alert")).to_contain_text("sambungan terputus")
        await opened.context.set_offline(False)
        await opened.page.reload()
        story = opened.page.get_by_label("Ceritakan dengan kata-kata Anda")

        await expect(story).to_have_value("Tulisan yang panjang sekali.")
        await send(opened)
        await expect(opened.page).to_have_url(f"{home}/thanks/TKT-20261123-0001")
        assert await opened.page.evaluate("Object.keys(localStorage).length") == 0
        assert opened.complaints == []
    assert await rows(runtime, "SELECT description FROM tickets") == [
        {"description": "Tulisan yang panjang sekali."}
    ]


@pytest.mark.parametrize("script", [True, False])
async def test_an_error_is_shown_where_the_reader_is(
    chromium: Browser, home: str, hands: Hands, photos: list[Path], script: object
) -> None:
    async with tab(chromium, home, java_script_enabled=script) as opened:
        await opened.open("/")
        await write_report(opened, hands, "AC mati.")
        await opened.page.get_by_label("Surel").fill("sari@")
        await opened.page.locator("#files").set_input_files(photos[:1])
        await send(opened)
        summary = opened.page.locator("#summary")
        await expect(summary).to_be_visible()
        if script:
            await expect(summary).to_be_focused()
        await expect(opened.page.get_by_text("kamar.png")).to_be_visible()
        assert await opened.violations() == [] if script else True

        await summary.get_by_role("link").click()
        await expect(opened.page.locator("#email")).to_be_focused()
        await opened.page.locator("#email").fill("sari@example.org")
        await send(opened)
        await opened.page.wait_for_url("**/thanks/*")
        assert opened.complaints == []


async def test_sending_shows_how_far_it_is_and_can_be_stopped(
    runtime: Runtime, chromium: Browser, home: str, hands: Hands, tmp_path: Path
) -> None:
    video = tmp_path / "lorong.mp4"
    video.write_bytes(b"\0\0\0\x18ftypisom" + bytes(6_000_000))
    async with tab(chromium, home) as opened:
        await opened.open("/")
        await write_report(opened, hands)
        await opened.page.locator("#files").set_input_files(video)
        session = await opened.context.new_cdp_session(opened.page)
        slow = {"offline": False, "latency": 50, "downloadThroughput": 90_000}
        await session.send("Network.enable")
        await session.send("Network.emulateNetworkConditions", slow | {"uploadThroughput": 200_000})
        await send(opened)

        await expect(opened.page.locator("[data-sending-words]")).to_contain_text("Mengirim… ")
        await opened.page.get_by_role("button", name="Batalkan pengiriman").click()

        await expect(opened.page.get_by_role("button", name="Kirim", exact=True)).to_be_visible()
        await expect(opened.page.locator("#story")).to_have_value("AC kamar 3 mati.")
    await asyncio.sleep(0.2)
    assert await rows(runtime, "SELECT count(*) FROM tickets") == [{"count": 0}]


@pytest.mark.parametrize(("language", "views"), LANGUAGES_AND_VIEWS)
async def test_every_page_is_for_everybody(
    chromium: Browser, home: str, hands: Hands, language: str, views: tuple[View, ...]
) -> None:
    async with tab(chromium, home, views, locale=language) as opened:
        await opened.open(f"/?lang={language}")
        await opened.page.locator("#story").fill("AC kamar 3 mati.")
        hands.move(seconds=40)
        await opened.page.locator("[data-send] button").click()
        await opened.page.wait_for_url("**/thanks/*")
        found: dict[str, object] = {}
        for path in (
            "/thanks",
            "/slip",
            "/",
            f"/q/{TOKEN}",
            f"/q/{TOKEN}/report",
            "/privacy",
            "/styleguide",
            "/nowhere",
        ):
            await opened.open(path)
            found[path] = await opened.faults()

        assert found == dict.fromkeys(found, "")
        assert opened.complaints == []


async def test_pages_fit_the_narrowest_phone_and_a_fourfold_zoom(
    chromium: Browser, home: str
) -> None:
    async with tab(chromium, home, viewport={"width": 320, "height": 256}) as opened:
        wide = {}
        for path in ("/", f"/q/{TOKEN}", f"/q/{TOKEN}/report", "/privacy", "/nowhere"):
            await opened.open(path)
            wide[path] = await opened.overflow()

        assert wide == dict.fromkeys(wide, 0)


async def test_the_first_view_is_light(chromium: Browser, home: str) -> None:
    async with tab(chromium, home) as opened:
        session = await opened.context.new_cdp_session(opened.page)
        await session.send("Network.enable")
        sizes: list[float] = []
        session.on(
            "Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"])
        )
        await opened.page.goto(home + "/", wait_until="networkidle")

        assert len(sizes) >= 4
        assert sum(sizes) <= 60_000
