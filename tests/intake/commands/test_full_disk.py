"""`kiss run` on a disk that fills up: says what is true, stays, goes on when there is room."""

import asyncio
import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.intake.commands.conftest import clean_environment
from tests.intake.commands.running import Running, running

pytestmark = [pytest.mark.slow, pytest.mark.fault, pytest.mark.timeout(180)]


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 400 MB, where mounting is allowed."""
    with tempfile.TemporaryDirectory(prefix="kiss-full-") as name:
        disk = Path(name)
        disk.chmod(0o755)
        mount = ["mount", "-t", "tmpfs", "-o", "size=400m,mode=755", "none", str(disk)]
        try:
            subprocess.run(mount, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("mounting is not allowed here")
        yield disk
        subprocess.run(["umount", "-l", str(disk)], check=True)


async def readiness(run: Running) -> tuple[int, float]:
    began = time.monotonic()
    timeout = aiohttp.ClientTimeout(total=10)
    async with (
        aiohttp.ClientSession(timeout=timeout) as visitor,
        visitor.get(f"{run.home}/readyz") as answer,
    ):
        return answer.status, time.monotonic() - began


async def until(run: Running, status: int, seconds: float = 60) -> float:
    """Ask until that is the answer; return the slowest of all answers."""
    slowest = 0.0
    async with asyncio.timeout(seconds):
        while True:
            told, took = await readiness(run)
            slowest = max(slowest, took)
            if told == status:
                return slowest
            await asyncio.sleep(0.2)


def fill(disk: Path) -> Path:
    filler = disk / "filler"
    with filler.open("wb") as file, contextlib.suppress(OSError):
        while True:
            os.write(file.fileno(), bytes(1 << 16))
    return filler


async def test_a_database_that_a_full_disk_killed_comes_back_when_there_is_room(
    small_disk: Path,
) -> None:
    environment = clean_environment(KISS_MAIL_SMTP_LISTEN="127.0.0.1:0")
    async with running(small_disk / "data", environment, "--demo") as run:
        await run.until("Ctrl-C")
        await until(run, 200)
        filler = fill(small_disk)
        pid = int(next(small_disk.rglob("postmaster.pid")).read_text().split()[0])
        os.kill(pid, signal.SIGKILL)

        slowest = await until(run, 503)
        await asyncio.sleep(6)
        assert run.process.returncode is None
        assert (await readiness(run))[0] == 503
        filler.unlink()
        slowest = max(slowest, await until(run, 200))

        assert slowest < 4
        assert "TKT-" in await run.report("Lampu lorong mati.")
        assert (await run.stop())[0] == 0


async def test_a_first_start_on_a_full_disk_waits_for_room_and_says_so(small_disk: Path) -> None:
    (small_disk / "data").mkdir(mode=0o755)
    filler = fill(small_disk)
    async with running(small_disk / "data", clean_environment(), "--demo") as run:
        await run.until("free some space")
        await asyncio.sleep(3)
        assert run.process.returncode is None
        assert run.said.count("free some space") == 1

        filler.unlink()
        await run.until("is open")
        assert await run.visit("/readyz") == 200
        assert (await run.stop())[0] == 0
