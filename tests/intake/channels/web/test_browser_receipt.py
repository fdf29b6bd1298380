"""One report, one receipt, in a real browser: Back and Send, a duplicated tab, no cookies."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from core.runtime import Runtime
from tests.browsing import LANGUAGES_AND_VIEWS, View, tab
from tests.builders import Hands
from tests.intake.channels.web.forms import serve
from tests.intake.channels.web.tickets import rows

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
BEFORE = "Anda sudah mengirim persis ini"


@pytest.fixture
async def cookieless(runtime: Runtime) -> AsyncIterator[str]:
    """Serve the web door to browsers that keep no cookies."""
    async with serve(runtime, cookies=False) as visitor:
        yield str(visitor._base_url).rstrip("/")


async def fill_in(page: Page, hands: Hands, story: str = "AC kamar 3 mati.") -> None:
    await page.locator("#story").fill(story)
    hands.move(seconds=40)


async def send(page: Page) -> Locator:
    await page.locator("[data-send] button").click()
    code = page.locator("#code")
    await expect(code).to_be_visible()
    return code


async def tickets(runtime: Runtime) -> int:
    return len(await rows(runtime, "SELECT id FROM tickets"))


@SCRIPT
async def test_back_and_send_shows_the_old_receipt_until_somebody_presses(
    runtime: Runtime, chromium: Browser, home: str, hands: Hands, script: object
) -> None:
    async with tab(chromium, home, java_script_enabled=script) as opened:
        await opened.open("/")
        await fill_in(opened.page, hands)
        first = await (await send(opened.page)).text_content()

        await opened.page.go_back()
        await fill_in(opened.page, hands)
        again = await send(opened.page)

        await expect(again).to_have_text(first or "")
        await expect(opened.page.get_by_text(BEFORE)).to_be_visible()
        assert await tickets(runtime) == 1

        await opened.page.get_by_role("button", name="Ini laporan lain: kirimkan").click()
        await expect(opened.page.get_by_text(BEFORE)).to_have_count(0)
        await expect(opened.page.locator("#code")).not_to_have_text(first or "")
        assert await tickets(runtime) == 2
        assert opened.complaints == []


@SCRIPT
async def test_a_duplicated_tab_with_other_words_is_another_report(
    runtime: Runtime, chromium: Browser, home: str, hands: Hands, script: object
) -> None:
    async with tab(chromium, home, java_script_enabled=script) as opened:
        await opened.open("/")
        await fill_in(opened.page, hands)
        twin = await opened.context.new_page()
        await twin.goto(home + "/")
        # a browser that duplicates a tab may bring the form along as it stood, key and all
        for name in ("key", "stamp"):
            value = await opened.page.locator(f"[name={name}]").get_attribute("value")
            await twin.locator(f"[name={name}]").evaluate(
                "(field, text) => field.value = text", value
            )
        await fill_in(twin, hands, "Perawat di kamar 5 ketus.")

        one = await (await send(opened.page)).text_content()
        other = await (await send(twin)).text_content()

        assert one != other
        said = await rows(runtime, "SELECT description FROM tickets ORDER BY ticket_number")
        assert [row["description"] for row in said] == [
            "AC kamar 3 mati.",
            "Perawat di kamar 5 ketus.",
        ]
        assert opened.complaints == []


@SCRIPT
async def test_two_tabs_show_each_its_own_receipt_also_when_they_are_reloaded(
    chromium: Browser, home: str, hands: Hands, script: object
) -> None:
    async with tab(chromium, home, java_script_enabled=script) as opened:
        await opened.open("/")
        await fill_in(opened.page, hands)
        twin = await opened.context.new_page()
        await twin.goto(home + "/")
        await fill_in(twin, hands, "Perawat di kamar 5 ketus.")
        one = await (await send(opened.page)).text_content()
        other = await (await send(twin)).text_content()
        assert one != other

        for page, code in ((opened.page, one), (twin, other)):
            await page.reload()
            await expect(page.locator("#code")).to_have_text(code or "")
            await page.get_by_role("link", name="Slip dengan QR").click()
            await expect(page.locator("#code")).to_have_text(code or "")
            await page.get_by_role("link", name="Kembali").click()
            await page.get_by_role("link", name="English").click()
            await expect(page.locator("#code")).to_have_text(code or "")
            await page.get_by_role("link", name="Indonesia").click()


@SCRIPT
async def test_without_cookies_number_and_code_are_shown_and_go_onto_a_slip(
    runtime: Runtime, chromium: Browser, cookieless: str, hands: Hands, script: object
) -> None:
    async with tab(chromium, cookieless, java_script_enabled=script) as opened:
        await opened.open("/")
        await fill_in(opened.page, hands)
        code = await (await send(opened.page)).text_content() or ""
        await expect(opened.page.locator(".number")).to_have_text("TKT-20261123-0001")
        if script:
            await expect(opened.page.locator("[data-copy]")).to_be_visible()

        await opened.page.get_by_role("button", name="English").click()
        await expect(opened.page.locator("h1")).to_have_text("Thank you. Your report has arrived.")
        await expect(opened.page.locator("#code")).to_have_text(code)
        await opened.page.get_by_role("button", name="Slip with QR").click()
        await expect(opened.page.locator(".qr svg")).to_be_visible()
        await expect(opened.page.locator("#code")).to_have_text(code)
        assert code not in opened.page.url
        assert await opened.context.cookies() == []
        assert opened.complaints == []
    assert await tickets(runtime) == 1


@SCRIPT
async def test_without_cookies_reloading_the_answer_files_nothing_more(
    runtime: Runtime, chromium: Browser, cookieless: str, hands: Hands, script: object
) -> None:
    async with tab(chromium, cookieless, java_script_enabled=script) as opened:
        await opened.open("/")
        await fill_in(opened.page, hands)
        await send(opened.page)

        await opened.page.reload()
        await opened.page.go_back()

        assert await tickets(runtime) == 1


@pytest.mark.parametrize(("language", "views"), LANGUAGES_AND_VIEWS)
async def test_the_pages_of_a_repeat_are_for_everybody(  # noqa: PLR0917 - fixtures
    chromium: Browser,
    home: str,
    cookieless: str,
    hands: Hands,
    language: str,
    views: tuple[View, ...],
) -> None:
    found = {}
    for what, where in (("cookies", home), ("none", cookieless)):
        async with tab(chromium, where, views, locale=language) as opened:
            await opened.open("/")
            await fill_in(opened.page, hands)
            key = await opened.page.locator("[name=key]").get_attribute("value")
            await send(opened.page)
            found[f"{what}: first"] = await opened.faults()
            await opened.open("/")
            await opened.page.locator("[name=key]").evaluate("(f, key) => f.value = key", key)
            await fill_in(opened.page, hands)
            await opened.page.locator("[data-send] button").click()
            pass_again = opened.page.locator("[name=pass]")
            await expect(pass_again.or_(opened.page.locator("#code")).first).to_be_attached()
            if await pass_again.count():
                hands.move(seconds=5)
                await send(opened.page)
            await expect(opened.page.locator("form[enctype] button")).to_be_visible()
            found[f"{what}: again"] = await opened.faults()
            await opened.open("/thanks" if what == "none" else "/slip")
            found[f"{what}: by address"] = await opened.faults()
            assert opened.complaints == []

    assert found == dict.fromkeys(found, "")
