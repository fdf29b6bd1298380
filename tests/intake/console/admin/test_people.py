"""People and roles, as an administrator uses the pages."""

import re

import pytest
from sqlalchemy import select

from core.audit.trail import AuditChange
from core.ground.database import transaction
from core.people.sessions import roles_of
from core.people.staff import Admin, User
from core.runtime import Runtime
from tests.builders import FARMASI, MELATI
from tests.intake.console.staff import Browser, Page, Person, Served, hire

NEW = {
    "full_name": "Sari Contoh",
    "username": "sari.w",
    "email": "sari@rs.example.org",
    "unit": str(MELATI),
    "language": "id",
    "role": "officer",
}


@pytest.fixture
async def boss(runtime: Runtime) -> Person:
    return await hire(runtime, "boss", "administrator", unit_id=None)


def link_of(page: Page) -> str:
    return re.sub(r"^https?://[^/]+", "", page.one("#link"))


async def invite(browser: Browser, **changes: str) -> Page:
    return await browser.post("/console/admin/people/invite", NEW | changes)


async def test_an_invited_person_comes_in_and_works(
    runtime: Runtime, served: Served, boss: Person
) -> None:
    async with served.signed_in(boss) as browser, served.browser() as hers:
        page = await invite(browser, email="Sari Contoh <Sari@RS.example.org>")
        await hers.get(link_of(page))
        inside = await hers.post(
            "/console/password",
            {"password": "perahu di atas ombak", "again": "perahu di atas ombak"},
        )
        listed = await browser.get("/console/admin/people")

    assert page.status == 200
    assert "Sari Contoh" in inside.text
    assert "sari.w" in listed.text
    async with transaction(runtime.database) as session:
        user = (await session.scalars(select(User).where(User.full_name == "Sari Contoh"))).one()
        assert await roles_of(session, user.id) == {"officer"}
        assert user.unit_id == MELATI
        assert user.email == "sari@rs.example.org"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"full_name": "  "}, "full_name"),
        ({"username": "Sari W"}, "username"),
        ({"username": "x"}, "username"),
        ({"username": "boss"}, "username"),
        ({"email": "sari@"}, "email"),
        ({"email": "boss@rs.example.org"}, "username"),
        ({"role": ""}, "role"),
        ({"role": "king"}, "role"),
    ],
)
async def test_bad_input_gets_a_sentence_beside_the_field_and_stays(
    served: Served, boss: Person, changes: dict[str, str], field: str
) -> None:
    async with served.signed_in(boss) as browser:
        page = await invite(browser, **changes)

    assert page.status == 422
    assert page.one(f"#{field}-problem")
    assert page.fields()["unit"] == str(MELATI)
    if "full_name" not in changes:
        assert page.fields()["full_name"] == "Sari Contoh"


async def test_roles_and_unit_change_at_once(
    runtime: Runtime, served: Served, boss: Person
) -> None:
    ayu = await hire(runtime, "ayu", "officer")

    async with served.signed_in(boss) as browser, served.signed_in(ayu) as hers:
        before = await hers.get("/console/admin/codes")
        fields = {"full_name": "Ayu Baru", "email": ayu.email, "unit": str(FARMASI)}
        await browser.post(
            f"/console/admin/people/{ayu.user_id}",
            fields | {"role": "supervisor", "language": "en"},
        )
        after = await hers.get("/console/admin/codes")

    assert (before.status, after.status) == (404, 200)
    assert "Ayu Baru" in after.text
    assert after.one("h1") == "QR codes"
    async with transaction(runtime.database) as session:
        assert (await session.get_one(Admin, ayu.admin_id)).role == "supervisor"
        assert (await session.get_one(User, ayu.user_id)).unit_id == FARMASI


async def test_closing_an_account_ends_its_sessions_and_opening_lets_in_again(
    runtime: Runtime, served: Served, boss: Person
) -> None:
    ayu = await hire(runtime, "ayu", "officer")

    async with served.signed_in(boss) as browser, served.signed_in(ayu) as hers:
        await browser.post(f"/console/admin/people/{ayu.user_id}/close")
        gone = await hers.get("/console/account")
        refused = await hers.sign_in("ayu")
        await browser.post(f"/console/admin/people/{ayu.user_id}/reopen")
        back = await hers.sign_in("ayu")

    assert gone.path == "/console/sign-in"
    assert (refused.status, back.status) == (422, 200)


async def test_the_last_administrator_stays(served: Served, boss: Person) -> None:
    async with served.signed_in(boss) as browser:
        closed = await browser.post(f"/console/admin/people/{boss.user_id}/close")
        demoted = await browser.post(
            f"/console/admin/people/{boss.user_id}",
            {"full_name": "Boss", "email": boss.email, "role": "officer"},
        )
        still = await browser.get("/console/admin/people")

    assert closed.status == demoted.status == 422
    assert "administrator terakhir" in closed.text
    assert still.status == 200


async def test_a_fresh_link_and_signing_out_everywhere(
    runtime: Runtime, served: Served, boss: Person
) -> None:
    ayu = await hire(runtime, "ayu", "officer")

    async with served.signed_in(boss) as browser, served.browser() as hers:
        await hers.sign_in_fully(ayu)
        page = await browser.post(f"/console/admin/people/{ayu.user_id}/link")
        still = await hers.get("/console/account")
        await browser.post(f"/console/admin/people/{ayu.user_id}/sign-out")
        gone = await hers.get("/console/account")
        opened = await hers.get(link_of(page))

    assert "1 j" in page.text  # a reset: an hour
    assert still.path == "/console/account"
    assert gone.path == "/console/sign-in"
    assert opened.path == "/console/password"


async def test_every_change_is_in_the_audit(runtime: Runtime, served: Served, boss: Person) -> None:
    ayu = await hire(runtime, "ayu", "officer")

    async with served.signed_in(boss) as browser:
        for verb in ("link", "sign-out", "telephone", "close", "reopen"):
            await browser.post(f"/console/admin/people/{ayu.user_id}/{verb}")
        overview = await browser.get("/console/admin")
    async with transaction(runtime.database) as session:
        query = select(AuditChange).where(AuditChange.subject_id == ayu.user_id)
        changes = list(await session.scalars(query.order_by(AuditChange.seq)))

    assert [change.verb.removeprefix("account.") for change in changes] == [
        "linked",
        "signed_out",
        "telephone",
        "closed",
        "reopened",
    ]
    assert {change.user_id for change in changes} == {boss.user_id}
    assert "menutup akun" in overview.text


@pytest.mark.parametrize("person", ["nobody", "00000000-0000-0000-0000-000000000000"])
async def test_somebody_who_is_not_there_is_a_404(
    served: Served, boss: Person, person: str
) -> None:
    async with served.signed_in(boss) as browser:
        shown = await browser.get(f"/console/admin/people/{person}")
        closed = await browser.post(f"/console/admin/people/{person}/close")

    assert shown.status == closed.status == 404


async def test_an_auditor_reads_and_finds_no_button(
    runtime: Runtime, served: Served, boss: Person
) -> None:
    auditor = await hire(runtime, "aud", "auditor", unit_id=None)

    async with served.signed_in(auditor) as browser:
        page = await browser.get(f"/console/admin/people/{boss.user_id}")

    assert page.status == 200
    assert page.all("main button") == []
