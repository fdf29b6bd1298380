"""The telephone desk in a real Chromium: a call, a lost line, a call-back; for everybody."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect
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


async def test_a_call_at_the_exchange_pops_up(
    runtime: Runtime, served: Served, agent: Person, chromium: Browser, hands: Hands
) -> None:
    async with desk(chromium, served, agent) as at:
        async with transaction(runtime.database) as session:
            await ring(session, "pbx-1", "+6281200000001", hands.now)
        runtime.bell.ring(TOPIC)

        await expect(at.page.locator("[data-ring]")).to_contain_text("0812-0000-0001")
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
