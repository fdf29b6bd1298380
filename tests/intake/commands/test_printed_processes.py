"""What pages print to be left running is started as printed, answers, and ends when told."""

import asyncio
import contextlib
import re
import shutil
import smtplib
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from intake.mail_sink import sink
from tests.intake.commands.conftest import Kiss, clean_environment
from tests.intake.commands.reader import Reader
from tests.intake.commands.running import Running, free_port, running
from tests.root import ROOT

SERVED = {
    "kiss run": "run",
    "kiss run --demo": "run",
    "KISS_HOSPITAL_FILE=rs.yaml KISS_PUBLIC_URL=https://lapor.rs.example.org kiss run": "run",
    "kiss web": "web",
    "DATABASE_URL=postgresql://… BROKER_URL=amqp://… KISS_SECRET_KEY=… kiss web": "web",
    "kiss smtp": "smtp",
    "KISS_MAIL_URL=smtp://relay:587 DATABASE_URL=postgresql://… kiss smtp": "smtp",
    "kiss worker": "worker",
    "DATABASE_URL=postgresql://… BROKER_URL=amqp://… KISS_SECRET_KEY=… kiss worker --threads 16": (
        "worker"
    ),
}
"""What serves until it is stopped, and how it is asked whether it does."""

SAVED = 'pg_dump -Fc -h "$(sed -n 5p data/postgres/postmaster.pid)" -U postgres kiss > kiss.dump'
"""How the bundled database is saved while `kiss run` serves."""


@pytest.fixture
def house() -> Iterator[Path]:
    """Give a data folder that another account may pass: root's PostgreSQL is one."""
    made = Path(tempfile.mkdtemp(prefix="kiss-printed-"))
    made.chmod(0o755)
    yield made / "data"
    shutil.rmtree(made, ignore_errors=True)  # a killed server may still be ending


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize("command", SERVED)
async def test_what_is_left_running_answers_and_ends_when_told(
    kiss: Kiss, house: Path, command: str
) -> None:
    asked = SERVED[command]
    settings, _, words = re.split(r"(?:^| )(kiss) ", command)
    (house.parent / "rs.yaml").write_bytes((ROOT / "demo" / "hospital.yaml").read_bytes())
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(contextlib.chdir(house.parent))
        environment = dict(kiss.environment) if asked != "run" else clean_environment()
        if asked == "smtp":
            relay = await stack.enter_async_context(sink(house.parent / "outbox"))
            environment["KISS_MAIL_URL"] = f"smtp://127.0.0.1:{relay.port}"
            environment["KISS_MAIL_SMTP_LISTEN"] = f"127.0.0.1:{free_port()}"
        if asked == "worker" or "BROKER_URL" in settings:
            environment["BROKER_URL"] = await stack.enter_async_context(redis(house.parent))
        for setting in settings.split():
            variable, _, value = setting.partition("=")
            assert variable in environment or "…" not in value, f"nothing is put for {setting}"
            environment.setdefault(variable, value)
        name, *options = words.split()

        run = await stack.enter_async_context(running(house, environment, *options, command=name))
        await ASKED[asked](run, environment)
        code, seconds = await run.stop()

    assert (code, seconds < 10) == (0, True), run.said


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_the_bundled_database_is_saved_while_it_runs(house: Path) -> None:
    reader = Reader(Kiss(clean_environment()), house.parent)
    async with running(house, clean_environment(), "--demo") as run:
        await run.until("Ctrl-C")

        told = await reader.shell(SAVED)
        await run.stop()

    assert (told.code, told.err) == (0, "")
    assert (house.parent / "kiss.dump").read_bytes().startswith(b"PGDMP")


@contextlib.asynccontextmanager
async def redis(folder: Path) -> AsyncIterator[str]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("needs redis-server")
    port = free_port()
    server = await asyncio.create_subprocess_exec(
        *(program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)),
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        yield f"redis://127.0.0.1:{port}"
    finally:
        server.terminate()
        await server.wait()


async def opens(process: Running, environment: dict[str, str]) -> None:
    """Read the table of `kiss run`, and open the page it names."""
    await process.until("Ctrl-C")
    home = environment.get("KISS_PUBLIC_URL", process.home)
    assert f"{home}/tracking" in process.said
    assert await process.visit("/tracking") == 200


async def serves(process: Running, _: dict[str, str]) -> None:
    async with asyncio.timeout(60):
        while True:
            with contextlib.suppress(OSError):
                if await process.visit("/readyz") == 200:
                    break
            await asyncio.sleep(0.2)


async def takes_mail(_: Running, environment: dict[str, str]) -> None:
    port = int(environment["KISS_MAIL_SMTP_LISTEN"].rpartition(":")[2])
    async with asyncio.timeout(60):
        while True:
            with contextlib.suppress(ConnectionRefusedError):
                greeted = await asyncio.to_thread(greet, port)
                break
            await asyncio.sleep(0.2)
    assert greeted == 250


def greet(port: int) -> int:
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        return client.noop()[0]


async def joins(process: Running, _: dict[str, str]) -> None:
    await process.until("worker: ready")


ASKED = {"run": opens, "web": serves, "smtp": takes_mail, "worker": joins}
"""How each kind of process is asked whether it serves."""
