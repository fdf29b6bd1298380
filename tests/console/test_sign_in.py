from core.runtime import Runtime
from tests.console.staff import Served, hire


async def test_an_officer_signs_in_and_lands_at_work(runtime: Runtime, served: Served) -> None:
    await hire(runtime, "ayu", "officer")

    async with served.browser() as browser:
        page = await browser.sign_in("AYU")

    assert page.status == 200
    assert page.path != "/console/sign-in"
    assert "Ayu Contoh" in page.text


async def test_an_administrator_enrols_a_telephone_first(runtime: Runtime, served: Served) -> None:
    boss = await hire(runtime, "boss", "administrator")

    async with served.browser() as browser:
        page = await browser.sign_in("boss")
        closed = await browser.get("/console/account")
        after = await browser.sign_in_fully(boss)

    assert page.path == closed.path == "/console/code"
    assert page.tree.css_first(".qr svg") is not None
    assert after.status == 200
    assert after.path.startswith("/console/a")


async def test_a_wrong_password_and_an_unknown_name_look_the_same(
    runtime: Runtime, served: Served
) -> None:
    await hire(runtime, "ayu", "officer")

    async with served.browser() as browser:
        wrong = await browser.sign_in("ayu", "salah sama sekali")
        unknown = await browser.sign_in("ani", "salah sama sekali")

    assert wrong.status == unknown.status == 422
    assert wrong.text.replace("ayu", "ani") == unknown.text
