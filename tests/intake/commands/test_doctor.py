"""What `kiss doctor` finds, and `kiss migrate` mends."""

from pathlib import Path

import asyncpg
import pytest

from core.ground.database import plain_url
from core.ground.waiting_files import WaitingFiles
from core.runtime import Runtime
from core.tickets.submission import Receipt
from intake import embedded
from tests.intake.commands.conftest import Kiss, Told


def states(told: Told) -> dict[str, str]:
    return {finding["what"]: finding["state"] for finding in told.json}


async def test_a_healthy_house_is_well_and_says_what_to_look_at(
    kiss: Kiss, receipt: Receipt
) -> None:
    told = await kiss("doctor", "--json")
    plain = await kiss("doctor")

    assert receipt.number
    assert (told.code, plain.code) == (0, 0), plain.out
    found = states(told)
    for what in ("database", "durability", "tables", "files", "channel web", "hospital"):
        assert found[what] == "ok", told.out
    assert (found["broker"], found["mail"], found["channel email"]) == ("off", "off", "off")
    assert (found["staff"], found["units"], found["public address"]) == ("warn", "warn", "warn")
    assert "deserve a look" in plain.out


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/kiss"}, "database"),
        ({"BROKER_URL": "redis://127.0.0.1:1"}, "broker"),
        ({"BROKER_URL": "carrier-pigeon://127.0.0.1"}, "broker"),
        ({"KISS_MAIL_URL": "smtp://127.0.0.1:1"}, "mail"),
        ({"KISS_STORAGE_URL": "/proc/nowhere"}, "files"),
    ],
)
async def test_what_does_not_answer_is_named_and_ends_with_1(
    kiss: Kiss, changes: dict[str, str], what: str
) -> None:
    told = await kiss("doctor", "--json", **changes)

    assert told.code == 1
    assert states(told)[what] == "fail", told.out


async def test_a_machine_on_which_files_wait_is_named(kiss: Kiss, runtime: Runtime) -> None:
    ledger = WaitingFiles(database=runtime.database, machine="mesin-lama", clock=runtime.clock)
    await ledger.note([f"00/{'0' * 64}", f"11/{'1' * 64}"])

    told = await kiss("doctor", "--json")

    [finding] = [each for each in told.json if "mesin-lama" in each["sentence"]]
    assert (finding["what"], finding["state"]) == ("files", "warn")
    assert finding["sentence"].startswith("2 wait on mesin-lama for the store")


async def test_secrets_of_addresses_are_not_shown(kiss: Kiss) -> None:
    told = await kiss(
        "doctor",
        DATABASE_URL="postgresql://kiss:hunter2@127.0.0.1:1/kiss",
        BROKER_URL="amqp://kiss:hunter2@127.0.0.1:1",
        KISS_MAIL_URL="smtp://kiss:hunter2@127.0.0.1:1",
    )

    assert "hunter2" not in told.out + told.err


async def test_an_empty_hospital_is_asked_for_its_numbers(kiss: Kiss, runtime: Runtime) -> None:
    async with runtime.database.pool.acquire() as connection:
        await connection.execute("UPDATE hospital SET emergency_phone = '', phone = ''")

    told = await kiss("doctor")

    assert "a telephone number, an emergency number missing" in told.out


async def test_given_up_notices_are_pointed_at(
    kiss: Kiss, runtime: Runtime, receipt: Receipt
) -> None:
    async with runtime.database.pool.acquire() as connection:
        await connection.execute(
            "UPDATE deliveries SET status = 'dead' WHERE ticket_id = $1", receipt.ticket_id
        )

    told = await kiss("doctor")

    assert "2 were given up: `kiss deliveries` shows them" in told.out


async def test_without_a_database_it_still_speaks(kiss: Kiss, tmp_path: Path) -> None:
    told = await kiss("doctor", "--json", DATABASE_URL="", KISS_DATA=str(tmp_path / "empty"))

    assert told.code == 0
    assert states(told)["bundled PostgreSQL"] == "off"
    assert not (tmp_path / "empty").exists()


async def test_an_empty_database_is_refused_migrated_and_then_well(
    kiss: Kiss, postgres_server: embedded.Server, worker_id: str
) -> None:
    name = f"migrate_{worker_id}"
    postgres_server.create_database(name)
    url, owner = postgres_server.dsn(name), postgres_server.owner_dsn(name)

    refused = await kiss("tickets", DATABASE_URL=url)
    empty = await kiss("migrate", "--check", DATABASE_URL=url)
    found = await kiss("doctor", "--json", DATABASE_URL=url)
    unowned = await kiss("migrate", DATABASE_URL=url)
    made = await kiss("migrate", DATABASE_URL=url, DATABASE_OWNER_URL=owner)
    again = await kiss("migrate", DATABASE_URL=url, DATABASE_OWNER_URL=owner)
    current = await kiss("migrate", "--check", DATABASE_URL=url)

    assert (refused.code, "The database is empty" in refused.err) == (78, True)
    assert (empty.code, empty.out) == (1, "The database is empty.\n")
    assert (found.code, states(found)["tables"]) == (1, "fail")
    assert (unowned.code, "DATABASE_OWNER_URL" in unowned.err) == (78, True)
    assert made.out == "The database has its tables now.\n"
    assert again.out == "The database was up to date already.\n"
    assert current.code == 0
    for revision, sentence in (("tomorrow", "newer release"), ("0007", "before the first release")):
        connection = await asyncpg.connect(plain_url(owner))
        await connection.execute("UPDATE alembic_version SET version_num = $1", revision)
        await connection.close()
        for words in (("migrate",), ("tickets",)):
            refused = await kiss(*words, DATABASE_URL=url, DATABASE_OWNER_URL=owner)
            assert (refused.code, sentence in refused.err) == (78, True), refused.err
        checked = await kiss("migrate", "--check", DATABASE_URL=url, DATABASE_OWNER_URL=owner)
        assert (checked.code, "newer" in checked.out) == (1, revision == "tomorrow")
        found = await kiss("doctor", "--json", DATABASE_URL=url)
        assert states(found)["tables"] == "fail"
        assert ("newer" in found.out) == (revision == "tomorrow")
