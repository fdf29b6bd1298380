"""A real `kiss run`, as a process of its own, in a folder of its own."""

import asyncio
import contextlib
import re
import signal
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from tests.intake.commands.conftest import KISS, Told

READY = 60
"""Seconds until the table must be there, on a machine that does other things too."""

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')

A_SENTENCE = 3.1
"""Seconds that a person needs at least; whoever is faster is asked twice."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Running:
    """One process, what it printed, and how it ended."""

    process: asyncio.subprocess.Process
    port: int
    folder: Path
    began: float
    lines: list[str] = field(default_factory=list)
    ready_after: float = 0.0

    @property
    def home(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        return "".join(self.lines)

    async def until(self, words: str) -> None:
        """Read what it prints until these words appear."""
        assert self.process.stdout is not None
        async with asyncio.timeout(READY):
            while words not in self.said:
                line = await self.process.stdout.readline()
                assert line, f"it ended:\n{self.said}"
                self.lines.append(line.decode())

    async def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Stop it; return its exit code and how many seconds that took."""
        began = time.monotonic()
        self.process.send_signal(with_signal)
        rest, _ = await asyncio.wait_for(self.process.communicate(), 30)
        self.lines.append(rest.decode())
        return self.process.returncode or 0, time.monotonic() - began

    async def visit(self, path: str) -> int:
        """Open a page and return the status."""
        async with aiohttp.ClientSession() as visitor, visitor.get(self.home + path) as answer:
            return answer.status

    async def report(self, words: str, **fields: str) -> str:
        """Send the public form and return the page that answers."""
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as visitor:
            async with visitor.get(f"{self.home}/") as form:
                hidden = dict(_HIDDEN.findall(await form.text()))
            data = aiohttp.FormData(hidden | {"type": "complaint", "story": words} | fields)
            await asyncio.sleep(A_SENTENCE)
            async with visitor.post(f"{self.home}/", data=data) as answer:
                return await answer.text()


@contextlib.asynccontextmanager
async def running(
    folder: Path, environment: dict[str, str], *words: str, command: str = "run"
) -> AsyncIterator[Running]:
    """Start it, hand it out when its table is there, and make sure that it ends."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        KISS,
        command,
        *words,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=environment | {"KISS_DATA": str(folder), "KISS_PORT": str(port)},
    )
    run = Running(process, port, folder, time.monotonic())
    try:
        yield run
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.communicate()


async def told(folder: Path, environment: dict[str, str], *words: str) -> Told:
    """Run another command beside it, in the same folder."""
    process = await asyncio.create_subprocess_exec(
        KISS,
        *words,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment | {"KISS_DATA": str(folder)},
    )
    out, err = await asyncio.wait_for(process.communicate(), READY)
    return Told(process.returncode or 0, out.decode(), err.decode())
