"""kill -9 at every step: nothing that was confirmed is lost, nothing is filed twice."""

import asyncio
import contextlib
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from core.ground.database import plain_url
from core.ground.secret import Secret
from intake.channels.telegram.settings import TelegramSettings
from tests.builders import TOKEN as POSTER
from tests.intake.channels.telegram.fake import TOKEN, FakeTelegram, Person, post
from tests.intake.channels.telegram.house import free_port
from tests.root import ROOT

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(240)]

SECRET = "a secret for tests, and long enough"
STORY = "Toilet di lorong depan kotor sejak kemarin."
PATIENCE = 40.0


@dataclass
class Machine:
    """A machine on which our process runs, dies, and is started again."""

    url: str
    folder: Path
    api: str
    mode: str
    port: int = field(default_factory=free_port)
    process: asyncio.subprocess.Process | None = None

    async def start(self, fault: str = "") -> None:
        """Start our process; with a fault it kills itself there."""
        environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": self.url,
            "KISS_DATA": str(self.folder),
            "KISS_SECRET_KEY": SECRET,
            "KISS_PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "KISS_TEST": "1",
            "KISS_CLOCK_FILE": str(self.clock),
            "KISS_TELEGRAM_TOKEN": TOKEN,
            "KISS_TELEGRAM_API_URL": self.api,
            "KISS_TELEGRAM_MODE": self.mode,
            "KISS_TELEGRAM_POLL_SECONDS": "1",
            "KISS_TELEGRAM_LOOK_SECONDS": "0.2",
            "KISS_TELEGRAM_PAUSE_SECONDS": "0",
        }
        if fault:
            environment["FAULT_AT"] = fault
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.intake.channels.telegram.process",
            str(self.port),
            cwd=ROOT,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        assert self.process.stdout
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self.process.stdout.readline()

    @property
    def clock(self) -> Path:
        return self.folder / "clock"

    @property
    def is_dead(self) -> bool:
        return self.process is None or self.process.returncode is not None

    async def died(self) -> None:
        """Wait until the process killed itself."""
        assert self.process
        assert await asyncio.wait_for(self.process.wait(), PATIENCE) == -signal.SIGKILL

    async def kill(self) -> None:
        """Kill it now."""
        if self.process and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the database."""
        connection = await asyncpg.connect(plain_url(self.url))
        try:
            return [tuple(row) for row in await connection.fetch(query)]
        finally:
            await connection.close()


@contextlib.asynccontextmanager
async def machine(url: str, folder: Path, api: str, mode: str) -> AsyncIterator[Machine]:
    made = Machine(url, folder, api, mode)
    try:
        yield made
    finally:
        await made.kill()


async def until(holds: Callable[[], Awaitable[bool] | bool]) -> None:
    """Wait until something holds, looking again and again."""
    async with asyncio.timeout(PATIENCE):
        for pause in repeat(0.05):
            found = holds()
            if await found if isinstance(found, Awaitable) else found:
                return
            await asyncio.sleep(pause)


@pytest.mark.parametrize("mode", ["polling", "webhook"])
@pytest.mark.parametrize(
    "fault",
    [
        "chat.stored:3",
        "chat.stepped:3",
        "chat.committed:3",
        "relay.leased:2",
        "deliver.claimed:2",
        "deliver.sent:2",
        "deliver.marked:2",
    ],
)
async def test_killed_anywhere_the_report_is_filed_once_and_every_answer_comes(
    database_url: str,
    tmp_path: Path,
    fake: tuple[FakeTelegram, str],
    sari: Person,
    *,
    fault: str,
    mode: str,
) -> None:
    telegram, api = fake
    updates = [sari.text(f"/start u_{POSTER}"), sari.text(STORY), sari.text("Kirim")]
    async with machine(database_url, tmp_path, api, mode) as ours:
        await ours.start(fault)
        for update in updates:
            await telegram.enqueue_update(update, token=TOKEN)
        await ours.died()

        ours.clock.write_text("300")  # past every lease of the dead process
        await ours.start()
        await until(lambda: delivered(telegram))
        await until(lambda: len(set(telegram.texts(sari.id))) >= 3)
        await until(lambda: quiet(ours))

        [(number, words)] = await ours.rows("SELECT ticket_number, description FROM tickets")
        times = Counter(telegram.texts(sari.id))
        assert words == STORY
        assert await ours.rows("SELECT count(*) FROM messages") == [(1,)]
        assert any(number in said for said in times)
        assert len(times) == 3
        assert times.total() <= 3 + 1  # the one that was being sent when the process died


async def delivered(telegram: FakeTelegram) -> bool:
    """Let Telegram try again what is left of a webhook's updates."""
    await telegram.deliver_updates(token=TOKEN)
    return int(telegram._update_queues.info(TOKEN)["pending_update_count"]) <= 1


async def quiet(ours: Machine) -> bool:
    query = "SELECT count(*) FROM deliveries WHERE status IN ('pending', 'queued', 'sending')"
    return await ours.rows(query) == [(0,)]


async def test_a_hundred_equal_updates_on_two_processes_are_one(
    database_url: str, tmp_path: Path, fake: tuple[FakeTelegram, str], sari: Person
) -> None:
    telegram, api = fake
    path = TelegramSettings(token=TOKEN).path(Secret.of(SECRET.encode()))
    header = TelegramSettings(token=TOKEN).secret(Secret.of(SECRET.encode()))
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    async with (
        machine(database_url, tmp_path / "a", api, "webhook") as one,
        machine(database_url, tmp_path / "b", api, "webhook") as other,
    ):
        await asyncio.gather(one.start(), other.start())
        updates = [sari.text(f"/start u_{POSTER}"), sari.text(STORY), sari.text("Kirim")]
        for number, update in enumerate(updates):
            told = {"update_id": 9000 + number, **update}
            doors = [f"http://127.0.0.1:{each.port}{path}" for each in (one, other)]
            statuses = await asyncio.gather(
                *[post(doors[turn % 2], told, header) for turn in range(100)]
            )
            assert set(statuses) <= {200, 503}  # 503: come back, every connection is busy
            assert await post(doors[0], told, header) == 200
        await until(lambda: quiet(one))

        assert await one.rows("SELECT count(*) FROM tickets") == [(1,)]
        assert await one.rows("SELECT count(*) FROM messages") == [(1,)]
        assert len(telegram.texts(sari.id)) == 3
