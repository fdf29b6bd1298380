"""A phone that others use too: nothing of a report is left when it was told to forget."""

import aiohttp
import pytest
from playwright.async_api import Browser, expect

from tests.browsing import LANGUAGES_AND_VIEWS, View, in_browser, tab
from tests.builders import TOKEN, Hands
from tests.intake.channels.web.forms import filled, get, post


async def test_receipt_and_open_report_are_forgotten(
    visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    thanks = await post(visitor, "/", await filled(visitor, hands))
    code = thanks.one(".code")
    await get(visitor, f"/t/{code}")

    done = await post(visitor, "/forget", {})

    assert (done.status, done.path) == (200, "/forgotten")
    assert code not in "".join([(await get(visitor, path)).text for path in ("/thanks", "/slip")])
    assert (await get(visitor, "/tracking")).one("h1") == "Lihat laporan saya"
    assert (await get(visitor, f"/t/{code}")).one("h1") == thanks.one(".number")


async def test_what_is_forgotten_is_not_said_to_come_back(
    visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    before = await get(visitor, "/thanks")
    await post(visitor, "/", await filled(visitor, hands))

    await post(visitor, "/forget", {})
    after = await get(visitor, "/thanks")

    assert "tekan Kirim sekali lagi" in before.text
    assert "tekan Kirim sekali lagi" not in after.text
    assert after.one("h1") == before.one("h1")


async def test_another_site_cannot_make_a_phone_forget(
    visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    await post(visitor, "/", await filled(visitor, hands))

    refused = await post(visitor, "/forget", {}, headers={"Sec-Fetch-Site": "cross-site"})

    assert refused.status == 403
    assert (await get(visitor, "/thanks")).status == 200


async def test_closing_the_report_takes_the_receipt_along(
    visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    thanks = await post(visitor, "/", await filled(visitor, hands))
    await get(visitor, f"/t/{thanks.one('.code')}")

    await post(visitor, "/tracking/leave", {})

    assert thanks.one(".code") not in (await get(visitor, "/thanks")).text


@pytest.mark.parametrize("script", [True, False])
@in_browser
async def test_after_forgetting_back_shows_an_empty_form(
    chromium: Browser, home: str, hands: Hands, script: bool
) -> None:
    async with tab(chromium, home, java_script_enabled=script) as opened:
        page = opened.page
        await opened.open(f"/q/{TOKEN}/report")
        await page.locator("#story").fill("AC kamar 3 mati.")
        await page.locator("[name=identity][value=named]").check()
        await page.locator("#name").fill("Sari Contoh")
        await page.locator("#email").fill("sari@example.org")
        hands.move(seconds=40)
        await page.get_by_role("button", name="Kirim", exact=True).click()
        await page.wait_for_url("**/thanks/*")
        await page.get_by_role("button", name="Selesai, lupakan di ponsel ini").click()
        await page.wait_for_url("**/forgotten")

        await page.go_back()
        await page.wait_for_url("**/thanks/*")
        await expect(page.locator("#code")).to_have_count(0)
        await page.go_back()

        await expect(page.locator("#story")).to_have_value("")
        assert await page.locator("#name").input_value() == ""
        assert await page.locator("#email").input_value() == ""
        assert opened.complaints == []


@in_browser
async def test_the_code_is_not_shown_in_a_new_tab(
    chromium: Browser, home: str, hands: Hands
) -> None:
    async with tab(chromium, home) as opened:
        await opened.open("/")
        await opened.page.locator("#story").fill("AC kamar 3 mati.")
        hands.move(seconds=40)
        await opened.page.get_by_role("button", name="Kirim", exact=True).click()
        await opened.page.wait_for_url("**/thanks/*")
        await opened.page.reload()
        await expect(opened.page.locator("#code")).to_be_visible()

        later = await opened.context.new_page()
        for path in ("/thanks", "/slip"):
            await later.goto(home + path)
            await expect(later.locator(".code")).to_have_count(0)


@pytest.mark.parametrize(("language", "views"), LANGUAGES_AND_VIEWS)
@in_browser
async def test_the_page_after_forgetting_is_for_everybody(
    chromium: Browser, home: str, language: str, views: tuple[View, ...]
) -> None:
    async with tab(chromium, home, views, locale=language) as opened:
        await opened.open(f"/forgotten?lang={language}")

        assert await opened.faults() == ""
        assert opened.complaints == []
