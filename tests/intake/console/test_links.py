"""Invitations and resets: a link works once, for a while, for one account."""

import asyncio
import re

from sqlalchemy import select

from core.ground.database import transaction
from core.ground.rate_limits import WRONG_LINKS
from core.people.links import AccountLink, Purpose, make_link
from core.runtime import Runtime
from tests.builders import Hands
from tests.intake.console.staff import PASSWORD, Browser, Page, Person, Served, hire

FRESH = "perahu kecil menuju pulau"


async def link_for(runtime: Runtime, person: Person, purpose: Purpose = "invite") -> str:
    async with transaction(runtime.database) as session:
        return await make_link(session, person.admin_id, purpose, runtime.clock())


async def follow(browser: Browser, token: str, password: str = FRESH) -> Page:
    await browser.get(f"/console/link/{token}")
    return await browser.post("/console/password", {"password": password, "again": password})


async def test_an_invited_person_chooses_a_password_and_is_in(
    runtime: Runtime, served: Served
) -> None:
    ayu = await hire(runtime, "ayu", "officer", password_hash="!")
    token = await link_for(runtime, ayu)

    async with served.browser() as browser:
        page = await browser.get(f"/console/link/{token}")
        looked = await browser.get(f"/console/link/{token}")
        inside = await browser.post("/console/password", {"password": FRESH, "again": FRESH})
        later = await browser.sign_in("ayu", FRESH)

    assert page.path == looked.path == "/console/password"
    assert "Ayu Contoh" in page.text
    assert token not in page.text
    assert inside.path.startswith("/console/")
    assert "Ayu Contoh" in inside.text
    assert later.status == 200


async def test_a_link_works_once(runtime: Runtime, served: Served) -> None:
    ayu = await hire(runtime, "ayu", "officer")
    token = await link_for(runtime, ayu)

    async with served.browser() as first, served.browser() as second:
        await follow(first, token)
        again = await follow(second, token, "sandi orang lain sekali")
        page = await second.get("/console/password")
        mine = await second.sign_in("ayu", FRESH)

    assert again.status == page.status == 410
    assert "sudah dipakai" in again.text
    assert mine.status == 200


async def test_of_two_at_the_same_moment_one_wins(runtime: Runtime, served: Served) -> None:
    ayu = await hire(runtime, "ayu", "officer")
    token = await link_for(runtime, ayu)

    async with served.browser() as first, served.browser() as second:
        pages = await asyncio.gather(
            follow(first, token, "sandi orang pertama"), follow(second, token, "sandi orang kedua")
        )

    assert sorted(page.status for page in pages) == [200, 410]


async def test_a_link_is_over_after_its_time(
    runtime: Runtime, served: Served, hands: Hands
) -> None:
    ayu = await hire(runtime, "ayu", "officer")
    token = await link_for(runtime, ayu, "reset")
    hands.move(minutes=61)

    async with served.browser() as browser:
        page = await follow(browser, token)
        old = await browser.sign_in("ayu", PASSWORD)

    assert page.status == 410
    assert old.status == 200


async def test_a_link_made_while_our_clock_was_ahead_does_not_outlive_its_time(
    runtime: Runtime, served: Served, hands: Hands
) -> None:
    ayu = await hire(runtime, "ayu", "officer")
    hands.move(days=1)
    token = await link_for(runtime, ayu, "reset")
    hands.move(days=-1)

    async with served.browser() as browser:
        page = await follow(browser, token)

    assert page.status == 410


async def test_a_newer_link_ends_the_older(runtime: Runtime, served: Served) -> None:
    ayu = await hire(runtime, "ayu", "officer")
    older, newer = await link_for(runtime, ayu), await link_for(runtime, ayu)

    async with served.browser() as browser:
        first = await follow(browser, older)
        second = await follow(browser, newer)

    assert (first.status, second.status) == (410, 200)


async def test_a_reset_ends_every_session(runtime: Runtime, served: Served) -> None:
    ayu = await hire(runtime, "ayu", "officer")

    async with served.signed_in(ayu) as there, served.browser() as here:
        await follow(here, await link_for(runtime, ayu, "reset"))
        gone = await there.get("/console/account")

    assert gone.path == "/console/sign-in"


async def test_a_link_does_not_pass_by_the_second_factor(runtime: Runtime, served: Served) -> None:
    boss = await hire(runtime, "boss", "administrator")

    async with served.browser() as browser:
        page = await follow(browser, await link_for(runtime, boss, "reset"))

    assert page.path == "/console/code"


async def test_a_weak_password_does_not_use_the_link_up(runtime: Runtime, served: Served) -> None:
    ayu = await hire(runtime, "ayu", "officer")
    token = await link_for(runtime, ayu)

    async with served.browser() as browser:
        weak = await follow(browser, token, "password1234")
        strong = await follow(browser, token)

    assert (weak.status, strong.status) == (422, 200)


async def test_tokens_are_long_and_only_their_hash_is_kept(runtime: Runtime) -> None:
    ayu = await hire(runtime, "ayu", "officer")

    tokens = [await link_for(runtime, ayu) for _ in range(20)]
    async with transaction(runtime.database) as session:
        stored = list(await session.scalars(select(AccountLink.token_hash)))

    assert len(set(tokens)) == 20
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)
    assert not {token.encode() for token in tokens} & set(stored)


async def test_the_link_of_a_closed_account_opens_nothing(runtime: Runtime, served: Served) -> None:
    from core.administration.accounts import Accounts

    ayu = await hire(runtime, "ayu", "officer")
    boss = await hire(runtime, "boss", "administrator")
    token = await link_for(runtime, ayu)
    await Accounts(runtime).close(ayu.user_id, by=boss.user_id)

    async with served.browser() as browser:
        page = await follow(browser, token)

    assert page.status == 410


async def test_a_right_link_opens_although_wrong_ones_wait(
    runtime: Runtime, served: Served
) -> None:
    ayu = await hire(runtime, "ayu", "officer", password_hash="!")
    token = await link_for(runtime, ayu)

    async with served.browser() as browser:
        wrong = [
            (await browser.get(f"/console/link/wrong-{number}")).status
            for number in range(WRONG_LINKS.burst + 2)
        ]
        right = await browser.get(f"/console/link/{token}")

    assert wrong == [410] * WRONG_LINKS.burst + [429] * 2
    assert "Ayu Contoh" in right.text
    assert runtime.refusals.take() == {WRONG_LINKS.name: 2}
