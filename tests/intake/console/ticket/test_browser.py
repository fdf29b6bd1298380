"""The inbox and the ticket in a real Chromium, with keys, drafts and two people at once."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, expect
from sqlalchemy import select

from core.ground.database import transaction
from core.notices.delivery import Delivery
from core.runtime import Runtime
from core.tickets.submission import Receipt, Submitter
from core.tickets.ticket import Ticket
from tests.browsing import ALL, DESK, ONCE, Tab, View, tab
from tests.builders import FARMASI
from tests.intake.console.staff import PASSWORD, Person, Served, hire
from tests.intake.console.ticket.working import file

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

NO_STORAGE = (
    "Object.defineProperty(window, 'localStorage',"
    " {get() {throw new DOMException('x', 'SecurityError')}})"
)
HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}'


@pytest.fixture
async def ayu(runtime: Runtime) -> Person:
    return await hire(runtime, "ayu", "officer")


@pytest.fixture
async def receipt(runtime: Runtime) -> Receipt:
    return await file(runtime, channel="email", submitter=Submitter(name="Sari Contoh"))


@contextlib.asynccontextmanager
async def at_work(
    chromium: Browser,
    served: Served,
    person: Person,
    **options: Any,  # noqa: ANN401 - whatever a tab takes
) -> AsyncIterator[Tab]:
    """Sign somebody in."""
    async with tab(chromium, served.home, **({"viewport": DESK} | options)) as opened:
        await opened.open("/console/sign-in")
        await opened.page.locator("[name=name]").fill(person.username)
        await opened.page.locator("[name=password]").fill(PASSWORD)
        await opened.page.locator("main button[type=submit]").click()
        await opened.page.wait_for_url("**/console/inbox*")
        yield opened


@pytest.mark.parametrize("script", [True, False])
async def test_an_officer_answers_a_mail(
    served: Served,
    chromium: Browser,
    ayu: Person,
    receipt: Receipt,
    script: bool,
) -> None:
    async with at_work(chromium, served, ayu, java_script_enabled=script) as opened:
        page = opened.page
        await page.get_by_role("link", name=receipt.number).click()
        await expect(page.locator("#goes-out")).to_contain_text("sari@example.org")
        await page.locator("#words").fill("Teknisi datang pukul 14.00.")
        await page.locator("[data-send]").click()

        await expect(page.locator(".banner.good")).to_contain_text("Jawaban Anda sedang dikirim")
        await expect(page.locator(".said-line.ours .said")).to_have_text(
            "Teknisi datang pukul 14.00."
        )
        await expect(page.locator(".said-line.ours .notice")).to_contain_text("menunggu dikirim")
        assert await page.locator("#words").input_value() == ""
        assert opened.complaints == []
    async with transaction(served.runtime.database) as session:
        sent = select(Delivery).where(Delivery.template == "replied")
        assert [row.recipient_ref for row in await session.scalars(sent)] == ["sari@example.org"]


@pytest.mark.parametrize("script", [True, False])
async def test_back_after_an_answer_does_not_bring_it_again(
    served: Served, chromium: Browser, ayu: Person, receipt: Receipt, script: bool
) -> None:
    async with at_work(chromium, served, ayu, java_script_enabled=script) as opened:
        page = opened.page
        await opened.open(f"/console/tickets/{receipt.number}")
        await page.locator("#words").fill("Teknisi datang pukul 14.00.")
        await page.locator("[data-send]").click()
        await expect(page.locator(".banner.good")).to_be_visible()

        await page.go_back()

        await expect(page.locator(".said-line.ours .said")).to_have_count(1)
        await expect(page.locator("#words")).to_have_value("")


async def test_a_second_officer_is_warned_and_collides_without_losing_a_word(
    served: Served, chromium: Browser, ayu: Person, receipt: Receipt
) -> None:
    budi = await hire(served.runtime, "budi", "officer")
    path = f"/console/tickets/{receipt.number}"
    async with at_work(chromium, served, ayu) as hers, at_work(chromium, served, budi) as his:
        await hers.open(path)
        await his.open(path)
        await expect(his.page.locator("#beside")).to_contain_text("Ayu Contoh")
        await his.page.locator("#words").fill("Saya cek dulu, Bu.")
        await expect(hers.page.locator("#beside")).to_contain_text("Budi Contoh sedang menulis")
        await hers.page.locator("#words").fill("Teknisi datang pukul 14.00.")
        await hers.page.locator("[data-send]").click()
        await expect(hers.page.locator(".banner.good")).to_be_visible()
        await expect(his.page.locator("[data-fresh]")).to_be_visible()
        assert await his.page.locator("#words").input_value() == "Saya cek dulu, Bu."

        await his.page.locator("[data-send]").click()
        await expect(his.page.locator("h1")).to_have_text("Ada yang lebih dulu")
        await expect(his.page.locator(".said-line .said")).to_have_text(
            "Teknisi datang pukul 14.00."
        )
        await expect(his.page.locator("#words")).to_have_value("Saya cek dulu, Bu.")
        assert await his.violations() == []
        await his.page.locator("#words").fill("Menyusul kabar rekan saya: benar, pukul 14.00.")
        await his.page.get_by_role("button", name="Kirim sekarang").click()

        await expect(his.page.locator(".said-line.ours")).to_have_count(2)
        assert his.complaints == hers.complaints == []


async def test_a_supervisor_moves_a_misrouted_one_by_keyboard(
    served: Served, chromium: Browser, receipt: Receipt
) -> None:
    boss = await hire(served.runtime, "ratna", "supervisor", unit_id=None)
    async with at_work(chromium, served, boss) as opened:
        page = opened.page
        await page.keyboard.press("g")
        await page.keyboard.press("a")
        await page.wait_for_url("**queue=all")
        await page.keyboard.press("j")
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"**/tickets/{receipt.number}*")
        await page.keyboard.press("m")
        await page.locator("#unit").select_option(str(FARMASI))
        await page.locator("#reason").fill("Soal obat, bukan ruang.")
        await page.locator("#reason").press("Enter")

        await expect(page.locator(".banner.good")).to_contain_text("Sudah dipindahkan")
        await expect(page.locator(".who-line")).to_contain_text("Farmasi")
        await page.keyboard.press("?")
        await expect(page.locator("#keys")).to_be_visible()
        assert opened.complaints == []
    async with transaction(served.runtime.database) as session:
        assert (await session.get_one(Ticket, receipt.ticket_id)).unit_id == FARMASI


async def test_a_draft_survives_and_leaves_with_its_author(
    served: Served, chromium: Browser, ayu: Person, receipt: Receipt
) -> None:
    async with at_work(chromium, served, ayu) as opened:
        page = opened.page
        await opened.open(f"/console/tickets/{receipt.number}")
        await page.keyboard.press("i")
        await page.keyboard.type("Kabel sudah tua.")
        await page.reload()

        await expect(page.locator("#words")).to_have_value("Kabel sudah tua.")
        await expect(page.locator("#mode-note")).to_be_checked()
        await expect(page.locator("#goes-in")).to_be_visible()
        await expect(page.locator("#goes-out")).to_be_hidden()
        await page.locator(".menu summary", has_text="Ayu Contoh").click()
        await page.get_by_role("button", name="Keluar").click()
        assert await page.evaluate("localStorage.length") == 0


async def sign_out(opened: Tab, name: str) -> None:
    await opened.page.locator(".menu summary", has_text=name).click()
    await opened.page.get_by_role("button", name="Keluar").click()
    await opened.page.wait_for_url("**/console/sign-in*")


async def sign_in(opened: Tab, person: Person) -> None:
    await opened.page.locator("[name=name]").fill(person.username)
    await opened.page.locator("[name=password]").fill(PASSWORD)
    await opened.page.locator("main button[type=submit]").click()
    await opened.page.wait_for_url("**/console/inbox*")


async def test_a_draft_is_its_author_s_alone_and_says_when_it_ends(
    served: Served, chromium: Browser, ayu: Person, receipt: Receipt
) -> None:
    budi = await hire(served.runtime, "budi", "officer")
    path = f"/console/tickets/{receipt.number}"
    async with at_work(chromium, served, ayu) as opened:
        page = opened.page
        await opened.open(path)
        await page.locator("#words").fill("Saya cek dulu, Bu.")
        await expect(page.locator("[data-kept]")).to_contain_text("Draf tersimpan di peramban ini")
        await opened.context.clear_cookies()  # her session ends; she does not sign out
        await opened.open("/console/sign-in")
        await sign_in(opened, budi)

        await opened.open(path)
        await expect(page.locator("#words")).to_have_value("")
        await page.locator("#words").fill("Punya Budi.")
        await sign_out(opened, "Budi Contoh")
        await sign_in(opened, ayu)
        await opened.open(path)

        await expect(page.locator("#words")).to_have_value("Saya cek dulu, Bu.")
        await expect(page.locator("[data-kept]")).to_contain_text("Draf Anda tadi")
        assert await opened.faults() == ""
        await page.get_by_role("button", name="Buang saja").click()
        await expect(page.locator("#words")).to_have_value("")
        assert await page.evaluate("localStorage.length") == 0
        assert opened.complaints == []


async def test_another_step_costs_no_draft_and_a_sent_one_is_gone(
    served: Served, chromium: Browser, ayu: Person, receipt: Receipt
) -> None:
    async with at_work(chromium, served, ayu) as opened:
        page = opened.page
        await opened.open(f"/console/tickets/{receipt.number}")
        await page.locator("#words").fill("Saya cek dulu, Bu.")
        await page.keyboard.press("Escape")
        await page.keyboard.press("s")
        await page.get_by_role("button", name="Mulai; pelapor diberi tahu").click()
        await expect(page.locator(".banner.good")).to_be_visible()
        await expect(page.locator("#words")).to_have_value("Saya cek dulu, Bu.")

        await page.locator("[data-send]").click()

        await expect(page.locator(".said-line.ours")).to_have_count(1)
        await expect(page.locator("#words")).to_have_value("")
        assert await page.evaluate("localStorage.length") == 0


async def test_a_browser_that_keeps_nothing_works_all_the_same(
    served: Served, chromium: Browser, ayu: Person, receipt: Receipt
) -> None:
    async with at_work(chromium, served, ayu) as opened:
        page = opened.page
        await page.add_init_script(NO_STORAGE)
        await opened.open(f"/console/tickets/{receipt.number}")
        await page.keyboard.press("r")
        await page.keyboard.type("Teknisi datang pukul 14.00.")
        await expect(page.locator("[data-kept]")).to_have_text("")

        await page.locator("[data-send]").click()

        await expect(page.locator(".said-line.ours")).to_have_count(1)
        await sign_out(opened, "Ayu Contoh")
        assert opened.complaints == []


async def test_the_preview_opens_beside_and_sends_nothing(
    served: Served, chromium: Browser, ayu: Person, receipt: Receipt
) -> None:
    async with at_work(chromium, served, ayu) as opened:
        page = opened.page
        await opened.open(f"/console/tickets/{receipt.number}")
        await page.locator("#words").fill("Teknisi datang pukul 14.00.")
        await page.locator("[data-preview]").click()

        mail = page.frame_locator("iframe[name=preview]").frame_locator("iframe.mail")
        await expect(mail.locator("body")).to_contain_text("Teknisi datang pukul 14.00.")
        await page.keyboard.press("Escape")
        await page.locator("[data-send]").click()
        await expect(page.locator(".said-line.ours")).to_have_count(1)
        assert opened.complaints == []


@pytest.mark.parametrize("views", [ONCE, pytest.param(ALL, marks=pytest.mark.slow)])
async def test_pages_please_axe_and_fit_with_hostile_words(
    served: Served, chromium: Browser, ayu: Person, views: tuple[View, ...]
) -> None:
    hostile = await file(served.runtime, words=HOSTILE, submitter=Submitter(name=HOSTILE))
    async with at_work(chromium, served, ayu, views=views) as opened:
        found = {}
        for queue in ("unit", "waiting"):
            await opened.open(f"/console/inbox?queue={queue}")
            found[queue] = await opened.faults()
        await opened.open(f"/console/tickets/{hostile.number}")
        await opened.page.locator("#words").fill(HOSTILE)
        await opened.page.locator("[data-send]").click()
        await expect(opened.page.locator(".said-line .said")).to_have_text([HOSTILE, HOSTILE])
        found["ticket"] = await opened.faults()
        await opened.page.check("#mode-resolve", force=True)
        await opened.page.locator("summary", has_text="Berkas").click()
        letter = {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 x"}
        await opened.page.set_input_files("#files", letter)  # type: ignore[arg-type]  # a FilePayload
        await opened.page.locator("[data-send]").click()
        await expect(opened.page.locator("#composer [name=keep]")).to_be_checked()
        found["solved without words"] = await opened.faults()

        assert found == dict.fromkeys(found, "")
        assert opened.complaints == []
