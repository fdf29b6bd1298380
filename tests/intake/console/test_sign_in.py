"""The way in: names, passwords, sessions, and how slowly strangers may guess."""

import re
from dataclasses import replace
from datetime import timedelta

import bcrypt
import pytest
from sqlalchemy import select, update

from core.ground.database import transaction
from core.ground.rate_limits import ACCOUNT_FROM_ANYWHERE, ADDRESS
from core.ground.stored_buckets import Bucket, take
from core.people.known_browser import KnownBrowser
from core.people.sessions import SignInSession
from core.people.staff import Admin, User, UserRole
from core.runtime import Runtime
from tests.builders import OFFICER, Hands
from tests.intake.console.staff import PASSWORD, Browser, Served, hire
from tests.intake.console.staff import serve as served_by


async def test_an_officer_signs_in_and_lands_at_work(runtime: Runtime, served: Served) -> None:
    await hire(runtime, "ayu", "officer")

    async with served.browser() as browser:
        by_name = await browser.sign_in("AYU")
        by_address = await browser.sign_in("Ayu@RS.example.org")

    assert by_name.status == by_address.status == 200
    assert "/sign-in" not in by_name.path + by_address.path
    assert "Ayu Contoh" in by_name.text


async def test_a_wrong_password_and_an_unknown_name_look_the_same(
    runtime: Runtime, served: Served
) -> None:
    await hire(runtime, "ayu", "officer")

    async with served.browser() as browser:
        wrong = await browser.sign_in("ayu", "salah sama sekali")
        unknown = await browser.sign_in("ani", "salah sama sekali")

    assert wrong.status == unknown.status == 422
    assert wrong.text.replace("ayu", "ani") == unknown.text


@pytest.mark.parametrize("prefix", [b"$2b$", b"$2y$", b"$2a$"])
async def test_a_hash_of_the_old_system_is_accepted_and_replaced(
    runtime: Runtime, served: Served, prefix: bytes
) -> None:
    old = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4))
    ayu = await hire(
        runtime, "ayu", "officer", password_hash=(prefix + old.removeprefix(b"$2b$")).decode()
    )

    async with served.browser() as browser:
        first = await browser.sign_in("ayu")
        async with transaction(runtime.database) as session:
            stored = (await session.get_one(Admin, ayu.admin_id)).password_hash
        second = await browser.sign_in("ayu")

    assert first.status == second.status == 200
    assert stored.startswith("$argon2id$")


async def test_a_long_password_of_the_old_system_still_fits(
    runtime: Runtime, served: Served
) -> None:
    long = "kereta api malam menuju surabaya " * 4
    old = bcrypt.hashpw(long.encode()[:72], bcrypt.gensalt(4)).decode()
    await hire(runtime, "ayu", "officer", password_hash=old)

    async with served.browser() as browser:
        first = await browser.sign_in("ayu", long)
        again = await browser.sign_in("ayu", long)
        cut = await browser.sign_in("ayu", long[:72])

    assert (first.status, again.status, cut.status) == (200, 200, 422)


@pytest.mark.parametrize("stored", ["", "!", "plain text", "$2b$04$short", "$argon2id$broken"])
async def test_a_hash_nobody_can_read_opens_to_nothing(
    runtime: Runtime, served: Served, stored: str
) -> None:
    await hire(runtime, "ayu", "officer", password_hash=stored or "!")

    async with served.browser() as browser:
        pages = [await browser.sign_in("ayu", guess) for guess in (stored, "", "x\0y")]
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        lone = await browser.post(
            "/console/sign-in", data=b"name=ayu&password=%ED%A0%BD", headers=form
        )

    assert {page.status for page in (*pages, lone)} == {422}


async def test_an_account_without_a_person_gets_one_at_its_first_sign_in(
    runtime: Runtime, served: Served
) -> None:
    ayu = await hire(runtime, "ayu", "officer")
    async with transaction(runtime.database) as session:
        await session.delete(await session.get_one(User, ayu.user_id))

    async with served.browser() as browser:
        page = await browser.sign_in("ayu")
        async with transaction(runtime.database) as session:
            query = select(UserRole.is_active).join(User, User.id == UserRole.user_id)
            roles = list(await session.scalars(query.where(User.admin_id == ayu.admin_id)))

    assert page.status == 200
    assert "Ayu Contoh" in page.text
    assert roles == [True]


async def test_a_person_who_is_there_already_is_found_by_their_address(
    runtime: Runtime, served: Served
) -> None:
    ayu = await hire(runtime, "ayu", "officer")
    async with transaction(runtime.database) as session:
        await session.delete(await session.get_one(User, ayu.user_id))
        (await session.get_one(Admin, ayu.admin_id)).email = "Petugas@rs.example.org"

    async with served.browser() as browser:
        page = await browser.sign_in("ayu")

    async with transaction(runtime.database) as session:
        assert (await session.get_one(User, OFFICER)).admin_id == ayu.admin_id
    assert "Petugas Contoh" in page.text


async def test_each_sign_in_is_a_new_session_and_signing_out_ends_it(
    runtime: Runtime, served: Served
) -> None:
    await hire(runtime, "ayu", "officer")

    async with served.browser() as browser:
        await browser.sign_in("ayu")
        first = cookie(browser, "kiss-staff")
        await browser.sign_in("ayu")
        second = cookie(browser, "kiss-staff")
        await browser.post("/console/sign-out")
        after = await browser.get("/console/account")
    async with served.browser(Cookie=f"kiss-staff={second}") as thief:
        stolen = await thief.get("/console/account")

    assert first != second
    assert after.path == stolen.path == "/console/sign-in"


@pytest.mark.parametrize(
    ("idle", "lasted", "alive"),
    [
        # minutes between two requests, how many of them, still in?
        (59, 5, True),
        (61, 1, False),
        (59, 12, True),
        (50, 15, False),  # twelve hours and a half: over, however busy
    ],
)
async def test_a_session_ends_when_it_is_idle_or_old(  # noqa: PLR0917 - fixtures and a table
    runtime: Runtime, served: Served, hands: Hands, idle: int, lasted: int, alive: object
) -> None:
    ayu = await hire(runtime, "ayu", "officer")

    async with served.signed_in(ayu) as browser:
        for _ in range(lasted):
            hands.move(minutes=idle)
            page = await browser.get("/console/account")

    assert (page.path == "/console/account") == alive


@pytest.mark.parametrize(("ahead", "alive"), [(1, True), (30, True), (13 * 60, False)])
async def test_a_session_begun_while_our_clock_was_ahead_lasts_no_longer(
    runtime: Runtime, served: Served, hands: Hands, ahead: int, alive: object
) -> None:
    ayu = await hire(runtime, "ayu", "officer")
    hands.move(minutes=ahead)

    async with served.signed_in(ayu) as browser:
        hands.move(minutes=-ahead)
        page = await browser.get("/console/account")
        hands.move(minutes=61)
        idle = await browser.get("/console/account")

    assert (page.path == "/console/account") == alive
    assert idle.path == "/console/sign-in"


async def test_what_is_taken_from_somebody_is_gone_at_their_next_request(
    runtime: Runtime, served: Served
) -> None:
    dewi = await hire(runtime, "dewi", "supervisor")

    async with served.signed_in(dewi) as browser:
        before = await browser.get("/console/admin/codes")
        async with transaction(runtime.database) as session:
            await session.execute(update(UserRole).values(is_active=False))
        without_role = await browser.get("/console/admin/codes")
        async with transaction(runtime.database) as session:
            (await session.get_one(Admin, dewi.admin_id)).is_active = False
        closed = await browser.get("/console/account")
        again = await browser.sign_in("dewi")

    assert (before.status, without_role.status) == (200, 404)
    assert closed.path == "/console/sign-in"
    assert again.status == 422


async def test_somebody_sees_their_sessions_and_ends_one(runtime: Runtime, served: Served) -> None:
    ayu = await hire(runtime, "ayu", "officer")
    budi = await hire(runtime, "budi", "officer")
    firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"

    async with (
        served.signed_in(ayu) as here,
        served.browser(**{"User-Agent": firefox}) as there,
        served.signed_in(budi) as stranger,
    ):
        await there.sign_in("ayu")
        listed = await here.get("/console/account")
        wanted = listed.values("button[name=session]")[0]
        await stranger.post("/console/account/sessions/end", {"session": wanted})
        still = await there.get("/console/account")
        await here.post("/console/account/sessions/end", {"session": wanted})
        gone = await there.get("/console/account")
        mine = await here.get("/console/account")

    assert "Firefox, Windows" in listed.text
    assert still.path == mine.path == "/console/account"
    assert gone.path == "/console/sign-in"


async def test_a_changed_password_ends_every_other_session(
    runtime: Runtime, served: Served
) -> None:
    ayu = await hire(runtime, "ayu", "officer")
    fresh = "perahu kecil menuju pulau"

    async with served.signed_in(ayu) as here, served.signed_in(ayu) as there:
        fields = {"old": "bukan itu", "password": fresh, "again": fresh}
        refused = await here.post("/console/account/password", fields)
        changed = await here.post("/console/account/password", fields | {"old": PASSWORD})
        gone = await there.get("/console/account")
        old = await there.sign_in("ayu")
        new = await there.sign_in("ayu", fresh)

    assert (refused.status, changed.status) == (422, 200)
    assert gone.path == "/console/sign-in"
    assert (old.status, new.status) == (422, 200)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("pendek", "Sedikitnya 12 huruf"),
        ("password123456", "Banyak orang memilih"),
        ("rahasia-rahasia-1", "Banyak orang memilih"),
        ("aaaaaaaaaaaaaaaa", "Banyak orang memilih"),
        ("ayu.ayu.ayu.2026", "Nama Anda sendiri"),
        ("x" * 300, "Paling banyak 256"),
    ],
)
async def test_a_password_that_is_guessed_first_is_refused_with_a_sentence(
    runtime: Runtime, served: Served, password: str, sentence: str
) -> None:
    ayu = await hire(runtime, "ayu", "officer")

    async with served.signed_in(ayu) as browser:
        fields = {"old": PASSWORD, "password": password, "again": password}
        page = await browser.post("/console/account/password", fields)

    assert page.status == 422
    assert sentence in page.text


async def test_a_password_of_two_hundred_characters_works(runtime: Runtime, served: Served) -> None:
    long = "kapal layar putih di laut biru " * 6
    await hire(runtime, "ayu", "officer", password=long)

    async with served.browser() as browser:
        right = await browser.sign_in("ayu", long)
        cut = await browser.sign_in("ayu", long[:-1])

    assert (right.status, cut.status) == (200, 422)


async def test_guessing_becomes_slow_and_the_real_person_still_gets_in(
    runtime: Runtime, served: Served, hands: Hands
) -> None:
    await hire(runtime, "ayu", "officer")

    async with served.browser() as known, served.browser() as stranger:
        await known.sign_in("ayu")
        await known.post("/console/sign-out")
        guesses = [await stranger.sign_in("ayu", f"tebakan {number}") for number in range(8)]
        even_right = await stranger.sign_in("ayu")
        from_known = await known.sign_in("ayu")
        hands.move(seconds=61)
        later = await stranger.sign_in("ayu")

    assert [page.status for page in guesses] == [422] * 5 + [429] * 3
    assert even_right.status == 429
    assert "1 m" in even_right.text
    assert from_known.status == later.status == 200


async def test_a_network_is_the_same_however_the_proxy_writes_it(runtime: Runtime) -> None:
    ayu = await hire(runtime, "ayu", "officer")
    believing = runtime.settings.model_copy(update={"trusted_proxies": ("::ffff:127.0.0.1",)})
    statuses = []

    async with served_by(replace(runtime, settings=believing)) as served:
        for address in (*["192.0.2.7", "::ffff:192.0.2.7"] * 3, "192.0.2.8", "no address"):
            async with served.browser() as browser:
                fields = {"name": "ayu", "password": "salah sama sekali"}
                headers = {"X-Forwarded-For": address}
                page = await browser.post("/console/sign-in", fields, headers=headers)
                statuses.append(page.status)
        async with served.browser() as browser:
            right = {"name": "ayu", "password": PASSWORD}
            headers = {"X-Forwarded-For": "::ffff:192.0.2.9"}
            await browser.post("/console/sign-in", right, headers=headers)

    assert statuses == [422] * 5 + [429, 422, 422]
    query = select(SignInSession.address).where(SignInSession.admin_id == ayu.admin_id)
    async with transaction(runtime.database) as session:
        assert str(await session.scalar(query)) == "192.0.2.9"


async def test_a_neighbours_failures_lock_nobody_out(runtime: Runtime, served: Served) -> None:
    """More people than the address has attempts, after somebody there has used them all up."""
    people = [f"staf{number}" for number in range(12)]
    for name in people:
        await hire(runtime, name, "officer")

    async with served.browser() as attacker:
        guesses = [
            await attacker.sign_in(f"tebak{number}", "salah sama sekali")
            for number in range(ADDRESS.burst + 5)
        ]

    async def one(name: str) -> int:
        async with served.browser() as browser:
            await browser.sign_in(name, "salah ketik saja")  # the first time the finger slips
            return (await browser.sign_in(name)).status

    assert {page.status for page in guesses} == {422}
    assert [await one(name) for name in people] == [200] * len(people)
    assert runtime.refusals.take().keys() == {ADDRESS.name}


async def test_one_password_on_every_account_is_soon_as_slow_as_many_on_one(
    runtime: Runtime, served: Served, hands: Hands
) -> None:
    """The limit of an address shuts nobody out, but nobody may ask it for right passwords."""
    await hire(runtime, "ayu", "officer")

    async with served.browser() as attacker:
        for number in range(ADDRESS.burst):
            await attacker.sign_in(f"tebak{number}", "salah sama sekali")
        guesses = [await attacker.sign_in("ayu", f"tebakan {number}") for number in range(3)]
        even_right = await attacker.sign_in("ayu")
        hands.move(minutes=5)
        later = await attacker.sign_in("ayu")

    assert [page.status for page in guesses] == [422] * 3
    assert even_right.status == 429
    assert later.status == 200


async def test_a_right_password_costs_the_address_nothing(runtime: Runtime, served: Served) -> None:
    await hire(runtime, "ayu", "officer")

    for _ in range(ADDRESS.burst + 5):
        async with served.browser() as browser:
            assert (await browser.sign_in("ayu")).status == 200

    assert not runtime.refusals.take()


async def test_guessing_from_everywhere_at_once_is_slowed_too(
    runtime: Runtime, hands: Hands
) -> None:
    bucket = Bucket(ACCOUNT_FROM_ANYWHERE, ("ayu",))
    waits = []
    for _ in range(103):
        async with transaction(runtime.database) as session:
            waits.append(await take(session, runtime.secret, bucket, hands()))

    assert waits[:100] == [None] * 100
    assert waits[100:] == [timedelta(seconds=20)] * 3


async def test_the_table_of_attempts_names_nobody(runtime: Runtime, served: Served) -> None:
    await hire(runtime, "ayu", "officer")

    async with served.browser() as browser:
        await browser.sign_in("ayu", "salah sama sekali")
        async with runtime.database.pool.acquire() as connection:
            rows = await connection.fetch("SELECT key FROM rate_limits")
            tokens = await connection.fetch("SELECT token_hash FROM auth.sessions")

    assert len(rows) == 3
    assert all(re.fullmatch("[0-9a-f]{64}", row["key"]) for row in rows)
    assert tokens == []


async def test_what_is_stored_of_a_session_opens_none(runtime: Runtime, served: Served) -> None:
    ayu = await hire(runtime, "ayu", "officer")

    async with served.browser() as browser:
        await browser.sign_in_fully(ayu)
        token = cookie(browser, "kiss-staff")
        async with transaction(runtime.database) as session:
            stored = (await session.scalars(select(SignInSession.token_hash))).one()
            known = (await session.scalars(select(KnownBrowser.token_hash))).one()
    async with served.browser(Cookie=f"kiss-staff={stored.hex()}") as thief:
        page = await thief.get("/console/account")

    assert len(token) >= 43
    assert token.encode() not in stored + known
    assert page.path == "/console/sign-in"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example.org/",
        "//evil.example.org/console",
        "/console/../admin",
        "/console/./account",
        "/console//evil.example.org",
        "/console\\evil",
        "/consolexx",
        "javascript:alert(1)",
        "/console/account\r\nSet-Cookie: a=b",
    ],
)
async def test_signing_in_leads_nowhere_but_inside(
    runtime: Runtime, served: Served, wanted: str
) -> None:
    await hire(runtime, "ayu", "officer")

    async with served.browser() as browser:
        home = await browser.sign_in("ayu")
        await browser.post("/console/sign-out")
        async with browser.session.get("/console/sign-in", params={"next": wanted}) as shown:
            text = await shown.text()
        page = await browser.sign_in("ayu", next=wanted)

    assert 'name="next"' not in text
    assert (page.status, page.path) == (200, home.path)


async def test_a_page_asked_for_is_shown_after_signing_in(runtime: Runtime, served: Served) -> None:
    await hire(runtime, "dewi", "supervisor")

    async with served.browser() as browser:
        asked = await browser.get("/console/admin/codes/MELATI-1")
        shown = await browser.post(
            "/console/sign-in", asked.fields() | {"name": "dewi", "password": PASSWORD}
        )

    assert asked.path == "/console/sign-in"
    assert shown.path == "/console/admin/codes/MELATI-1"


def cookie(browser: Browser, name: str) -> str:
    return {one.key: one.value for one in browser.session.cookie_jar}[name]
