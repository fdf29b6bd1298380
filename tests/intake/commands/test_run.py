"""`kiss run` as a person meets it: from the first start to the second, and to a hard end."""

import asyncio
import contextlib
import re
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from intake import embedded
from tests.intake.commands.conftest import clean_environment
from tests.intake.commands.running import Running, running, told
from tests.intake.commands.test_former import made_by_a_former_build

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
STOP = "Ctrl-C"


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a data folder that another account may pass: root's PostgreSQL is one."""
    made = Path(tempfile.mkdtemp(prefix="kiss-run-"))
    made.chmod(0o755)
    yield made / "data"
    shutil.rmtree(made, ignore_errors=True)  # a killed server may still be ending


@pytest.fixture
def environment() -> dict[str, str]:
    return clean_environment(KISS_MAIL_SMTP_LISTEN="127.0.0.1:0")


def opened(run: Running) -> float:
    """Read from the table after how many seconds the house was open."""
    found = re.search(r"open, ([0-9.]+) s", run.said)
    assert found is not None
    return float(found[1])


async def letters(run: Running, address: str, number: int) -> list[str]:
    """Wait until so many mails to an address lie in the demo's folder."""
    outbox, mark = run.folder / "outbox", f"Delivered-To: {address}"
    async with asyncio.timeout(30):
        while True:
            found = [file.read_text() for file in sorted(outbox.glob("*.eml"))]
            theirs = [letter for letter in found if mark in letter]
            if len(theirs) >= number:
                return theirs
            await asyncio.sleep(0.1)


async def test_one_command_opens_a_hospital_and_the_next_start_is_quick_and_keeps_it(
    folder: Path, environment: dict[str, str]
) -> None:
    async with running(folder, environment, "--demo") as run:
        await run.until(STOP)
        page = await run.report("AC di kamar 3 mati.", email="budi@example.org")
        number = re.search(r"TKT-\d{8}-\d{4}", page)
        assert number is not None, page
        replied = await told(folder, environment, "case", number[0], "reply", "Teknisi datang.")
        received, answered = await letters(run, "budi@example.org", 2)
        code, seconds = await run.stop(signal.SIGINT)
    async with running(folder, environment, "--demo") as again:
        await again.until(STOP)
        shown = await told(folder, environment, "case", number[0], "show")
        await again.stop()

    for words in ("RS Contoh Sehat", "/q/demoMelati", "rina (officer)", "coba-kiss", str(folder)):
        assert words in run.said
    assert replied.code == 0, replied.err
    assert number[0] in received
    assert "Teknisi datang." in answered
    assert (code, seconds < 10) == (0, True)
    assert "Everything is stopped; the data stays." in run.said
    assert "Teknisi datang." in shown.out
    assert opened(again) < opened(run)  # on a quiet machine 0.5 s against 5 s


async def test_the_log_names_patterns_and_nobodys_secrets(
    folder: Path, environment: dict[str, str]
) -> None:
    async with running(folder, environment | {"KISS_LOG": "json"}, "--demo") as run:
        await run.until(STOP)
        page = await run.report("Rahasia sekali.", name="Budi Contoh", email="budi@example.org")
        code = re.search(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", page)
        assert code is not None, page
        await run.visit(f"/t/{code[0]}")
        await run.visit("/q/demoMelatiPintuMasuk000001?lang=en")
        await run.visit("/nowhere/budi@example.org")
        await run.stop()

    log = run.said.split(STOP)[1]
    assert "GET /t/{code} " in log
    assert "GET /q/{token} 200" in log
    assert "GET (none) 404" in log
    for secret in (code[0], "demoMelati", "budi", "Budi", "Rahasia", "lang=en"):
        assert secret not in log


async def test_a_port_that_is_taken_is_a_sentence_before_anything_is_made(
    folder: Path, environment: dict[str, str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])

        refused = await told(folder, environment, "run", "--demo", "--port", port)

    assert (refused.code, f"127.0.0.1:{port}: it is taken" in refused.err) == (1, True)
    assert not folder.exists()


async def test_a_hospital_file_with_a_mistake_stops_the_start_with_its_line(
    folder: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "rs.yaml"
    file.write_text("hospital:\n  name: RS\n")

    refused = await told(folder, environment | {"KISS_HOSPITAL_FILE": str(file)}, "run")

    assert (refused.code, f"{file}:1: short_name is missing" in refused.err) == (1, True)
    assert "Traceback" not in refused.err


async def test_the_clock_of_the_whole_house_is_moved_by_a_file(
    folder: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    clock.write_text(str(400 * 24 * 3600))
    environment |= {"KISS_TEST": "1", "KISS_CLOCK_FILE": str(clock)}

    async with running(folder, environment, "--demo") as run:
        await run.until(STOP)
        ahead = await run.report("Dari masa depan.")
        clock.write_text("0")
        now = await run.report("Dari masa kini.")
        await run.stop()

    day = re.compile(r"TKT-(\d{4})\d{4}-\d+")
    later, earlier = day.search(ahead), day.search(now)
    assert later is not None
    assert earlier is not None
    assert int(later[1]) > int(earlier[1])


async def test_a_process_killed_at_a_named_step_loses_no_report_that_it_committed(
    folder: Path, environment: dict[str, str]
) -> None:
    faulty = environment | {"KISS_TEST": "1", "FAULT_AT": "submit.committed:2"}

    async with running(folder, faulty, "--demo") as run:
        await run.until(STOP)
        await run.report("Yang pertama dijawab.")
        with pytest.raises(aiohttp.ClientError):
            await run.report("Yang kedua tersimpan.", email="budi@example.org")
        assert await run.process.wait() == -signal.SIGKILL
    async with running(folder, environment, "--demo") as again:
        await again.until(STOP)
        [confirmation] = await letters(again, "budi@example.org", 1)
        listed = await told(folder, environment, "tickets")
        await again.stop()

    assert "Yang pertama dijawab." in listed.out
    assert "Yang kedua tersimpan." in listed.out
    assert "Subject: " in confirmation


async def test_a_demo_of_a_build_before_the_first_release_begins_anew_and_nothing_else_does(
    folder: Path, environment: dict[str, str]
) -> None:
    with embedded.running(folder) as server:
        server.create_database()
        await made_by_a_former_build(server.owner_dsn())

    refused = [await told(folder, environment, words) for words in ("run", "tickets", "web")]
    async with running(folder, environment, "--demo") as run:
        await run.until(STOP)
        await run.stop()

    for each in refused:
        assert (each.code, "before the first release" in each.err) == (78, True), each.err
        assert "newer" not in each.err
    assert "the old one is kept as kiss_0007_1" in run.said


async def test_pages_beside_it_bring_the_bundled_database_back_when_it_is_killed(
    folder: Path, environment: dict[str, str]
) -> None:
    async with (
        running(folder, environment, "--demo") as run,
        contextlib.AsyncExitStack() as stack,
    ):
        await run.until(STOP)
        web = await stack.enter_async_context(running(folder, environment, command="web"))
        await until_ready(web)
        run.process.kill()
        await run.process.wait()
        await asyncio.sleep(1)

        await until_ready(web)
        assert "TKT-" in await web.report("Lampu lorong mati.")
        assert (await web.stop())[0] == 0


async def until_ready(run: Running) -> None:
    async with asyncio.timeout(60):
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                if await run.visit("/readyz") == 200:
                    return
            await asyncio.sleep(0.2)
