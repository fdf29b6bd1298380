"""Letting staff in and out."""

import pytest
from sqlalchemy import select

from core.ground.database import transaction
from core.people.passwords import verified
from core.people.staff import Admin
from core.runtime import Runtime
from tests.intake.commands.conftest import Kiss, Told

GOOD = "payung biru di halte"


async def add(kiss: Kiss, name: str = "rina", password: str = GOOD, **changes: str) -> Told:
    facts = {
        "--name": "Rina Contoh",
        "--email": f"{name}@rs.example.org",
        "--role": "officer",
        "--unit": "MELATI",
    } | changes
    words = [word for fact in facts.items() for word in fact]
    return await kiss("user", "add", name, *words, "--password-stdin", stdin=f"{password}\n")


async def hash_of(runtime: Runtime, name: str) -> str:
    async with transaction(runtime.database) as session:
        return (
            await session.scalars(select(Admin.password_hash).where(Admin.username == name))
        ).one()


async def test_somebody_let_in_is_listed_and_can_be_let_go(kiss: Kiss, runtime: Runtime) -> None:
    added = await add(kiss)
    changed = await kiss("user", "password", "rina", "--password-stdin", stdin="kursi roda tua\n")
    gone = await kiss("user", "disable", "rina")
    listed = await kiss("user", "list", "--json")

    assert [told.code for told in (added, changed, gone)] == [0, 0, 0], added.err + changed.err
    [row] = listed.json
    assert (row["username"], row["roles"], row["unit"], row["is_active"]) == (
        "rina",
        ["officer"],
        "MELATI",
        False,
    )
    stored = await hash_of(runtime, "rina")
    assert stored.startswith("$argon2id$")
    assert (await verified("kursi roda tua", stored))[0]
    assert not (await verified(GOOD, stored))[0]


async def test_a_password_made_up_is_shown_once_and_works(kiss: Kiss, runtime: Runtime) -> None:
    words = ("--name", "Maya", "--email", "maya@rs.example.org", "--role", "supervisor")
    told = await kiss("user", "add", "Maya", *words, "--role", "agent", "--generate")
    password = told.out.rsplit(": ", 1)[1].strip()

    assert (await verified(password, await hash_of(runtime, "maya")))[0]


@pytest.mark.parametrize("password", ["short", "password123456", "rina-rina-rina", "aaaaaaaaaaaa"])
async def test_a_password_that_is_guessed_first_is_refused(kiss: Kiss, password: str) -> None:
    told = await add(kiss, password=password)

    assert told.code == 1
    assert "password" in told.err.lower() or "tries" in told.err or "tried" in told.err
    assert password not in told.err


async def test_a_taken_name_and_a_unit_or_address_that_is_none_are_refused(kiss: Kiss) -> None:
    await add(kiss)

    taken = await add(kiss, **{"--email": "other@rs.example.org"})
    nowhere = await add(kiss, name="tono", **{"--unit": "NOWHERE"})
    nobody = await kiss("user", "disable", "siapa")
    no_mail = await add(kiss, name="tono", **{"--email": "tono@"})

    assert (taken.code, "already" in taken.err) == (1, True)
    assert (nowhere.code, "no unit NOWHERE" in nowhere.err) == (1, True)
    assert (nobody.code, "nobody called siapa" in nobody.err) == (1, True)
    assert (no_mail.code, "tono@ is no e-mail address" in no_mail.err) == (1, True)
