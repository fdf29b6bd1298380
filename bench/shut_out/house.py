"""A real `kiss run --demo` of one source folder, in a data folder of its own."""

import asyncio
import contextlib
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from tests.faults.nodes import free_port
from tests.intake.commands.conftest import clean_environment

READY_SECONDS = 90


@dataclass
class House:
    """One process and its doors."""

    process: asyncio.subprocess.Process
    web: int
    smtp: int
    data: Path

    def database(self) -> list[int]:
        """Name the processes of its PostgreSQL, the first one first."""
        [file] = self.data.parent.rglob("postmaster.pid")
        first = int(file.read_text().split()[0])
        stats = {
            int(each.name): stat(each) for each in Path("/proc").iterdir() if each.name.isdigit()
        }
        return [first, *(pid for pid, parent in stats.items() if parent == first)]

    def signal_database(self, which: signal.Signals) -> None:
        """Freeze its PostgreSQL, or let it go on."""
        for pid in self.database():
            os.kill(pid, which)

    def letters(self, word: str) -> int:
        """Count the mails that left for addresses with this word in them."""
        files = (self.data / "outbox").glob("*.eml")
        heads = (each.read_text(errors="replace").partition("\n\n")[0] for each in files)
        lines = (line for head in heads for line in head.splitlines())
        return sum(line.startswith("Delivered-To:") and word in line.lower() for line in lines)

    def megabytes(self) -> float:
        """Measure what lies in its data folder beside the database."""
        files = (
            each
            for each in self.data.rglob("*")
            if "pg" not in each.relative_to(self.data).parts[0]
        )
        return sum(each.stat().st_size for each in files if each.is_file()) / (1 << 20)

    def memory(self) -> float:
        """Return its resident megabytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def stat(process: Path) -> int:
    """Return the parent of a process; 0 where it is gone."""
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


@contextlib.asynccontextmanager
async def open_house(source: Path) -> AsyncIterator[House]:
    """Start it, hand it out when it is open, and end it."""
    folder = Path(tempfile.mkdtemp(prefix="kiss-shut-out-"))
    folder.chmod(0o755)
    web, smtp = free_port(), free_port()
    environment = clean_environment(
        KISS_DATA=str(folder / "data"),
        KISS_HOST="127.0.0.1",
        KISS_PORT=str(web),
        KISS_MAIL_SMTP_LISTEN=f"127.0.0.1:{smtp}",
        PYTHONPATH=str(source),
    )
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "intake", "run", "--demo"),
            stdout=log,
            stderr=log,
            env=environment,
            cwd=source,
        )
    try:
        async with asyncio.timeout(READY_SECONDS):
            while "Ctrl-C" not in (folder / "log").read_text():
                if process.returncode is not None:
                    raise RuntimeError((folder / "log").read_text())
                await asyncio.sleep(0.1)
        yield House(process, web, smtp, folder / "data")
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()
        shutil.rmtree(folder, ignore_errors=True)
