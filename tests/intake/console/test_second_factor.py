"""The code from a telephone: enrolled once, asked for each time, good once."""

import pytest

from core.administration.accounts import Accounts
from core.ground.database import transaction
from core.ground.secret import Secret
from core.people.second_factor import SecondFactor
from core.runtime import Runtime
from tests.builders import Hands
from tests.intake.console.staff import Browser, Served, code_of, hire


async def test_an_administrator_enrols_a_telephone_first(
    runtime: Runtime, served: Served, hands: Hands
) -> None:
    boss = await hire(runtime, "boss", "administrator")

    async with served.browser() as browser:
        page = await browser.sign_in("boss")
        closed = await browser.get("/console/admin/people")
        inside = await browser.post("/console/code", {"code": await code_of(runtime, boss)})
        await browser.post("/console/sign-out")
        hands.move(seconds=60)
        again = await browser.sign_in("boss")

    assert page.path == closed.path == again.path == "/console/code"
    assert page.tree.css_first(".qr svg") is not None
    assert inside.path == "/console/admin"
    assert again.tree.css_first(".qr") is None


async def test_the_session_changes_its_token_with_the_code(
    runtime: Runtime, served: Served
) -> None:
    boss = await hire(runtime, "boss", "administrator")

    async with served.browser() as browser:
        await browser.sign_in("boss")
        half = cookie(browser)
        await browser.post("/console/code", {"code": await code_of(runtime, boss)})
        whole = cookie(browser)
    async with served.browser(Cookie=f"kiss-staff={half}") as thief:
        stale = await thief.get("/console/account")

    assert half != whole
    assert stale.path == "/console/sign-in"


async def test_a_code_is_good_once(runtime: Runtime, served: Served, hands: Hands) -> None:
    boss = await hire(runtime, "boss", "administrator")
    code = await code_of(runtime, boss)

    async with served.browser() as first, served.browser() as second:
        await first.sign_in("boss")
        await second.sign_in("boss")
        used = await first.post("/console/code", {"code": code})
        replayed = await second.post("/console/code", {"code": code})
        hands.move(seconds=30)
        fresh = await second.post("/console/code", {"code": await code_of(runtime, boss)})

    assert used.path == "/console/admin"
    assert replayed.status == 422
    assert fresh.path == "/console/admin"


async def test_a_code_used_while_our_clock_was_ahead_locks_nobody_out(
    runtime: Runtime, served: Served, hands: Hands
) -> None:
    boss = await hire(runtime, "boss", "administrator")

    async with served.browser() as browser:
        hands.move(days=1)
        await browser.sign_in("boss")
        await browser.post("/console/code", {"code": await code_of(runtime, boss)})
        hands.move(days=-1)
        await browser.sign_in("boss")
        code = await code_of(runtime, boss)
        page = await browser.post("/console/code", {"code": code})
        await browser.sign_in("boss")
        replayed = await browser.post("/console/code", {"code": code})

    assert page.path == "/console/admin"
    assert replayed.status == 422


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 200), (0, 200), (1, 200), (2, 422)])
async def test_a_telephone_may_be_half_a_minute_off(
    runtime: Runtime, served: Served, steps: int, status: int
) -> None:
    boss = await hire(runtime, "boss", "administrator")

    async with served.browser() as browser:
        await browser.sign_in("boss")
        page = await browser.post(
            "/console/code", {"code": await code_of(runtime, boss, steps=steps)}
        )

    assert page.status == status


@pytest.mark.parametrize("code", ["", "000000", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "'; --"])
async def test_nonsense_is_no_code(runtime: Runtime, served: Served, code: str) -> None:
    boss = await hire(runtime, "boss", "administrator")
    if code == await code_of(runtime, boss):
        code = "000001"

    async with served.browser() as browser:
        await browser.sign_in("boss")
        page = await browser.post("/console/code", {"code": code})

    assert page.status == 422
    assert page.tree.css_first("#code-problem") is not None


async def test_codes_cannot_be_tried_quickly(
    runtime: Runtime, served: Served, hands: Hands
) -> None:
    boss = await hire(runtime, "boss", "administrator")

    async with served.browser() as browser:
        await browser.sign_in("boss")
        statuses = [
            (await browser.post("/console/code", {"code": "abcdef"})).status for _ in range(7)
        ]
        hands.move(seconds=61)
        later = await browser.post("/console/code", {"code": await code_of(runtime, boss)})

    assert statuses == [422] * 5 + [429] * 2
    assert later.status == 200


async def test_the_database_alone_makes_no_codes(runtime: Runtime) -> None:
    boss = await hire(runtime, "boss", "administrator")
    await code_of(runtime, boss)

    async with transaction(runtime.database) as session:
        row = await session.get_one(SecondFactor, boss.admin_id)
        other = Secret.of(b"another secret")
        from core.people.second_factor import offer

        ours = await offer(session, runtime.secret, boss.admin_id)
        theirs = await offer(session, other, boss.admin_id)

    assert ours != theirs
    assert row.salt.hex() not in ours.lower()


async def test_a_lost_telephone_is_taken_off_by_another_administrator(
    runtime: Runtime, served: Served, hands: Hands
) -> None:
    boss = await hire(runtime, "boss", "administrator")
    other = await hire(runtime, "other", "administrator")

    async with served.signed_in(boss) as browser:
        await Accounts(runtime).forget_telephone(boss.user_id, by=other.user_id)
        out = await browser.get("/console/account")
        hands.move(seconds=60)
        again = await browser.sign_in("boss")

    assert out.path == "/console/sign-in"
    assert again.tree.css_first(".qr svg") is not None


def cookie(browser: Browser) -> str:
    return {one.key: one.value for one in browser.session.cookie_jar}["kiss-staff"]
