"""What pages, comments, help and sentences print is typed here, each command as it stands.

A command that is printed and stands in no table fails, and so does a row that nobody prints.
"""

import contextlib
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from pydantic import SecretStr

from core.calls.ringing import rings
from core.ground.clock import system_clock
from core.ground.database import plain_url, transaction
from core.jobs.raw_messages import RawMessages
from core.runtime import Runtime
from core.tickets.desk import Desk
from intake.channels.phone.channel import PhoneChannel
from intake.channels.phone.settings import PhoneSettings
from intake.channels.telegram.profile import commands as menu
from tests import builders
from tests.intake.channels.telegram.fake import TOKEN, telegram
from tests.intake.commands.conftest import KISS, Kiss
from tests.intake.commands.printed import SCRIPT, blocks, pages, printed
from tests.intake.commands.reader import MAIL, Reader
from tests.intake.commands.test_printed_processes import SAVED, SERVED
from tests.intake.commands.typed import DAILY, KNOWN, OPENING, TAUGHT, Typed
from tests.intake.commands.untouched import UNTOUCHED
from tests.root import ROOT
from tests.serving import serve

COMPLAINT = re.compile(r"^(Error|Traceback|Usage|BAD|!!)|\bBAD\b", re.MULTILINE)
"""How a command complains, on either stream, whatever its exit code."""

ACTIVATE = ". .venv/bin/activate"
SECRETS = ("openssl rand -hex 24", "openssl rand -hex 32")
EXCHANGE = next(
    block.strip()
    for kind, block in blocks((ROOT / "docs" / "phone.md").read_text(encoding="utf-8"))
    if kind == SCRIPT
)
"""The telephone exchange's script: three lines that need each other."""

LANGUAGES = {SCRIPT, "diff", "http", "ini", "mermaid", "python", "sql", "text"}


@pytest.fixture
async def reader(kiss: Kiss, database_url: str, tmp_path: Path) -> AsyncIterator[Reader]:
    """Give somebody in a folder of their own, whose bot is known to a Telegram that answers."""
    folder = tmp_path / "reader"
    folder.mkdir()
    async with telegram() as (fake, url):
        for language, key in ((None, ""), ("en", "en")):
            fake.commands[key] = [command.to_dict() for command in menu(language)]
        ours = {
            "DATABASE_URL": plain_url(database_url),
            "KISS_TELEGRAM_TOKEN": TOKEN,
            "KISS_TELEGRAM_API_URL": url,
        }
        known = {**KNOWN, "postgresql://kiss@db/kiss": ours["DATABASE_URL"]}
        somebody = Reader(Kiss({**kiss.environment, **ours}), folder, known)
        somebody.prepare()
        with contextlib.chdir(folder):
            yield somebody


def test_every_printed_command_stands_in_one_table_and_every_row_is_printed() -> None:
    rows = [row.printed for row in (*OPENING, *DAILY)]
    rows += [*TAUGHT, *SERVED, *UNTOUCHED, *SECRETS, ACTIVATE, EXCHANGE, SAVED]

    found = printed()

    assert {command: places for command, places in found.items() if command not in rows} == {}
    assert [row for row in rows if row not in found] == []
    assert sorted(rows) == sorted(set(rows))


def test_every_block_of_a_page_says_what_it_is() -> None:
    kinds = {(path.name, kind) for path in pages() for kind, _ in blocks(path.read_text("utf-8"))}

    assert {(name, kind) for name, kind in kinds if kind not in LANGUAGES} == set()


def test_python_on_a_page_runs() -> None:
    codes = [
        code
        for path in pages()
        for kind, code in blocks(path.read_text("utf-8"))
        if kind == "python"
    ]

    for code in codes:
        exec(compile(code, "page", "exec"), {"raw": MAIL})  # noqa: S102 - our own pages

    assert codes


async def test_a_reader_types_every_command_at_the_demo_hospital(
    reader: Reader, runtime: Runtime
) -> None:
    for row in OPENING:
        await typed(reader, row)
    await trouble(runtime)

    for row in DAILY:
        await typed(reader, row)


@pytest.mark.parametrize("command", TAUGHT)
async def test_what_a_page_names_teaches_its_use(kiss: Kiss, command: str) -> None:
    words = command.replace("COMMAND", "doctor").replace("…", "").split()[1:]

    told = await kiss(*(words if "--help" in words else (*words, "--help")))

    assert (told.code, told.err) == (0, "")
    assert told.out.startswith("Usage: ")


@pytest.mark.parametrize("command", UNTOUCHED)
def test_what_a_test_may_not_do_has_all_that_it_needs(command: str) -> None:
    reason, is_there = UNTOUCHED[command]

    assert reason
    assert is_there()


@pytest.mark.parametrize("command", SECRETS)
async def test_a_secret_is_made_by_the_printed_command(reader: Reader, command: str) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")

    told = await reader.type(command)

    assert re.fullmatch(r"[0-9a-f]{48,64}\n", told.out), told


async def test_activating_puts_the_environment_of_the_release_first(reader: Reader) -> None:
    told = await reader.type(f'{ACTIVATE} && echo "$VIRTUAL_ENV"')

    assert told.code == 0, told.err
    assert Path(told.out.strip()).samefile(KISS.parent.parent)


async def test_the_exchange_rings_by_the_printed_script(
    reader: Reader, runtime: Runtime, hands: builders.Hands
) -> None:
    if shutil.which("curl") is None or shutil.which("openssl") is None:
        pytest.skip("needs curl and openssl")
    hands.now = system_clock()
    app, secret = web.Application(), "a secret of the exchange"
    PhoneChannel(runtime, PhoneSettings(calls_secret=SecretStr(secret))).mount(app, Desk(runtime))
    async with serve(app) as url:
        script = EXCHANGE.replace("http://127.0.0.1:8080", url)

        told = await reader.type(f"KISS_PHONE_CALLS_SECRET='{secret}'\n{script}")

    assert told.code == 0, told.err
    async with transaction(runtime.database) as session:
        found = [ring.number for ring in await rings(session, hands())]
    assert found == ["+6281200000001"], told


async def typed(reader: Reader, row: Typed) -> None:
    """Type one command; it must end well, complain of nothing and say what the row says."""
    told = await reader.type(row.printed, row.answers)

    assert told.code == row.code, f"{row.printed}: {told}"
    assert not COMPLAINT.search(f"{told.err}\n{told.out}"), f"{row.printed}: {told}"
    said = (reader.folder / row.writes).read_text("latin-1") if row.writes else told.out
    assert reader.fill(row.says) in said, f"{row.printed}: {said[:2000]}"
    if row.gives:
        found = re.search(r"TKT-\d{8}-\d{4,}" if row.gives == "NUMBER" else r"[0-9a-f-]{36}", said)
        assert found is not None, said
        reader.known[row.gives] = found[0]


async def trouble(runtime: Runtime) -> None:
    """Let some notices have gone out and two have been given up, and one raw mail be unreadable."""
    content = b"From: budi@example.org\r\n\r\nAC mati."
    await RawMessages(runtime).store("email", "mail-1", content, {"peer": "x"}, builders.MONDAY)
    async with runtime.database.pool.acquire() as connection:
        await connection.execute(
            "UPDATE inbound SET status = 'quarantined', attempts = 6, last_error = 'ValueError'"
        )
        await connection.execute(
            "UPDATE deliveries SET status = 'sent', sent_at = now() WHERE template = 'received'"
        )
        await connection.execute(
            "UPDATE deliveries SET status = 'dead', attempts = 9, last_error = 'refused: 550'"
            " WHERE id IN (SELECT id FROM deliveries WHERE status = 'pending' ORDER BY seq LIMIT 2)"
        )
