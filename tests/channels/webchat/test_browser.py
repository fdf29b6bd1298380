"""The chat in a real Chromium: with and without scripts, phone and desk, light and dark.

`KISS_PICTURES=1` writes the pictures of docs/images anew.
"""

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import text

from core.casework import Casework
from core.database import transaction
from core.runtime import Runtime
from tests.builders import OFFICER, TOKEN
from tests.channels.web.browsing import DESK, PHONE, Tab, tab

pytestmark = [pytest.mark.browser]

KEPT = {"begin-id-phone", "review-id-phone-dark", "sent-id-phone", "sent-en-phone", "sent-id-desk"}
IMAGES = Path(__file__).parents[3] / "docs" / "images"
WORDS = {
    "id": "AC di kamar 3 mati sejak kemarin malam dan ibu saya kepanasan.",
    "en": "The air conditioning in room 3 has been off since last night.",
}
SEND = {"id": "Kirim", "en": "Send"}
LOOKS = (
    pytest.param("id", PHONE, "light", id="id-phone"),
    pytest.param("id", PHONE, "dark", id="id-phone-dark"),
    pytest.param("en", PHONE, "light", id="en-phone"),
    pytest.param("id", DESK, "light", id="id-desk"),
    pytest.param("en", DESK, "dark", id="en-desk-dark"),
)


async def picture(opened: Tab, name: str, *, full: bool = False) -> None:
    if os.environ.get("KISS_PICTURES") and name in KEPT:
        await opened.page.screenshot(path=IMAGES / f"chat-{name}.png", full_page=full)


async def write(page: Page, words: str) -> None:
    await page.fill("#say", words)
    await page.click(".send")


async def numbers(runtime: Runtime) -> list[tuple[object, ...]]:
    async with transaction(runtime.database) as session:
        rows = await session.execute(text("SELECT id, ticket_number, language FROM tickets"))
        return [tuple(row) for row in rows]


@pytest.mark.parametrize(("lang", "size", "scheme"), LOOKS)
async def test_a_report_is_sent_and_every_view_is_accessible(
    runtime: Runtime,
    home: str,
    chromium: Browser,
    *,
    lang: str,
    size: dict[str, int],
    scheme: str,
    request: pytest.FixtureRequest,
) -> None:
    look = request.node.callspec.id
    locale = {"id": "id-ID", "en": "en-GB"}[lang]
    async with tab(chromium, home, viewport=size, locale=locale, color_scheme=scheme) as opened:
        page = opened.page
        await opened.open(f"/chat?u={TOKEN}")
        await picture(opened, f"begin-{look}")
        found = await opened.violations()
        await page.click(".attach summary")
        found += await opened.violations()
        await page.click(".attach summary")
        await write(page, WORDS[lang])
        await expect(page.locator(".offered .answer").first).to_have_text(SEND[lang])
        await picture(opened, f"review-{look}")
        found += await opened.violations()
        await page.locator(".offered .answer").first.click()
        await expect(page.locator(".bubble.bot").last).to_contain_text("TKT-")
        await picture(opened, f"sent-{look}", full=True)
        found += await opened.violations()

        assert found == []
        assert await opened.overflow() == 0
        assert opened.complaints == []
    [(_, number, language)] = await numbers(runtime)
    assert number
    assert language == lang


async def test_an_answer_appears_by_itself_and_what_is_being_typed_stays(
    runtime: Runtime, home: str, chromium: Browser
) -> None:
    async with tab(chromium, home) as opened:
        page = opened.page
        await opened.open(f"/chat?u={TOKEN}")
        await write(page, WORDS["id"])
        await page.locator(".offered .answer").first.click()
        await expect(page.locator(".bubble.bot").last).to_contain_text("TKT-")
        await page.fill("#say", "Saya masih menulis")
        [(ticket_id, number, _)] = await numbers(runtime)

        await Casework(runtime).ask(ticket_id, "Kamar berapa?", by=OFFICER)  # type: ignore[arg-type]  # a row's value

        await expect(page.locator(".bubble.bot").last).to_contain_text("Kamar berapa?")
        await expect(page.locator(".bubble.bot").last).to_contain_text(str(number))
        assert await page.input_value("#say") == "Saya masih menulis"
        assert opened.complaints == []


async def test_without_scripts_it_is_plain_forms(
    runtime: Runtime, home: str, chromium: Browser
) -> None:
    async with tab(chromium, home, java_script_enabled=False) as opened:
        page = opened.page
        await opened.open(f"/chat?u={TOKEN}")
        await page.fill("#say", WORDS["id"])
        await page.locator(".send").click()
        await expect(page.locator(".bubble.person")).to_have_count(1)
        await page.set_input_files("#files", {"name": "f.pdf", "mimeType": "application/pdf",
                                              "buffer": b"%PDF-1.4\n%%EOF"})  # fmt: skip
        await page.locator(".send").click()
        await expect(page.locator(".attached")).to_have_count(1)
        await page.locator(".offered .answer").first.click()
        await expect(page.locator(".bubble.bot").last).to_contain_text("TKT-")

    assert len(await numbers(runtime)) == 1


async def test_the_keyboard_alone_sends_a_report(
    runtime: Runtime, home: str, chromium: Browser
) -> None:
    async with tab(chromium, home, viewport=DESK) as opened:
        page = opened.page
        await opened.open(f"/chat?u={TOKEN}")
        await page.focus("#say")
        await page.keyboard.type(WORDS["id"])
        await page.keyboard.press("Enter")
        await expect(page.locator(".bubble.person")).to_have_count(1)
        assert await page.evaluate("document.activeElement.id") == "say"
        await page.keyboard.type("kirim")
        await page.keyboard.press("Enter")
        await expect(page.locator(".bubble.bot").last).to_contain_text("TKT-")

    assert len(await numbers(runtime)) == 1


async def test_the_language_changes_with_the_conversation(home: str, chromium: Browser) -> None:
    async with tab(chromium, home) as opened:
        page = opened.page
        await opened.open("/chat")
        await page.get_by_role("button", name="English (EN)").click()
        await expect(page.locator("h1")).to_have_text("Chat with us")
        await expect(page.locator(".bubble.bot").last).to_contain_text("Hello")
        assert opened.complaints == []


async def test_a_survey_is_one_question_changed_in_place(
    runtime: Runtime, home: str, chromium: Browser
) -> None:
    async with tab(chromium, home) as opened:
        page = opened.page
        await opened.open(f"/chat?u={TOKEN}")
        await page.get_by_role("button", name="Survei kepuasan").click()
        for number in range(1, 10):
            await expect(page.locator(".bubble.bot").last).to_contain_text(f"{number}/9")
            await page.locator(".bubble.bot").last.locator(".answer").nth(3).click()
        await expect(page.locator(".bubble.bot").last).not_to_contain_text("9/9")
        await write(page, "Semoga lebih cepat lagi.")
        await expect(page.locator(".bubble.person").last).to_contain_text("lebih cepat")

    async with transaction(runtime.database) as session:
        query = "SELECT answers, remarks, is_complete, unit_id FROM survey_answers"
        [(answers, remarks, complete, unit)] = (await session.execute(text(query))).all()
    assert set(answers.values()) == {4}
    assert (remarks, complete) == ("Semoga lebih cepat lagi.", True)
    assert unit is not None
