"""What the tests of the bundled PostgreSQL share: SQL in one line, other processes, patience."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from intake.embedded import Server
from intake.embedded.server import psql

REPOSITORY = Path(__file__).parents[2]
HOLDER = Path(__file__).with_name("holder.py")


def ask(server: Server, sql: str) -> str:
    """Run SQL and return what it says; an error fails the test."""
    told = psql(server.place, server.binaries, sql)
    assert told.returncode == 0, told.stderr
    return told.stdout.strip()


def eventually(condition: Callable[[], bool]) -> None:
    """Wait, at most ten seconds, until a condition holds."""
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "it did not happen within ten seconds"
        time.sleep(0.01)


def python_environment() -> dict[str, str]:
    """What another interpreter needs to import this project and the wheel."""
    packages = [str(REPOSITORY), *(path for path in sys.path if path.endswith("-packages"))]
    return {"PATH": os.defpath, "PYTHONPATH": ":".join(packages)}


class Holder:
    """Another process that has the server running until it is closed or killed."""

    def __init__(self, data: Path, state: Path, python: str, user: str | None) -> None:
        self.process = subprocess.Popen(
            [python, str(HOLDER), str(data), str(state)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=python_environment(),
            cwd="/",
            user=user,
            group=None if user is None else "nogroup",
            extra_groups=None if user is None else [],
        )

    def read(self) -> dict[str, str | int | bool | None]:
        """Wait until it holds the server, and return what it tells; `error` if it cannot."""
        assert self.process.stdout is not None
        told: dict[str, str | int | bool | None] = json.loads(self.process.stdout.readline())
        return told

    def close(self) -> None:
        self.process.communicate("", timeout=60)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


Hold = Callable[..., Holder]
