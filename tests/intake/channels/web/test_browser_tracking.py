import pytest
from playwright.async_api import Browser, expect

from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from core.tickets.submission import Receipt
from tests.browsing import LANGUAGES_AND_VIEWS, View, tab
from tests.builders import OFFICER, submission
from tests.intake.channels.web.tickets import rows

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}'


@pytest.fixture
async def receipt(runtime: Runtime) -> Receipt:
    return await Desk(runtime).submit(submission())


async def test_an_answer_appears_by_itself(
    runtime: Runtime, chromium: Browser, home: str, receipt: Receipt
) -> None:
    async with tab(chromium, home) as opened:
        await opened.open(f"/t/{receipt.tracking_code}")
        async with opened.page.expect_request("**/tracking/events*"):
            await opened.page.reload()
        await Casework(runtime).reply(receipt.ticket_id, "Teknisi datang.", by=OFFICER)

        await expect(opened.page.locator(".message.ours .said")).to_have_text("Teknisi datang.")
        await expect(opened.page.locator(".badge")).to_have_text("Sedang diperiksa")
        await expect(opened.page.get_by_text("Janji ditepati")).to_be_visible()
        assert opened.complaints == []


async def test_a_page_whose_line_goes_to_another_says_so_and_looks_by_itself(
    runtime: Runtime, chromium: Browser, home: str, receipt: Receipt
) -> None:
    async with tab(chromium, home) as opened:
        await opened.page.clock.install()
        await opened.open(f"/t/{receipt.tracking_code}")
        slow = opened.page.get_by_text("mencari kabar sendiri sekali semenit")
        await expect(slow).to_be_hidden()
        full = "retry: 5000\n\nevent: full\ndata:\n\n"
        await opened.page.route(
            "**/tracking/events*",
            lambda route: route.fulfill(content_type="text/event-stream", body=full),
        )
        await opened.page.reload()
        await expect(slow).to_be_visible()
        await Casework(runtime).reply(receipt.ticket_id, "Teknisi datang.", by=OFFICER)

        await opened.page.clock.run_for(61_000)

        await expect(opened.page.locator(".message.ours .said")).to_have_text("Teknisi datang.")


async def test_nothing_moves_while_somebody_types(
    runtime: Runtime, chromium: Browser, home: str, receipt: Receipt
) -> None:
    async with tab(chromium, home) as opened:
        await opened.open(f"/t/{receipt.tracking_code}")
        await opened.page.locator("#story").fill("Saya masih menu")
        await Casework(runtime).reply(receipt.ticket_id, "Teknisi datang.", by=OFFICER)
        note = opened.page.get_by_role("button", name="Ada kabar baru. Tampilkan")
        await expect(note).to_be_visible()
        assert await opened.page.locator(".message.ours").count() == 0

        await note.click()

        await expect(opened.page.locator(".message.ours .said")).to_have_text("Teknisi datang.")
        await expect(opened.page.locator("#story")).to_have_value("Saya masih menu")
        await expect(note).to_be_hidden()


@pytest.mark.parametrize("script", [True, False])
async def test_the_whole_conversation_works_with_and_without_script(
    runtime: Runtime, chromium: Browser, home: str, receipt: Receipt, script: object
) -> None:
    casework = Casework(runtime)
    async with tab(chromium, home, java_script_enabled=script) as opened:
        await opened.open("/tracking")
        await opened.page.get_by_label("Kode pelacakan").fill(receipt.tracking_code)
        await opened.page.get_by_role("button", name="Buka laporan").click()
        await opened.page.locator("#story").fill("Sekarang lampu juga mati.")
        await opened.page.get_by_role("button", name="Kirim", exact=True).click()
        await expect(opened.page.get_by_role("heading", name="Sudah ditambahkan")).to_be_visible()

        await casework.resolve(receipt.ticket_id, "Semua sudah diganti.", by=OFFICER)
        await opened.page.get_by_role("link", name="Lihat kabar terbaru").click()
        await opened.page.get_by_role("button", name="Belum").click()
        await expect(
            opened.page.get_by_role("heading", name="Dibuka kembali", level=2)
        ).to_be_visible()

        await casework.resolve(receipt.ticket_id, "Sekali lagi.", by=OFFICER)
        await opened.page.get_by_role("link", name="Lihat kabar terbaru").click()
        await opened.page.get_by_role("button", name="Sudah", exact=True).click()
        await expect(opened.page.locator(".badge").first).to_have_text("Ditutup")
        await opened.page.locator("label[for=stars-4]").click()
        await opened.page.get_by_role("button", name="Beri bintang").click()
        await expect(opened.page.get_by_text("Bintang Anda sudah kami terima.")).to_be_visible()
        assert opened.complaints == []
    assert await rows(runtime, "SELECT status, rating FROM tickets") == [
        {"status": "closed", "rating": 4}
    ]


async def test_stars_and_buttons_are_reached_by_keyboard(
    runtime: Runtime, chromium: Browser, home: str, receipt: Receipt
) -> None:
    await Casework(runtime).resolve(receipt.ticket_id, "Sudah.", by=OFFICER)
    async with tab(chromium, home) as opened:
        await opened.open(f"/t/{receipt.tracking_code}")
        order = []
        for _ in range(40):
            await opened.page.keyboard.press("Tab")
            order.append(
                await opened.page.evaluate(
                    "document.activeElement.id || document.activeElement.textContent.trim()"
                )
            )

        wanted = ["Langsung ke isi", "Sudah", "Belum", "story", "files", "Kirim"]
        assert [name for name in order if name in wanted][: len(wanted)] == wanted
        assert any(name.startswith("stars-") for name in order)


@pytest.mark.parametrize(("language", "views"), LANGUAGES_AND_VIEWS)
async def test_the_tracking_page_is_for_everybody(  # noqa: PLR0917 - fixtures and a table
    runtime: Runtime,
    chromium: Browser,
    home: str,
    receipt: Receipt,
    language: str,
    views: tuple[View, ...],
) -> None:
    casework = Casework(runtime)
    async with tab(chromium, home, views, locale=language) as opened:
        found: dict[str, object] = {}

        async def look(what: str) -> None:
            await opened.open(f"/t/{receipt.tracking_code}?lang={language}")
            found[what] = await opened.faults()

        await opened.open("/tracking")
        found["sign-in"] = await opened.faults()
        await look("received")
        await casework.reply(receipt.ticket_id, "Teknisi datang.", by=OFFICER)
        await look("answered")
        await casework.resolve(receipt.ticket_id, "Sudah diganti.", by=OFFICER)
        await look("resolved")
        await opened.page.locator("main form:has(#story) button[type=submit]").last.click()
        await expect(opened.page.locator("#summary")).to_be_focused()
        found["nothing added"] = await opened.faults()

        assert found == dict.fromkeys(found, "")
        assert opened.complaints == []


async def test_hostile_words_run_nowhere(runtime: Runtime, chromium: Browser, home: str) -> None:
    receipt = await Desk(runtime).submit(submission(words=HOSTILE))
    await Casework(runtime).reply(receipt.ticket_id, HOSTILE, by=OFFICER)
    async with tab(chromium, home) as opened:
        await opened.open(f"/t/{receipt.tracking_code}")

        said = await opened.page.locator(".said").all_text_contents()

        assert said == [HOSTILE, HOSTILE]
        assert opened.complaints == []


async def test_what_was_typed_for_one_report_is_not_shown_in_another(
    runtime: Runtime, chromium: Browser, home: str, receipt: Receipt
) -> None:
    other = await Desk(runtime).submit(submission())
    async with tab(chromium, home) as opened:
        await opened.open(f"/t/{receipt.tracking_code}")
        await opened.page.locator("#story").fill("Hanya untuk laporan pertama.")

        await opened.open(f"/t/{other.tracking_code}")
        await expect(opened.page.locator("#story")).to_have_value("")
        await opened.open(f"/t/{receipt.tracking_code}")
        await expect(opened.page.locator("#story")).to_have_value("Hanya untuk laporan pertama.")

        await opened.page.get_by_role("button", name="Tutup laporan di ponsel ini").click()
        await opened.page.wait_for_url("**/tracking")
        assert await opened.page.evaluate("Object.keys(localStorage)") == []
