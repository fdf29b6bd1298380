"""Every command under every fault of its surroundings: a sentence, an exit code, no traceback."""

import asyncio
import socket
from pathlib import Path

import asyncpg
import pytest

from core.ground.database import plain_url
from intake import embedded
from tests.intake.commands.conftest import KISS, Kiss

COMMANDS = (
    ("run",),
    ("web",),
    ("smtp",),
    ("worker",),
    ("migrate",),
    ("doctor",),
    ("tickets",),
    ("case", "TKT-20261124-0001", "show"),
    ("deliveries",),
    ("inbound", "list"),
    ("qr", "list"),
    ("user", "list"),
    ("hospital", "load", "demo/hospital.yaml"),
    ("demo", "seed"),
    ("secret", "show"),
)
SERVING = frozenset({"run", "web", "smtp", "worker"})
"""These take signals, so that they are processes of their own."""

FAULTS: dict[str, dict[str, str]] = {
    "no database answers": {"DATABASE_URL": "postgresql://127.0.0.1:1/kiss"},
    "the database's address is none": {"DATABASE_URL": "foo"},
    "the folder cannot be made": {"DATABASE_URL": "", "KISS_DATA": "/proc/kiss"},
    "the folder is a file": {"DATABASE_URL": "", "KISS_DATA": "/etc/hostname"},
    "the secret can be guessed": {"KISS_SECRET_KEY": "x"},
    "the address is not ours": {"KISS_HOST": "203.0.113.1"},
    "a list is none": {"KISS_TRUSTED_PROXIES": "a"},
}


@pytest.mark.parametrize("serves", [True, False])
@pytest.mark.parametrize("fault", FAULTS)
async def test_no_command_prints_a_traceback(kiss: Kiss, fault: str, *, serves: bool) -> None:
    changes = FAULTS[fault]
    for words in (each for each in COMMANDS if (each[0] in SERVING) is serves):
        if fault == "the address is not ours" and words[0] in ("smtp", "worker"):
            continue  # they listen elsewhere, and would run on
        ask = kiss.process if words[0] in SERVING else kiss
        told = await ask(*words, **{"BROKER_URL": "redis://127.0.0.1:1"} | changes)

        assert "Traceback" not in told.out + told.err, (words, told)
        assert told.code in (0, 1, 3, 75, 78), (words, told)
        said = "Error: " in told.err or words[0] == "doctor"
        assert said or told.code == 0, (words, told)


async def test_a_reader_that_has_enough_ends_a_command_quietly(kiss: Kiss) -> None:
    for redirected in (">&-", "| head -c 1 > /dev/null", "> /dev/full"):
        process = await asyncio.create_subprocess_shell(
            f"{KISS} doctor --json {redirected}",
            stderr=asyncio.subprocess.PIPE,
            env=dict(kiss.environment),
        )
        _, err = await process.communicate()

        assert "Traceback" not in err.decode(), (redirected, err.decode())


async def test_a_migration_that_waits_in_vain_says_so_and_may_be_repeated(
    kiss: Kiss, postgres_server: embedded.Server, worker_id: str
) -> None:
    name = f"held_{worker_id}"
    postgres_server.create_database(name)
    url, owner = postgres_server.dsn(name), postgres_server.owner_dsn(name)
    await kiss("migrate", DATABASE_URL=url, DATABASE_OWNER_URL=owner)
    holder = await asyncpg.connect(plain_url(owner))
    await holder.execute("UPDATE alembic_version SET version_num = 'kiss2'")
    await holder.execute(f"ALTER DATABASE {name} SET lock_timeout = '200ms'")
    async with holder.transaction():
        await holder.execute("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE")
        held = await kiss("migrate", DATABASE_URL=url, DATABASE_OWNER_URL=owner)
    await holder.close()

    assert (held.code, "Nothing was changed" in held.err) == (75, True), held.err


@pytest.mark.parametrize("setting", ["KISS_MAIL_SMTP_LISTEN", "KISS_MAIL_LMTP_LISTEN"])
async def test_a_mail_door_that_is_taken_is_named_with_its_setting(
    kiss: Kiss, setting: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        place = f"127.0.0.1:{other.getsockname()[1]}"
        told = await kiss.process("smtp", **{setting: place, "KISS_MAIL_URL": "smtp://127.0.0.1:1"})

    assert told.code == 1
    assert f"{place}: it is taken" in told.err
    assert setting in told.err
    assert "Traceback" not in told.err


async def test_every_wrong_setting_is_named_at_once(kiss: Kiss, tmp_path: Path) -> None:
    told = await kiss(
        "doctor",
        KISS_PUBLIC_URL="foo",
        KISS_PORT="99999",
        KISS_MAIL_SMTP_LISTEN="25",
        KISS_TELEGRAM_TOKEN="x",
        KISS_DATA=str(tmp_path / "none"),
    )

    assert told.code == 78
    for name in ("PUBLIC_URL", "PORT", "MAIL_SMTP_LISTEN", "TELEGRAM_TOKEN"):
        assert f"KISS_{name}" in told.err, told.err
