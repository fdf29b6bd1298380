"""What somebody signed in does with their own account, and a link that lets them in."""

from datetime import timedelta

from core.ground.database import transaction
from core.people import sessions
from core.people.links import make_link
from core.people.own_account import OwnAccount
from core.people.passwords import hash_password
from core.people.sessions import Account, SessionLimits
from core.people.sign_in import SignIn, Visit
from core.runtime import Runtime
from tests.builders import Hands
from tests.intake.console.staff import PASSWORD, Person, hire

LIMITS = SessionLimits(idle=timedelta(minutes=30), absolute=timedelta(hours=12))
OTHER = hash_password("padi kuning di sore hari")


async def begun(runtime: Runtime, person: Person, browser: str = "") -> str:
    async with transaction(runtime.database) as session:
        now = runtime.clock()
        return await sessions.begin(session, person.admin_id, now, confirmed=True, browser=browser)


async def account(runtime: Runtime, token: str) -> Account:
    found = await OwnAccount(runtime).of(token, LIMITS)
    assert found is not None
    return found


async def link_of(runtime: Runtime, person: Person) -> str:
    async with transaction(runtime.database) as session:
        return await make_link(session, person.admin_id, "reset", runtime.clock())


async def test_a_session_is_its_account_s_until_it_is_idle(runtime: Runtime, hands: Hands) -> None:
    ayu = await hire(runtime, "ayu", "officer")
    token, own = await begun(runtime, ayu), OwnAccount(runtime)

    known = await account(runtime, token)
    changed = await own.is_unchanged(known, LIMITS)
    hands.now += LIMITS.idle + timedelta(seconds=1)

    assert (known.user_id, known.roles) == (ayu.user_id, frozenset({"officer"}))
    assert changed
    assert not await own.is_unchanged(known, LIMITS)
    assert await own.of(token, LIMITS) is None
    assert await own.of("another", LIMITS) is None


async def test_other_sessions_end_one_by_one_or_all(runtime: Runtime) -> None:
    ayu, own = await hire(runtime, "ayu", "officer"), OwnAccount(runtime)
    tokens = [await begun(runtime, ayu, name) for name in ("Firefox", "Chrome", "Safari")]
    here = await account(runtime, tokens[0])
    chrome = await account(runtime, tokens[1])
    budi = await account(runtime, await begun(runtime, await hire(runtime, "budi", "officer")))

    await own.end_session(budi, chrome.session_id)
    untouched = await own.sessions(here, LIMITS)
    await own.end_session(here, chrome.session_id)
    two = await own.sessions(here, LIMITS)
    await own.end_others(here)

    assert {one.browser for one in untouched} == {"Firefox", "Chrome", "Safari"}
    assert {one.browser for one in two} == {"Firefox", "Safari"}
    assert [one.id for one in await own.sessions(here, LIMITS)] == [here.session_id]


async def test_a_password_is_changed_by_whoever_knows_the_old_one(runtime: Runtime) -> None:
    ayu, own = await hire(runtime, "ayu", "officer"), OwnAccount(runtime)
    elsewhere, here = await begun(runtime, ayu), await account(runtime, await begun(runtime, ayu))

    stranger = await own.proven(here, "bukan ini kata sandinya")
    names = await own.proven(here, PASSWORD)
    await own.change_password(here, OTHER)

    assert stranger is None
    assert names is not None
    assert (names.username, names.email) == ("ayu", ayu.email)
    assert await own.proven(here, PASSWORD) is None
    assert await own.of(elsewhere, LIMITS) is None
    assert await own.is_unchanged(here, LIMITS)


async def test_a_language_is_kept(runtime: Runtime) -> None:
    token = await begun(runtime, await hire(runtime, "ayu", "officer"))

    await OwnAccount(runtime).change_language(await account(runtime, token), "en")

    assert (await account(runtime, token)).language == "en"


async def test_a_link_lets_its_holder_in_once(runtime: Runtime) -> None:
    ayu, sign_in = await hire(runtime, "ayu", "officer"), SignIn(runtime)
    before, link = await begun(runtime, ayu), await link_of(runtime, ayu)

    holder = await sign_in.holder(link)
    opened = await sign_in.choose_password(link, OTHER, Visit())

    assert holder is not None
    assert holder.full_name == "Ayu Contoh"
    assert opened is not None
    assert opened.confirmed
    assert (await account(runtime, opened.token)).user_id == ayu.user_id
    assert await OwnAccount(runtime).of(before, LIMITS) is None
    assert await sign_in.holder(link) is None
    assert await sign_in.choose_password(link, OTHER, Visit()) is None


async def test_an_administrator_is_offered_an_authenticator_until_one_is_enrolled(
    runtime: Runtime,
) -> None:
    boss, sign_in = await hire(runtime, "boss", "administrator", unit_id=None), SignIn(runtime)
    opened = await sign_in.choose_password(await link_of(runtime, boss), OTHER, Visit())
    assert opened is not None
    known = await account(runtime, opened.token)

    offered = [await sign_in.offered(known) for _ in range(2)]

    assert not opened.confirmed
    assert offered[0] is not None
    assert offered[0] == offered[1]
