"""What is typed and not sent: kept for a day, told, brought back, thrown away, nobody else's."""

import json

import pytest
from playwright.async_api import Browser, expect

from core.runtime import Runtime
from tests.browsing import Tab, tab
from tests.builders import TOKEN, Hands
from tests.intake.channels.web.tickets import filed, rows

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

STAFF = "kiss-draft:2:staff:0a:ticket:TKT-1:"
NO_STORAGE = (
    "Object.defineProperty(window, 'localStorage',"
    " {get() {throw new DOMException('x', 'SecurityError')}})"
)
NO_ROOM = "Storage.prototype.setItem = () => {throw new DOMException('x', 'QuotaExceededError')}"


async def kept(opened: Tab) -> list[str]:
    names = await opened.page.evaluate("Object.keys(localStorage)")
    return sorted(name for name in names if name.startswith("kiss-"))


async def type_story(opened: Tab, words: str) -> None:
    await opened.page.locator("#story").fill(words)


async def test_a_draft_tells_its_end_comes_back_and_is_thrown_away(
    chromium: Browser, home: str
) -> None:
    async with tab(chromium, home) as opened:
        await opened.open("/")
        await type_story(opened, "AC kamar 3 mati.")
        told = opened.page.locator("[data-draft]")
        await expect(told).to_contain_text("Tersimpan di ponsel ini sampai")
        await opened.open("/")
        await expect(opened.page.locator("#story")).to_have_value("AC kamar 3 mati.")
        await expect(told).to_contain_text("Tulisan Anda tadi kami simpan")
        assert await opened.faults() == ""

        await told.get_by_role("button", name="Buang saja").click()

        await expect(opened.page.locator("#story")).to_have_value("")
        await expect(told).to_be_hidden()
        assert await kept(opened) == []
        await opened.open("/")
        await expect(opened.page.locator("#story")).to_have_value("")
        assert opened.complaints == []


async def test_a_draft_is_gone_after_its_day(chromium: Browser, home: str) -> None:
    async with tab(chromium, home) as opened:
        await opened.page.clock.install()
        await opened.open("/")
        await type_story(opened, "AC kamar 3 mati.")
        [name] = await kept(opened)
        draft = json.loads(await opened.page.evaluate("(name) => localStorage[name]", name))
        now = await opened.page.evaluate("Date.now()")
        assert 23 * 3600_000 < draft["until"] - now <= 24 * 3600_000

        await opened.page.clock.set_fixed_time((draft["until"] + 1) / 1000)
        await opened.open("/")

        await expect(opened.page.locator("#story")).to_have_value("")
        assert await kept(opened) == []


async def test_what_is_chosen_now_wins_over_a_draft(chromium: Browser, home: str) -> None:
    async with tab(chromium, home) as opened:
        await opened.open(f"/q/{TOKEN}/report?type=complaint")
        await type_story(opened, "Perawatnya ramah sekali.")

        await opened.open(f"/q/{TOKEN}/report?type=satisfaction")

        await expect(opened.page.locator("#story")).to_have_value("Perawatnya ramah sekali.")
        await expect(opened.page.locator("[name=type][value=satisfaction]")).to_be_checked()


async def test_sending_one_form_leaves_the_drafts_of_others(
    runtime: Runtime, chromium: Browser, home: str, hands: Hands
) -> None:
    receipt = await filed(runtime)
    async with tab(chromium, home) as opened:
        await opened.open("/privacy")
        draft = "JSON.stringify({words: 'Yth. Ibu', until: Date.now() + 9e6, at: Date.now()})"
        await opened.page.evaluate(f"localStorage['{STAFF}'] = {draft}")
        await opened.open(f"/t/{receipt.tracking_code}")
        await type_story(opened, "Sekarang lampu juga.")
        await opened.open(f"/q/{TOKEN}/report")
        await type_story(opened, "Untuk Melati.")
        await opened.open("/")
        await type_story(opened, "Antrean farmasi.")
        hands.move(seconds=40)

        await opened.page.get_by_role("button", name="Kirim", exact=True).click()
        await opened.page.wait_for_url("**/thanks/*")

        left = await kept(opened)
        assert [name.split(":")[2:4] for name in left] == [
            ["public", f"/q/{TOKEN}/report"],
            ["public", receipt.number],
            ["staff", "0a"],
        ]
        await opened.open("/tracking")
        await opened.page.get_by_role("button", name="Tutup laporan di ponsel ini").click()
        await opened.page.wait_for_url("**/tracking")
        assert [name.split(":")[2] for name in await kept(opened)] == ["public", "staff"]


async def test_two_tabs_are_two_drafts_and_two_reports(
    runtime: Runtime, chromium: Browser, home: str, hands: Hands
) -> None:
    async with tab(chromium, home) as opened:
        await opened.open("/")
        await type_story(opened, "AC kamar 3 mati.")
        second = await opened.context.new_page()
        await second.goto(f"{home}/")
        await expect(second.locator("#story")).to_have_value("AC kamar 3 mati.")
        await second.locator("#story").fill("Antrean farmasi tiga jam.")
        await type_story(opened, "AC kamar 3 mati lagi.")
        hands.move(seconds=40)

        await second.get_by_role("button", name="Kirim", exact=True).click()
        await second.wait_for_url("**/thanks/*")
        assert len(await kept(opened)) == 1
        await opened.page.get_by_role("button", name="Kirim", exact=True).click()
        await opened.page.wait_for_url("**/thanks/*")
        assert await kept(opened) == []

    said = await rows(runtime, "SELECT description FROM tickets ORDER BY ticket_number")
    assert [row["description"] for row in said] == [
        "Antrean farmasi tiga jam.",
        "AC kamar 3 mati lagi.",
    ]


async def test_drafts_of_earlier_releases_are_cleaned_up(chromium: Browser, home: str) -> None:
    async with tab(chromium, home) as opened:
        await opened.open("/privacy")
        await opened.page.evaluate(
            "['kiss-draft:/', 'kiss-draft:TKT-1', 'kiss-call:1', 'kiss-draft:2:x:y:', 'other']"
            '.forEach((name) => localStorage[name] = \'{"at": 1, "story": "lama"}\')'
        )

        await opened.open("/")

        await expect(opened.page.locator("#story")).to_have_value("")
        assert await opened.page.evaluate("Object.keys(localStorage)") == ["other"]


@pytest.mark.parametrize("forbidding", [NO_STORAGE, NO_ROOM], ids=["forbidden", "no room"])
async def test_without_storage_nothing_is_promised_and_all_works(
    runtime: Runtime, chromium: Browser, home: str, hands: Hands, forbidding: str
) -> None:
    async with tab(chromium, home) as opened:
        await opened.page.add_init_script(forbidding)
        await opened.open("/")
        await type_story(opened, "AC kamar 3 mati.")
        await expect(opened.page.locator("[data-draft]")).to_be_hidden()
        hands.move(seconds=40)

        await opened.page.get_by_role("button", name="Kirim", exact=True).click()
        await opened.page.wait_for_url("**/thanks/*")
        await opened.page.get_by_role("button", name="Selesai, lupakan di ponsel ini").click()
        await opened.page.wait_for_url("**/forgotten")

        assert opened.complaints == []
    assert await rows(runtime, "SELECT count(*) FROM tickets") == [{"count": 1}]
