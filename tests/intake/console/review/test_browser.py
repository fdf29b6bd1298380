"""The review desk in a real browser: for everybody, by keyboard, and without script."""

import pytest
from playwright.async_api import Browser, expect

from core.runtime import Runtime
from tests.browsing import DESK, LANGUAGES_AND_VIEWS, PHONE, View, tab
from tests.builders import Hands
from tests.intake.channels.email.door import mail
from tests.intake.channels.email.postoffice import PostOffice
from tests.intake.console.review.letters import newsletter, with_everything
from tests.intake.console.staff import PASSWORD, Served, hire

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.mark.parametrize(("language", "views"), LANGUAGES_AND_VIEWS)
async def test_every_page_is_for_everybody(
    runtime: Runtime, served: Served, chromium: Browser, language: str, views: tuple[View, ...]
) -> None:
    office = PostOffice(runtime)
    await hire(runtime, "boss", "supervisor", language=language)
    found: dict[str, object] = {}
    await office.take(mail("AC mati.", Message_ID="<first@example.org>"))
    await office.take(newsletter())
    await office.take(with_everything())
    runtime.clock.move(hours=2)  # type: ignore[attr-defined]  # the tests' clock

    async with tab(chromium, served.home, views) as opened:
        page = opened.page
        await opened.open("/console/sign-in")
        await page.locator("#name").fill("boss")
        await page.locator("#password").fill(PASSWORD)
        await page.locator("main button").click()
        await opened.open("/console/review")
        found["list"] = await opened.faults()
        await page.get_by_role("link", name="Warta bulan ini").click()
        found["message"] = await opened.faults()
        for verb in await page.locator("details.verb").all():
            if await verb.get_attribute("open") is None:
                await verb.locator("summary").click()
        await page.evaluate("scrollTo(0, 0)")  # nothing half under the bar, which stays above
        found["open"] = await opened.faults()
        await page.locator("#number").fill("TKT-20200101-0001")
        await page.locator("#number").press("Enter")
        await expect(page.locator("#summary")).to_be_visible()
        found["wrong number"] = await opened.faults()
        await opened.open("/console/review/trusted")
        found["trusted"] = await opened.faults()
        await office.rows("UPDATE inbound SET status = 'dropped'")
        await opened.open("/console/review")
        found["empty"] = await opened.faults()
        complaints = opened.complaints

    assert found == dict.fromkeys(found, "")
    assert complaints == []


async def test_the_keyboard_alone_decides_and_is_told(
    runtime: Runtime, served: Served, office: PostOffice, chromium: Browser
) -> None:
    await hire(runtime, "boss", "supervisor")
    await office.take(newsletter())

    async with tab(chromium, served.home, viewport=DESK) as opened:
        page = opened.page
        await opened.open("/console/sign-in")
        await page.locator("#name").fill("boss")
        await page.locator("#password").fill(PASSWORD)
        await page.locator("#password").press("Enter")
        await opened.open("/console/review")
        await page.locator(".review h2 a").focus()
        await page.keyboard.press("Enter")
        await page.get_by_text("Bukan laporan", exact=True).focus()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("button", name="Ini bukan laporan")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("bukan laporan")
        await expect(page.get_by_role("status")).to_be_focused()

    [row] = await office.rows("SELECT status FROM inbound")
    assert row["status"] == "dropped"


async def test_what_is_wrong_takes_the_focus(
    runtime: Runtime, served: Served, office: PostOffice, chromium: Browser
) -> None:
    await hire(runtime, "boss", "supervisor")
    row = await office.take(newsletter())

    async with tab(chromium, served.home, viewport=DESK) as opened:
        page = opened.page
        await opened.open("/console/sign-in")
        await page.locator("#name").fill("boss")
        await page.locator("#password").fill(PASSWORD)
        await page.locator("#password").press("Enter")
        await opened.open(f"/console/review/{row['id']}")
        await page.get_by_text("Bagian dari laporan").click()
        await page.locator("#number").fill("12")
        await page.locator("#number").press("Enter")
        await expect(page.locator("#summary")).to_be_focused()
        await page.locator("#summary a").press("Enter")
        await expect(page.locator("#number")).to_be_focused()
        await expect(page.locator("#number")).to_have_value("12")


async def test_without_script_a_message_becomes_a_ticket(
    runtime: Runtime, served: Served, office: PostOffice, chromium: Browser
) -> None:
    await hire(runtime, "boss", "supervisor")
    await office.take(newsletter())

    async with tab(chromium, served.home, viewport=PHONE, java_script_enabled=False) as opened:
        page = opened.page
        await opened.open("/console/sign-in")
        await page.locator("#name").fill("boss")
        await page.locator("#password").fill(PASSWORD)
        await page.locator("#password").press("Enter")
        await opened.open("/console/review")
        await page.get_by_role("link", name="Warta bulan ini").click()
        await page.get_by_role("button", name="Jadikan tiket").click()
        await expect(page.get_by_role("status")).to_contain_text("menjadi laporan")
    await office.work_off()

    assert len(await office.tickets()) == 1


async def test_colours_of_ones_own_hide_nothing(
    runtime: Runtime, served: Served, office: PostOffice, chromium: Browser, hands: Hands
) -> None:
    await hire(runtime, "boss", "supervisor")
    await office.take(with_everything())
    hands.move(hours=2)

    async with tab(chromium, served.home, viewport=PHONE, forced_colors="active") as opened:
        page = opened.page
        await opened.open("/console/sign-in")
        await page.locator("#name").fill("boss")
        await page.locator("#password").fill(PASSWORD)
        await page.locator("#password").press("Enter")
        await opened.open("/console/review")
        await expect(page.locator(".desk.late")).to_contain_text("segera")
        await expect(page.locator(".desk.late svg")).to_be_visible()
        await expect(page.locator(".review .badge.red")).to_contain_text("Bahaya")
        assert await opened.overflow() == 0
