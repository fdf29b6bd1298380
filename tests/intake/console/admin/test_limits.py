"""The page of limits: which held somebody back, how often, and what happens beyond."""

from core.ground.rate_limits import LIMITS, WEB_REPORTS
from core.ground.refusal_ledger import RefusalLedger
from core.runtime import Runtime
from intake.language import translate
from intake.limit_words import called
from tests.intake.console.staff import Served, hire


async def test_an_administrator_sees_what_was_refused(runtime: Runtime, served: Served) -> None:
    ayu = await hire(runtime, "ayu", "administrator")
    book = RefusalLedger(database=runtime.database, refusals=runtime.refusals, clock=runtime.clock)
    async with served.browser() as browser:
        await browser.sign_in_fully(ayu)
        before = await browser.get("/console/admin/limits")
        runtime.refusals.note(WEB_REPORTS, 133)
        await book.write()
        page = await browser.get("/console/admin/limits")

    assert before.one(".empty p") == "Dalam sehari ini tidak ada batas yang menahan siapa pun."
    assert page.status == 200
    assert page.all("#hours tbody th") == ["Laporan lewat formulir web dari satu jaringan"]
    assert page.all("#hours tbody .figure") == ["133"]
    assert page.all("#limits tbody .figure")[:2] == ["133", "133"]
    assert len(page.all("#limits tbody tr")) == len(LIMITS)
    assert WEB_REPORTS.beyond in page.text


def test_every_limit_is_called_by_words_in_both_languages() -> None:
    named = [called(limit) for limit in LIMITS]

    assert {limit.name for limit in LIMITS} & set(named) == set()
    assert [name for name in named if translate("id", name) == name] == []


async def test_who_has_nothing_to_do_with_the_setup_does_not(
    runtime: Runtime, served: Served
) -> None:
    for role in ("officer", "agent", "head"):
        person = await hire(runtime, role, role)
        async with served.browser() as browser:
            await browser.sign_in_fully(person)
            assert (await browser.get("/console/admin/limits")).status in {403, 404}
