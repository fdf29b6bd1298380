"""Processes of ours that work on every queue (`crew.py`), killed and started again at will."""

import asyncio
import contextlib
import sys
from pathlib import Path
from uuid import UUID, uuid4

from core.runtime import Runtime
from tests.core.jobs.planting import Field
from tests.notifier import brokers
from tests.notifier.posting import until
from tests.root import ROOT


class Crew:
    """Processes that work on one database, each with the same folder and broker."""

    def __init__(self, url: str, folder: Path, broker: str, namespace: str) -> None:
        self._url, self._folder, self._namespace = url, folder, namespace
        self._broker = brokers.URLS[broker] or "none"
        self._running: list[asyncio.subprocess.Process] = []

    async def start(self, fault: str = "") -> asyncio.subprocess.Process:
        """Start one and wait until it works."""
        environment = {"PATH": "/usr/bin:/bin", "KISS_TEST": "1", "FAULT_AT": fault}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tests.faults.crew"),
            *(self._url, str(self._folder), self._broker, self._namespace),
            env=environment,
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        self._running.append(process)
        assert process.stdout is not None
        async with asyncio.timeout(60):
            await process.stdout.readline()
        return process

    def done(self) -> list[str]:
        """What the channel was given to do, in order."""
        with contextlib.suppress(FileNotFoundError):
            return (self._folder / "done").read_text().splitlines()
        return []

    async def end(self) -> None:
        for process in self._running:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def settled(runtime: Runtime, field: Field, *ids: UUID, seconds: float = 60) -> None:
    """Wait until these rows are at rest, however they ended."""

    async def all_are() -> bool:
        found = [await field.row(runtime, row_id) for row_id in ids]
        return not {row["status"] for row in found} & set(field.queue.under_way)

    await until(all_are, seconds)


async def plant(runtime: Runtime, field: Field, name: str = "") -> UUID:
    """Put in a row that real processes work on now, whatever the test's own clock says."""
    row_id = await field.plant(runtime, lane=f"{name}{uuid4().hex}")
    runtime.bell.ring(field.queue.topic)
    return row_id
