"""A tablet many people use: nothing of one visitor reaches the next."""

import aiohttp
import pytest
from playwright.async_api import Browser, expect

from core.runtime import Runtime
from intake.pages.kiosk import Kiosk
from tests.browsing import LANGUAGES_AND_VIEWS, Tab, View, in_browser, tab
from tests.builders import TOKEN, Hands
from tests.intake.channels.web.forms import get, post
from tests.intake.channels.web.tickets import rows

HERE = Kiosk(TOKEN)


async def report(opened: Tab, hands: Hands, story: str = "AC kamar 3 mati.") -> None:
    await opened.open(HERE.start)
    await opened.page.get_by_role("link", name="Keluhan").click()
    await opened.page.locator("#story").fill(story)
    hands.move(seconds=40)
    await opened.page.get_by_role("button", name="Kirim", exact=True).click()
    await opened.page.wait_for_url(f"**{HERE.thanks}")


async def test_the_answer_is_not_promised_on_this_screen(visitor: aiohttp.ClientSession) -> None:
    form = await get(visitor, HERE.form)

    assert "melihat jawaban kapan saja" in form.text
    assert "melihat jawaban di sini" not in form.text


async def test_a_report_is_filed_for_the_place_and_the_start_forgets_all(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    form = await get(visitor, HERE.form)
    hands.move(seconds=40)
    thanks = await post(visitor, HERE.form, form.fields() | {"story": "AC mati."})
    again = await get(visitor, HERE.thanks)

    start = await get(visitor, f"{HERE.start}")
    gone = await get(visitor, HERE.thanks)

    assert thanks.path == again.path == HERE.thanks
    assert again.one(".code") == thanks.one(".code")
    assert len(thanks.all(".qr svg")) == 1
    assert (start.status, gone.path) == (200, HERE.start)
    assert [cookie.value for cookie in visitor.cookie_jar] == []
    assert await rows(
        runtime,
        "SELECT u.name FROM tickets t JOIN units u ON u.id = t.unit_id",
    ) == [{"name": "Ruang Melati"}]


async def test_no_page_of_a_kiosk_leads_out_dials_or_opens_a_report(
    visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    form = await get(visitor, HERE.form)
    hands.move(seconds=40)
    sent = form.fields() | {"story": "Tolong, ibu saya tidak bernapas!"}
    pages = [
        await get(visitor, HERE.start),
        form,
        await post(visitor, HERE.form, sent),
        await get(visitor, HERE.privacy),
        await get(visitor, f"{HERE.start}/nowhere"),
    ]

    links = {
        node.attributes.get("href") or ""
        for page in pages
        for node in page.tree.css("a[href], form[action]")
    }
    assert {link for link in links if not link.startswith((HERE.start, "#"))} - {""} == set()
    assert pages[-1].status == 404


async def test_a_retired_code_still_takes_reports(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    start = await get(visitor, "/k/retired0")
    form = await get(visitor, "/k/retired0/report")
    hands.move(seconds=40)

    thanks = await post(visitor, "/k/retired0/report", form.fields() | {"story": "AC mati."})

    assert (start.status, thanks.path) == (200, "/k/retired0/thanks")
    assert await rows(runtime, "SELECT count(*) FROM tickets") == [{"count": 1}]


async def test_the_language_of_one_visitor_is_not_the_next_one_s(
    visitor: aiohttp.ClientSession,
) -> None:
    await get(visitor, f"{HERE.start}?lang=en")
    theirs = await get(visitor, HERE.form)
    await get(visitor, HERE.start)
    next_one = await get(visitor, HERE.form)

    assert theirs.attribute("html", "lang") == "en"
    assert next_one.attribute("html", "lang") == "id"


@pytest.mark.parametrize("script", [True, False])
@in_browser
async def test_back_shows_nothing_of_the_one_before(
    chromium: Browser, home: str, hands: Hands, script: bool
) -> None:
    async with tab(chromium, home, java_script_enabled=script) as opened:
        page = opened.page
        await report(opened, hands)
        await page.get_by_role("link", name="Selesai, kosongkan layar").click()
        await page.wait_for_url(f"**{HERE.start}")
        for _ in range(3):
            await page.go_back()
            text = await page.locator("body").inner_text()
            story = page.locator("#story")

            assert "TKT-" not in text
            assert not await story.count() or await story.input_value() == ""
        assert opened.complaints == []


@in_browser
async def test_no_draft_is_kept(chromium: Browser, home: str) -> None:
    async with tab(chromium, home) as opened:
        await opened.open(HERE.form)
        await opened.page.locator("#story").fill("AC kamar 3 mati.")

        await expect(opened.page.locator("[data-draft]")).to_be_hidden()
        assert await opened.page.evaluate("localStorage.length") == 0


@in_browser
async def test_number_and_code_leave_by_themselves_and_can_be_held(
    chromium: Browser, home: str, hands: Hands
) -> None:
    async with tab(chromium, home) as opened:
        page = opened.page
        await page.clock.install()
        await report(opened, hands)
        await expect(page.locator("[data-empties]")).to_contain_text("90 detik")
        assert await opened.faults() == ""
        await page.clock.run_for(60_000)
        await page.get_by_role("button", name="Saya masih di sini").click()
        await page.clock.run_for(HERE.idle_seconds * 1000 - 30_000)
        await expect(page.locator("#code")).to_be_visible()

        await page.clock.run_for((30 + HERE.warning_seconds) * 1000 + 1000)

        await page.wait_for_url(f"**{HERE.start}")
        assert opened.complaints == []


@in_browser
async def test_a_form_left_alone_warns_and_empties_itself(chromium: Browser, home: str) -> None:
    async with tab(chromium, home) as opened:
        page = opened.page
        await page.clock.install()
        await opened.open(HERE.form)
        await page.locator("#story").fill("AC kamar")
        await page.clock.run_for(HERE.idle_seconds * 1000 + 1000)
        await expect(page.locator("[data-empties]")).to_be_visible()
        assert await opened.faults() == ""
        await page.locator("#story").press_sequentially(" 3")
        await expect(page.locator("[data-empties]")).to_be_hidden()
        await expect(page.locator("#story")).to_have_value("AC kamar 3")

        await page.clock.run_for((HERE.idle_seconds + HERE.warning_seconds) * 1000 + 2000)

        await page.wait_for_url(f"**{HERE.start}")
        await page.go_back()
        assert not await page.locator("#story").count() or (
            await page.locator("#story").input_value() == ""
        )


@pytest.mark.parametrize(("language", "views"), LANGUAGES_AND_VIEWS)
@in_browser
async def test_every_page_of_a_kiosk_is_for_everybody(
    chromium: Browser, home: str, hands: Hands, language: str, views: tuple[View, ...]
) -> None:
    async with tab(chromium, home, views, locale=language) as opened:
        found = {}
        for path in (HERE.privacy, f"{HERE.start}/nowhere", HERE.form, HERE.start):
            await opened.open(f"{path}?lang={language}")
            found[path] = await opened.faults()
        await opened.open(f"{HERE.form}?lang={language}")
        await opened.page.locator("#story").fill("Ibu saya tidak bernapas!")
        hands.move(seconds=40)
        await opened.page.locator("[data-send] button").click()
        await opened.page.wait_for_url(f"**{HERE.thanks}")
        found[HERE.thanks] = await opened.faults()

        assert found == dict.fromkeys(found, "")
        assert opened.complaints == []
