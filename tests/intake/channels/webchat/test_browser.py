"""The chat in a real Chromium: with and without scripts, phone and desk, light and dark.

`CI=true KISS_PICTURES=1` writes the pictures of docs/images anew.
"""

import asyncio
import os

import pytest
from playwright.async_api import Browser, Page, Route, expect
from sqlalchemy import text

from core.ground.database import transaction
from core.runtime import Runtime
from core.tickets.casework import Casework
from tests.browsing import DESK, LANGUAGES_AND_VIEWS, PHONE, Tab, View, tab
from tests.builders import OFFICER, TOKEN
from tests.root import ROOT

pytestmark = [pytest.mark.browser]

KEPT = {"begin-id-phone", "review-id-phone-dark", "sent-id-phone", "sent-en-phone", "sent-id-desk"}
IMAGES = ROOT / "docs" / "images"
WORDS = {
    "id": "AC di kamar 3 mati sejak kemarin malam dan ibu saya kepanasan.",
    "en": "The air conditioning in room 3 has been off since last night.",
}
MORE = {
    "id": "Sekarang lampunya juga berkedip-kedip terus.",
    "en": "Now the light keeps flickering as well.",
}
NOT_THIS = {"id": "Bukan, ini laporan baru", "en": "No, a new report"}
SEND = {"id": "Kirim", "en": "Send"}


async def picture(opened: Tab, name: str, *, full: bool = False) -> None:
    for size, scheme in opened.views if os.environ.get("KISS_PICTURES") else ():
        look = f"{name}-{'phone' if size is PHONE else 'desk'}{'-dark' * (scheme == 'dark')}"
        if look in KEPT:
            await opened.page.set_viewport_size(size)
            await opened.page.emulate_media(color_scheme=scheme)
            if full:  # else the writing line stays where the smaller window had it
                await opened.page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
            await opened.page.screenshot(path=IMAGES / f"chat-{look}.png", full_page=full)


async def write(page: Page, words: str) -> None:
    await page.fill("#say", words)
    await page.click(".send")


async def numbers(runtime: Runtime) -> list[tuple[object, ...]]:
    async with transaction(runtime.database) as session:
        rows = await session.execute(text("SELECT id, ticket_number, language FROM tickets"))
        return [tuple(row) for row in rows]


async def send_what_is_shown(page: Page, lang: str = "id") -> None:
    """Press *send* once it is offered; until then the first answer is one of the greeting's."""
    await expect(page.locator(".offered .answer").first).to_have_text(SEND[lang])
    await page.locator(".offered .answer").first.click()
    await expect(page.locator(".bubble.bot").last).to_contain_text("TKT-")
    await expect(page.locator("[aria-busy=true]")).to_have_count(0)


@pytest.mark.parametrize(("lang", "views"), LANGUAGES_AND_VIEWS)
async def test_a_report_is_sent_and_every_view_is_accessible(
    runtime: Runtime, home: str, chromium: Browser, *, lang: str, views: tuple[View, ...]
) -> None:
    locale = {"id": "id-ID", "en": "en-GB"}[lang]
    async with tab(chromium, home, views, locale=locale) as opened:
        page = opened.page
        await opened.open(f"/chat?u={TOKEN}")
        await picture(opened, f"begin-{lang}")
        found = {"begin": await opened.faults()}
        await page.click(".attach summary")
        found["attach"] = await opened.faults()
        await page.click(".attach summary")
        await write(page, WORDS[lang])
        await expect(page.locator(".offered .answer").first).to_have_text(SEND[lang])
        await picture(opened, f"review-{lang}")
        found["review"] = await opened.faults()
        await send_what_is_shown(page, lang)
        await picture(opened, f"sent-{lang}", full=True)
        found["sent"] = await opened.faults()
        await write(page, MORE[lang])
        moved = page.locator(".bubble.bot").last.locator(".answer")
        await expect(moved).to_have_text(NOT_THIS[lang])
        found["added"] = await opened.faults()

        assert found == dict.fromkeys(found, "")
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
        await send_what_is_shown(page)
        await page.fill("#say", "Saya masih menulis")
        [(ticket_id, number, _)] = await numbers(runtime)

        await Casework(runtime).ask(ticket_id, "Kamar berapa?", by=OFFICER)  # type: ignore[arg-type]  # a row's value

        await expect(page.locator(".bubble.bot").last).to_contain_text("Kamar berapa?")
        await expect(page.locator(".bubble.bot").last).to_contain_text(str(number))
        assert await page.input_value("#say") == "Saya masih menulis"
        assert opened.complaints == []


async def test_what_is_pressed_and_typed_while_something_is_sent_is_kept(
    runtime: Runtime, home: str, chromium: Browser
) -> None:
    async with tab(chromium, home) as opened:
        page, shown = opened.page, asyncio.Event()

        async def answer_late(route: Route) -> None:
            answer = await route.fetch()
            await shown.wait()
            await route.fulfill(response=answer)

        await opened.open(f"/chat?u={TOKEN}")
        await write(page, WORDS["id"])
        await expect(page.locator(".offered .answer").first).to_have_text(SEND["id"])
        await page.route("**/chat", answer_late, times=1)
        await write(page, "Lantai 2.")
        await expect(page.locator(".bubble.bot").last).to_contain_text("Lantai 2.")
        await page.fill("#say", "Saya masih menulis")
        await page.locator(".offered .answer").first.click()
        shown.set()

        await expect(page.locator(".bubble.bot").last).to_contain_text("TKT-")
        assert await page.input_value("#say") == "Saya masih menulis"
        assert opened.complaints == []
    async with transaction(runtime.database) as session:
        [body] = await session.scalars(text("SELECT description FROM tickets"))
    assert body == f"{WORDS['id']}\nLantai 2."


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
        await send_what_is_shown(page)

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
        await page.set_viewport_size(PHONE)
        await page.reload()
        await expect(page.locator(".bubble.bot").last).to_be_in_viewport()
        await page.keyboard.press("Tab")
        await expect(page.locator(":focus")).to_have_text("Langsung ke isi")

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


async def test_unsent_words_survive_a_reload_and_arrive_once_even_if_their_answer_was_lost(
    home: str, chromium: Browser
) -> None:
    async with tab(chromium, home) as opened:
        page = opened.page

        async def lose_the_answer(route: Route) -> None:
            await route.fetch(max_redirects=0)
            await route.abort()

        await opened.open(f"/chat?u={TOKEN}")
        await page.route("**/chat", lose_the_answer, times=1)
        await write(page, WORDS["id"])
        await expect(page.locator("[data-status]")).to_be_visible()
        await page.goto(f"{home}/chat")
        assert await page.input_value("#say") == WORDS["id"]
        await page.click(".send")
        await expect(page.locator("[aria-busy=true]")).to_have_count(0)
        await expect(page.locator("#say")).to_have_value("")
        await expect(page.locator(".bubble.person")).to_have_count(1)

        await page.route("**/chat", lose_the_answer, times=1)
        await write(page, "Lantai 2.")
        await expect(page.locator("[data-status]")).to_be_visible()
        await write(page, "Lantai 3, maaf.")
        await expect(page.locator(".bubble.person")).to_have_count(3)
        await expect(page.locator(".bubble.person p").last).to_have_text("Lantai 3, maaf.")
        await page.reload()
        assert await page.input_value("#say") == ""


async def test_a_browser_without_storage_sends_all_the_same(
    runtime: Runtime, home: str, chromium: Browser
) -> None:
    async with tab(chromium, home) as opened:
        page = opened.page
        await page.add_init_script(
            "Object.defineProperty(window, 'sessionStorage', {get() { throw new Error('off'); }})"
        )
        await opened.open(f"/chat?u={TOKEN}")
        await write(page, WORDS["id"])
        await send_what_is_shown(page)

    assert len(await numbers(runtime)) == 1


@pytest.mark.parametrize(
    ("status", "says"),
    [(413, "berkasnya terlalu besar"), (502, "bukan kesalahan Anda"), (200, "Wi-Fi")],
)
async def test_what_answers_in_our_place_is_told_and_the_words_stay(
    home: str, chromium: Browser, status: int, says: str
) -> None:
    async with tab(chromium, home) as opened:
        await opened.open(f"/chat?u={TOKEN}")
        stranger = "<html><title>Hotspot</title><h1>Login</h1></html>"
        await opened.page.route(
            "**/chat",
            lambda route: route.fulfill(status=status, content_type="text/html", body=stranger),
            times=1,
        )

        await write(opened.page, WORDS["id"])

        await expect(opened.page.locator("[data-status]")).to_contain_text(says)
        await expect(opened.page.locator("#say")).to_have_value(WORDS["id"])
        await opened.page.click(".send")
        await expect(opened.page.locator(".bubble.person p").first).to_have_text(WORDS["id"])
