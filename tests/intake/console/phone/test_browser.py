"""The telephone desk in a real Chromium: a call, a lost line, a call-back; for everybody."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route, expect
from sqlalchemy import text

from core.calls.ringing import TOPIC, ring
from core.ground.database import transaction
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from core.tickets.submission import Submitter
from tests.browsing import DESK, LANGUAGES_AND_VIEWS, Tab, View, tab
from tests.builders import OFFICER, Hands, submission
from tests.intake.console.phone.agents import carry_out, rows
from tests.intake.console.staff import PASSWORD, Person, Served, hire

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@contextlib.asynccontextmanager
async def desk(
    chromium: Browser,
    served: Served,
    person: Person,
    **options: Any,  # noqa: ANN401 - whatever a tab takes
) -> AsyncIterator[Tab]:
    """Sit somebody down at the telephone desk."""
    async with tab(chromium, served.home, **({"viewport": DESK} | options)) as opened:
        await opened.open("/console/sign-in")
        await opened.page.fill("[name=name]", person.username)
        await opened.page.fill("[name=password]", PASSWORD)
        await opened.page.press("[name=password]", "Enter")
        await expect(opened.page.locator(".places")).to_be_visible()
        await opened.open("/console/phone")
        yield opened


async def fill_in(page: Page) -> None:
    await page.fill("#number", "0812 0000 0001")
    await page.fill("#name", "Sari Contoh")
    await page.fill("#story", "Obat untuk ayah belum datang sejak pagi.")
    await page.fill("#place", "Ruang Melati")


async def test_an_agent_logs_a_call_by_keyboard_and_reads_out_the_code(
    runtime: Runtime, served: Served, agent: Person, chromium: Browser
) -> None:
    async with desk(chromium, served, agent) as at:
        page = at.page
        await expect(page.locator("#number")).to_be_focused()
        await page.keyboard.type("0812 0000 0001")
        await page.keyboard.press("Tab")
        await page.keyboard.type("Sari Contoh")
        for _ in range(3):  # unnamed, it is about, story
            await page.keyboard.press("Tab")
        await page.keyboard.type("Obat untuk ayah belum datang sejak pagi.")
        await page.keyboard.press("Tab")
        await page.keyboard.type("Ruang Melati")
        await expect(page.locator("[data-read-back]")).to_contain_text("Obat untuk ayah")
        await page.focus("[name=consent]")
        await page.keyboard.press("Space")
        await page.keyboard.press("Tab")
        await page.keyboard.press("ArrowRight")
        await page.keyboard.press("Control+Enter")
        code = await page.locator("#code").inner_text()
        number = await page.locator("#number").inner_text()

        assert await at.violations() == []
        assert at.complaints == []
    ticket_id = await Desk(runtime).find(code)
    assert await rows(
        runtime,
        "SELECT t.id, t.ticket_number, c.call_window FROM tickets t JOIN calls c"
        " ON c.ticket_id = t.id",
    ) == [(ticket_id, number, "any")]


async def test_a_status_change_is_told_by_telephone_and_stands_in_the_history(
    runtime: Runtime, served: Served, agent: Person, chromium: Browser
) -> None:
    async with desk(chromium, served, agent) as at:
        page = at.page
        await fill_in(page)
        await page.check("[name=consent]")
        await page.check("[name=call][value=any]")
        await page.click(".filing .button")
        await expect(page.locator("#code")).to_be_visible()
        await at.open("/console/callbacks")
        [(ticket_id, number)] = await rows(runtime, "SELECT id, ticket_number FROM tickets")
        await Casework(runtime).resolve(ticket_id, "Obat sudah diantar.", by=OFFICER)  # type: ignore[arg-type]  # a UUID
        await carry_out(runtime)

        await page.get_by_role("button", name="Telepon Sari Contoh").click()
        await expect(page.locator("blockquote")).to_have_text("Obat sudah diantar.")
        assert await at.violations() == []
        await page.get_by_role("button", name="Tersambung dan sudah disampaikan").click()
        await expect(page.locator(".banner.good")).to_be_visible()
        assert await at.violations() == []
        await at.open(f"/console/tickets/{number}")

        await expect(page.locator("main")).to_contain_text(
            "Agen Contoh menyampaikannya lewat telepon."
        )
        assert at.complaints == []


async def test_who_calls_shows_while_the_number_is_typed(
    runtime: Runtime, served: Served, agent: Person, chromium: Browser
) -> None:
    known = Submitter(name="Sari Contoh", phone="0812 0000 0001")
    receipt = await Desk(runtime).submit(submission(submitter=known))

    async with desk(chromium, served, agent) as at:
        await at.page.fill("#number", "+62 812-0000-0001")
        await expect(at.page.locator("#caller .earlier")).to_contain_text(receipt.number)
        await at.page.fill("#place", "Ruang Melati")
        await expect(at.page.locator("#caller .banner.warn")).to_contain_text(receipt.number)
        assert "0812" not in at.page.url
        assert await at.violations() == []


async def test_a_draft_survives_the_closed_page(
    served: Served, agent: Person, chromium: Browser
) -> None:
    async with desk(chromium, served, agent) as at:
        await fill_in(at.page)
        await at.page.check("[name=way][value=walk_in]")
        await at.page.focus("#wish")
        await expect(at.page.locator("[data-kept]")).to_contain_text("Konsep tersimpan")
        await at.open("/console/callbacks")
        await at.open("/console/phone")

        await at.page.get_by_role("link", name="0812 0000 0001").click()

        story = at.page.locator("#story")
        await expect(story).to_have_value("Obat untuk ayah belum datang sejak pagi.")
        await expect(at.page.locator("[name=way][value=walk_in]")).to_be_checked()


async def test_a_draft_survives_the_lost_network(
    served: Served, agent: Person, chromium: Browser
) -> None:
    async with desk(chromium, served, agent) as at:
        await at.context.set_offline(True)
        await fill_in(at.page)
        await expect(at.page.locator("[data-kept]")).to_contain_text("di peramban ini")
        await at.context.set_offline(False)
        await at.open("/console/phone")

        await expect(at.page.locator("#story")).to_have_value(
            "Obat untuk ayah belum datang sejak pagi."
        )
        await expect(at.page.locator("[data-kept]")).to_contain_text("Konsep tersimpan")
        left = await at.page.evaluate("Object.keys(localStorage).join()")
        assert "kiss-call" not in left


@pytest.mark.parametrize("open_again", [False, True], ids=["in the list", "while open"])
async def test_a_discarded_call_is_gone_from_house_and_browser(
    runtime: Runtime, served: Served, agent: Person, chromium: Browser, open_again: bool
) -> None:
    async with desk(chromium, served, agent) as at:
        await fill_in(at.page)
        await at.page.focus("#wish")
        await expect(at.page.locator("[data-kept]")).to_contain_text("Konsep tersimpan")
        await at.open("/console/callbacks")
        await at.open("/console/phone")
        if open_again:
            await at.page.get_by_role("link", name="0812 0000 0001").click()
            await at.page.fill("#wish", "Diantar hari ini.")  # not saved yet when it is thrown away
            await at.page.get_by_role("button", name="Buang telepon ini").click()
        else:
            await at.page.get_by_role("button", name="Buang konsep").click()
        await expect(at.page.locator("#drafts-title")).to_have_count(0)

        await expect(at.page.locator("#story")).to_have_value("")
        await at.open("/console/callbacks")
        await at.open("/console/phone")
        assert await at.page.locator("#drafts-title").count() == 0
        assert await at.page.evaluate("Object.keys(localStorage).length") == 0
    assert await rows(runtime, "SELECT fields FROM call_drafts WHERE fields <> '{}'") == []


PORTAL = "<!doctype html><title>WiFi</title><h1>Selamat datang</h1>"


@pytest.mark.parametrize("status", [200, 401, 502])
async def test_what_answers_in_place_of_the_house_saves_no_draft(
    served: Served, agent: Person, chromium: Browser, status: int
) -> None:
    async def portal(route: Route) -> None:
        await route.fulfill(status=status, content_type="text/html", body=PORTAL)

    async with desk(chromium, served, agent) as at:
        for path in ("drafts", "caller"):
            await at.page.route(f"**/console/phone/{path}", portal)
        await fill_in(at.page)

        await expect(at.page.locator("[data-kept]")).to_contain_text("di peramban ini sampai")
        await expect(at.page.locator("#caller")).to_have_count(1)
        assert "Selamat datang" not in await at.page.locator("main").inner_text()


async def test_a_draft_of_one_agent_is_not_taken_up_by_another(
    runtime: Runtime, served: Served, agent: Person, chromium: Browser
) -> None:
    other = await hire(runtime, "lain", "agent")
    async with desk(chromium, served, agent) as at:
        await at.context.set_offline(True)
        await fill_in(at.page)
        await expect(at.page.locator("[data-kept]")).to_contain_text("di peramban ini sampai")
        await at.context.clear_cookies()
        await at.context.set_offline(False)
        await at.open("/console/sign-in")
        await at.page.fill("[name=name]", other.username)
        await at.page.fill("[name=password]", PASSWORD)
        await at.page.press("[name=password]", "Enter")
        await expect(at.page.locator(".places")).to_be_visible()

        await at.open("/console/phone")

        await expect(at.page.locator("#story")).to_have_value("")
        await expect(at.page.locator("#number")).to_have_value("")


async def test_a_call_at_the_exchange_pops_up(
    runtime: Runtime, served: Served, agent: Person, chromium: Browser, hands: Hands
) -> None:
    async with desk(chromium, served, agent) as at:
        async with transaction(runtime.database) as session:
            await ring(session, "pbx-1", "+6281200000001", hands.now)
        runtime.bell.ring(TOPIC)

        await expect(at.page.locator("[data-ring]")).to_contain_text("••••-••••-•001")
        await at.page.locator("[data-ring] a").click()

        await expect(at.page.locator("#number")).to_have_value("0812-0000-0001")
        assert at.complaints == []


async def test_the_list_changes_by_itself(
    runtime: Runtime, served: Served, agent: Person, chromium: Browser
) -> None:
    known = Submitter(name="Sari Contoh", phone="0812 0000 0001")
    receipt = await Desk(runtime).submit(submission(submitter=known))

    async with desk(chromium, served, agent) as at:
        await at.open("/console/callbacks")
        await expect(at.page.locator("#callbacks .empty")).to_be_visible()
        await at.page.wait_for_timeout(500)  # the line is open and has told how things stand
        await Casework(runtime).reply(receipt.ticket_id, "Sudah.", by=OFFICER)
        await carry_out(runtime)

        await expect(at.page.locator("#callbacks .lines")).to_contain_text(
            "Sari Contoh", timeout=15_000
        )


@pytest.mark.parametrize("scripts", [True, False], ids=["with a script", "without"])
async def test_a_page_that_comes_back_shows_its_receipt_and_asks_about_other_words(
    runtime: Runtime, served: Served, agent: Person, chromium: Browser, scripts: bool
) -> None:
    async with desk(chromium, served, agent, java_script_enabled=scripts) as at:
        page = at.page
        stale = await at.context.new_page()
        await stale.goto(page.url)
        for each in (page, stale):
            await fill_in(each)
            await each.check("[name=consent]")
        await page.click(".filing .button")
        code = await page.locator("#code").inner_text()
        await page.go_back()
        back = await page.locator("#code").inner_text()
        await stale.click(".filing .button")
        again = await stale.locator("#code").inner_text()
        await page.goto(f"{served.home}/console/phone")
        stale = await at.context.new_page()
        await stale.goto(page.url)
        for each, story in ((page, "Parkir penuh."), (stale, "Toilet di lantai dua kotor.")):
            await each.fill("#story", story)
            await each.click(".filing .button")
        await stale.click("button[name=again][value=another]")
        other = await stale.locator("#code").inner_text()

    assert code == back == again != other
    assert await rows(runtime, "SELECT count(*) FROM tickets") == [(3,)]


@pytest.mark.parametrize(("language", "views"), LANGUAGES_AND_VIEWS)
async def test_every_page_is_for_everybody(  # noqa: PLR0917 - what is varied, and what it needs
    runtime: Runtime,
    served: Served,
    agent: Person,
    chromium: Browser,
    language: str,
    views: tuple[View, ...],
) -> None:
    known = Submitter(name="Sari Contoh", phone="0812 0000 0001")
    receipt = await Desk(runtime).submit(submission(submitter=known))
    await Casework(runtime).reply(receipt.ticket_id, "Sudah kami antar.", by=OFFICER)
    await carry_out(runtime)
    async with transaction(runtime.database) as session:
        await session.execute(text("UPDATE users SET language = :l"), {"l": language})
    wrong = {}

    async with desk(chromium, served, agent, views=views) as at:
        page = at.page
        await page.check("[name=danger][value=yes]")
        await fill_in(page)
        await expect(page.locator("#caller .earlier")).to_be_visible()
        wrong["desk"] = await at.faults()
        await page.click(".filing .button")
        await expect(page.locator("#summary")).to_be_focused()
        wrong["errors"] = await at.faults()
        await page.check("[name=consent]")
        await page.click(".filing .button")
        code = await page.locator("#code").inner_text()
        wrong["done"] = await at.faults()
        await at.open("/console/phone/earlier-report")
        wrong["standing"] = await at.faults()
        await page.fill("#code", code)
        await page.click("[name=prove]")
        wrong["told"] = await at.faults()
        await at.open("/console/callbacks")
        wrong["callbacks"] = await at.faults()
        await page.locator("#callbacks form button").click()
        await expect(page.locator("blockquote")).to_be_visible()
        wrong["callback"] = await at.faults()

        assert wrong == dict.fromkeys(wrong, "")
        assert at.complaints == []


@pytest.mark.parametrize(("language", "views"), LANGUAGES_AND_VIEWS)
async def test_every_question_of_a_page_that_comes_back_is_for_everybody(  # noqa: PLR0917
    runtime: Runtime,
    served: Served,
    agent: Person,
    chromium: Browser,
    language: str,
    views: tuple[View, ...],
) -> None:
    async with transaction(runtime.database) as session:
        await session.execute(text("UPDATE users SET language = :l"), {"l": language})
    wrong = {}

    async with desk(chromium, served, agent, views=views) as at:
        page = at.page
        beside = await at.context.new_page()
        await beside.goto(page.url)
        for each in (page, beside):
            await fill_in(each)
            await each.check("[name=consent]")
            await each.check("[name=call][value=any]")
        await beside.click(".filing .button")
        code = await beside.locator("#code").inner_text()
        await page.fill("#story", "Toilet di lantai dua kotor.")
        await page.click(".filing .button")
        await expect(page.locator("button[name=again][value=add]")).to_be_visible()
        wrong["filed"] = await at.faults()
        await page.click("button[name=again][value=add]")
        await expect(page.locator("#code")).to_have_text(code)
        wrong["added"] = await at.faults()
        await at.open("/console/phone/earlier-report")
        await page.fill("#code", code)
        await page.click("[name=prove]")
        for _ in range(2):
            await page.fill("#words", "Belum sampai juga.")
            await page.click("form[action$=add] .button >> nth=0")
        await expect(page.locator("button[name=again]")).to_be_visible()
        wrong["said before"] = await at.faults()
        [(ticket_id,)] = await rows(runtime, "SELECT id FROM tickets")
        await Casework(runtime).resolve(ticket_id, "Sudah diantar.", by=OFFICER)  # type: ignore[arg-type]  # a UUID
        await carry_out(runtime)
        await at.open("/console/callbacks")
        await page.locator("#callbacks form button").click()
        await beside.goto(page.url)
        await beside.click("button[name=outcome][value=no_answer]")
        await beside.wait_for_url("**/console/callbacks?done=no_answer")
        await page.fill("#words", "Belum ada yang datang.")
        await page.click("button[name=outcome][value=reached]")
        await expect(page.locator("button[formaction$=outcome]")).to_be_visible()
        wrong["noted"] = await at.faults()

        assert wrong == dict.fromkeys(wrong, "")
        assert at.complaints == []


async def test_without_a_script_a_call_is_logged_too(
    runtime: Runtime, served: Served, agent: Person, chromium: Browser
) -> None:
    known = Submitter(name="Sari Contoh", phone="0812 0000 0001")
    receipt = await Desk(runtime).submit(submission(submitter=known))

    async with desk(chromium, served, agent, java_script_enabled=False) as at:
        page = at.page
        await fill_in(page)
        await page.get_by_role("button", name="Cari", exact=True).click()
        await expect(page.locator("#caller .earlier")).to_contain_text(receipt.number)
        await expect(page.locator("#name")).to_have_value("Sari Contoh")
        await page.check("[name=consent]")
        await page.click(".filing .button")

        await expect(page.locator("#code")).to_be_visible()


async def test_the_script_speaks_the_caller_s_language(
    runtime: Runtime, served: Served, chromium: Browser
) -> None:
    supervisor = await hire(runtime, "kepala", "supervisor", language="en")

    async with desk(chromium, served, supervisor) as at:
        opening = at.page.locator(".opening .spoken")
        await expect(opening.locator("[lang=id]")).to_be_visible()
        await at.page.check("[name=language][value=en]")

        await expect(opening.locator("[lang=en]")).to_be_visible()
        await expect(opening.locator("[lang=id]")).to_be_hidden()
