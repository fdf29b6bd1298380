"""The real `kiss`, as an operator runs it, against the test's database."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from core.runtime import Runtime
from core.tickets.desk import Desk
from core.tickets.submission import Address, Receipt
from intake.cli import main
from tests import builders

KISS = Path(sys.executable).with_name("kiss")
SECONDS = 60


@dataclass(frozen=True)
class Told:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever it printed
        return json.loads(self.out)


@dataclass(frozen=True)
class Kiss:
    """Runs `kiss` with the environment of one installation: here, or as a process of its own.

    A process takes a second of processor time to load; most tests ask the same code in a thread.
    """

    environment: Mapping[str, str]

    async def __call__(self, *words: str, stdin: str = "", **changes: str) -> Told:
        wanted: dict[str, str | None] = dict.fromkeys(os.environ)
        wanted.update({**self.environment, **changes})
        runner = CliRunner(env=wanted)
        ended = await asyncio.to_thread(
            runner.invoke, main, words, input=stdin, catch_exceptions=False
        )
        return Told(ended.exit_code, ended.stdout, ended.stderr)

    async def process(self, *words: str, stdin: str = "", **changes: str) -> Told:
        """Run the installed command itself."""
        process = await asyncio.create_subprocess_exec(
            KISS,
            *words,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**self.environment, **changes},
        )
        async with asyncio.timeout(SECONDS):
            out, err = await process.communicate(stdin.encode())
        return Told(process.returncode or 0, out.decode(), err.decode())


def clean_environment(**changes: str) -> dict[str, str]:
    """Return the environment without settings of whoever runs the tests."""
    ours = ("KISS_", "DATABASE_URL", "BROKER_URL", "FAULT_AT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "NO_COLOR": "1", **changes}


@pytest.fixture
def kiss(database_url: str, tmp_path: Path) -> Kiss:
    return Kiss(
        clean_environment(
            DATABASE_URL=database_url,
            KISS_DATA=str(tmp_path / "data"),
            KISS_SECRET_KEY="a secret for tests, and long enough",
        )
    )


@pytest.fixture
async def receipt(runtime: Runtime) -> Receipt:
    """File a report whose sender can be written to."""
    address = Address(channel="email", address="budi@example.org")
    return await Desk(runtime).submit(builders.submission(addresses=(address,)))
