"""What `kiss doctor` finds, and `kiss migrate` mends."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from core.ground.database import plain_url
from core.ground.presence import RunningProcess, present
from core.ground.secret import drawn
from core.ground.waiting_files import WaitingFiles
from core.runtime import Runtime
from core.tickets.submission import Receipt
from intake import embedded
from intake.commands.running import seen_running
from intake.registry import Registry, open_channels
from tests.intake.commands.conftest import Kiss, Told


def states(told: Told) -> dict[str, str]:
    return {finding["what"]: finding["state"] for finding in told.json}


async def test_a_healthy_house_is_well_and_says_what_to_look_at(
    kiss: Kiss, receipt: Receipt
) -> None:
    told = await kiss("doctor", "--json")
    plain = await kiss("doctor")

    assert receipt.number
    assert (told.code, plain.code) == (3, 3), plain.out
    found = states(told)
    for what in ("database", "durability", "tables", "files", "hospital"):
        assert found[what] == "ok", told.out
    assert (found["broker"], found["mail"], found["channel email"]) == ("off", "off", "off")
    assert (found["staff"], found["units"], found["public address"]) == ("warn", "warn", "warn")
    assert (found["channel web"], found["sending"]) == ("down", "down")
    assert "Nothing is broken, but 4 of these do not run." in plain.out


async def test_what_runs_is_seen_with_its_doors_and_only_while_it_runs(
    kiss: Kiss, runtime: Runtime
) -> None:
    registry = open_channels(runtime)
    rest = Registry({name: one for name, one in registry.channels.items() if name != "webchat"})
    async with seen_running(runtime, "web", rest), asyncio.timeout(20):
        while states(part := await kiss("doctor", "--json"))["channel web"] != "ok":  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        async with seen_running(runtime, "run", registry):
            while (all_open := await kiss("doctor")).code != 0:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    gone = await kiss("doctor", "--json")

    assert (part.code, states(part)["channel webchat"], states(part)["sending"]) == (
        3,
        "down",
        "ok",
    )
    assert "deserve a look" in all_open.out
    assert (gone.code, states(gone)["channel web"]) == (3, "down")


async def test_a_door_that_only_a_running_process_has_is_named(
    kiss: Kiss, runtime: Runtime
) -> None:
    doors = frozenset({"web", "email"})
    presence = RunningProcess(parts=frozenset({"run"}), doors=doors, keys=frozenset())
    async with present(runtime.database, presence), asyncio.timeout(20):
        while states(told := await kiss("doctor", "--json"))["channel web"] != "ok":  # noqa: ASYNC110
            await asyncio.sleep(0.05)

    [mail] = [each for each in told.json if each["what"] == "channel email"]
    assert mail["state"] == "warn"
    assert "started with other settings" in mail["sentence"]


async def test_a_key_of_the_folder_is_looked_at_and_none_is_made(
    kiss: Kiss, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "secret").write_bytes(b"changeme")
    weak = await kiss("doctor", "--json", KISS_SECRET_KEY="")
    (data / "secret").write_bytes(drawn())
    (data / "secret").chmod(0o644)
    shared = await kiss("doctor", "--json", KISS_SECRET_KEY="")

    assert (weak.code, states(weak)["secret"]) == (1, "fail"), weak.out
    assert (shared.code, states(shared)["secret"]) == (1, "fail")
    assert "can be read by others" in shared.out


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/kiss"}, "database"),
        ({"BROKER_URL": "redis://127.0.0.1:1"}, "broker"),
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

    assert told.code == 3
    assert states(told)["bundled PostgreSQL"] == "down"
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


async def test_a_unit_told_where_reports_come_in_is_named(kiss: Kiss, runtime: Runtime) -> None:
    async with runtime.database.pool.acquire() as connection:
        await connection.execute("UPDATE units SET contact_email = 'Apotek@rs.example.org'")
    sending = {
        "KISS_MAIL_URL": "smtp://127.0.0.1:1",
        "KISS_MAIL_FROM_ADDRESS": "halo@rs.example.org",
    }

    told = await kiss("doctor", "--json", **sending)

    [finding] = [each for each in told.json if "so nobody reads it" in each["sentence"]]
    assert (finding["what"], finding["state"]) == ("units", "fail")
    assert "MELATI" in finding["sentence"]
