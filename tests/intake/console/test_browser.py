"""The console's own pages in a real browser: for everybody, with and without script."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from core.runtime import Runtime
from tests.browsing import DESK, LANGUAGES_AND_VIEWS, PHONE, Tab, View, tab
from tests.builders import Hands
from tests.intake.console.staff import PASSWORD, Person, Served, code_of, hire

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

ADMIN = (
    "/console/account",
    "/console/admin",
    "/console/admin/units",
    "/console/admin/units/MELATI",
    "/console/admin/unit-types",
    "/console/admin/categories",
    "/console/admin/categories/PHR",
    "/console/admin/routing",
    "/console/admin/notices",
    "/console/admin/notices/replied",
    "/console/admin/people",
    "/console/admin/people/invite",
    "/console/admin/codes",
    "/console/admin/codes/MELATI-1",
    "/console/admin/settings",
    "/console/admin/nowhere",
)


@contextlib.asynccontextmanager
async def desk(
    chromium: Browser,
    served: Served,
    person: Person,
    **options: Any,  # noqa: ANN401 - whatever a tab takes
) -> AsyncIterator[Tab]:
    """Open a tab in which somebody has signed in by hand, by keyboard alone."""
    async with tab(chromium, served.home, **options) as opened:
        await opened.open("/console/sign-in")
        await opened.page.locator("#name").fill(person.username)
        await opened.page.locator("#password").fill(PASSWORD)
        await opened.page.locator("#password").press("Enter")
        if opened.page.url.endswith("/console/code"):
            code = await code_of(served.runtime, person)
            await opened.page.locator("#code").fill(code)
            await opened.page.locator("#code").press("Enter")
        yield opened


@pytest.mark.parametrize(("language", "views"), LANGUAGES_AND_VIEWS)
async def test_every_page_is_for_everybody(
    runtime: Runtime, served: Served, chromium: Browser, language: str, views: tuple[View, ...]
) -> None:
    boss = await hire(runtime, "boss", "administrator", "supervisor", language=language)
    found: dict[str, object] = {}

    async with tab(chromium, served.home, views) as opened:
        await opened.open("/console/sign-in")
        found["sign-in"] = await opened.faults()
        await opened.page.locator("#name").fill("boss")
        await opened.page.locator("#password").fill("salah")
        await opened.page.locator("main button").click()
        found["wrong"] = await opened.faults()
        await opened.page.locator("#password").fill(PASSWORD)
        await opened.page.locator("main button").click()
        found["code"] = await opened.faults()
        await opened.page.locator("#code").fill(await code_of(runtime, boss))
        await opened.page.locator("main button").click()
        for path in ADMIN:
            await opened.open(path)
            found[path] = await opened.faults()
        complaints = opened.complaints

    assert found == dict.fromkeys(found, "")
    assert complaints == []


async def test_the_keyboard_alone_is_enough(
    runtime: Runtime, served: Served, chromium: Browser
) -> None:
    dewi = await hire(runtime, "dewi", "supervisor")

    async with desk(chromium, served, dewi, viewport=DESK) as opened:
        page = opened.page
        await opened.open("/console/admin/codes")
        await page.keyboard.press("Tab")
        await expect(page.locator(":focus")).to_have_text("Langsung ke isi")
        await page.keyboard.press("Enter")
        await expect(page.locator("#main")).to_be_focused()
        await page.locator(".bar .menu summary").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="Keluar")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("button", name="Keluar")).to_be_hidden()
        await expect(page.locator(".bar .menu summary")).to_be_focused()
        await page.set_viewport_size(PHONE)
        await page.reload()
        await expect(page.locator(".side [aria-current]")).to_be_in_viewport(ratio=1)
        await page.keyboard.press("Tab")
        await expect(page.locator(":focus")).to_have_text("Langsung ke isi")


async def test_without_script_an_administrator_does_everything(
    runtime: Runtime, served: Served, chromium: Browser
) -> None:
    boss = await hire(runtime, "boss", "administrator")

    async with desk(chromium, served, boss, viewport=DESK, java_script_enabled=False) as opened:
        page = opened.page
        await opened.open("/console/admin/people/invite")
        await page.get_by_label("Nama lengkap").fill("Sari Contoh")
        await page.get_by_label("Nama pengguna").fill("sari")
        await page.get_by_label("Surel").fill("sari@rs.example.org")
        await page.get_by_label("Petugas unit").check()
        await page.get_by_role("button", name="Buat undangan").click()
        link = await page.locator("#link").inner_text()
        await page.locator(".bar .menu summary").click()
        await page.get_by_role("button", name="Keluar").click()

        await expect(page.get_by_role("heading", name="Masuk")).to_be_visible()
    assert "/console/link/" in link


async def test_words_typed_into_an_expired_page_come_back(
    runtime: Runtime, served: Served, chromium: Browser, hands: Hands
) -> None:
    dewi = await hire(runtime, "dewi", "supervisor")

    async with desk(chromium, served, dewi, viewport=PHONE) as opened:
        page = opened.page
        await opened.open("/console/admin/codes/MELATI-1")
        await page.locator("#name").fill("Di sebelah kiri pintu masuk utama")
        hands.move(hours=3)
        await page.get_by_role("button", name="Simpan").click()
        await expect(page.get_by_role("status")).to_contain_text("Tulisan Anda disimpan")
        violations = await opened.violations()
        await page.locator("#name").fill("dewi")
        await page.locator("#password").fill(PASSWORD)
        await page.locator("main button").click()
        await expect(page.locator("textarea")).to_have_value("Di sebelah kiri pintu masuk utama")
        violations += await opened.violations()
        await page.get_by_role("button", name="Kirim sekarang").click()

        await expect(page.locator(".facts")).to_contain_text("Di sebelah kiri pintu masuk utama")
    assert violations == []
