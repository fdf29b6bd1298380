"""Real processes of ours that are started, killed with SIGKILL and started again."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from tests.faults.ledger import SECRET
from tests.root import ROOT

READY_SECONDS = 60


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Node:
    """One `kiss …` process: its command, its environment, and how often it was killed."""

    command: tuple[str, ...]
    environment: dict[str, str]
    log: Path
    port: int = field(default_factory=free_port)
    kills: int = 0
    process: asyncio.subprocess.Process | None = None

    async def start(self, **extra: str) -> None:
        """Start it and wait until it would accept a report (a worker: until it runs)."""
        environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            **self.environment,
            "KISS_PORT": str(self.port),
            "KISS_SECRET_KEY": SECRET,
            "KISS_TEST": "1",
            **extra,
        }
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "intake", *self.command),
                env=environment,
                stdout=log,
                stderr=log,
                cwd=ROOT,
            )
        if "worker" not in self.command:
            await self._ready()

    async def kill(self) -> None:
        """End it as a power cut would."""
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
            self.kills += 1
        await self.ended()

    async def ended(self) -> int:
        """Wait until it is gone; return how it ended."""
        if self.process is None:
            return 0
        return await self.process.wait()

    async def stop(self) -> None:
        """Ask it to stop and wait."""
        if self.process is not None and self.process.returncode is None:
            self.process.terminate()
        await self.ended()

    @property
    def url(self) -> str:
        """The address of its pages."""
        return f"http://127.0.0.1:{self.port}"

    async def _ready(self) -> None:
        end = time.monotonic() + READY_SECONDS
        async with aiohttp.ClientSession() as session:
            while time.monotonic() < end:
                if self.process is not None and self.process.returncode is not None:
                    if self.process.returncode == -signal.SIGKILL:
                        return  # the fault it was started for came before it was ready
                    break
                with contextlib.suppress(aiohttp.ClientError):
                    async with session.get(f"{self.url}/readyz") as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.05)
        raise RuntimeError(f"not ready:\n{self.log.read_text()[-3000:]}")
