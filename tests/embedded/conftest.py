"""A piece of ground to build on, and other processes that hold a server on it."""

import fcntl
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.embedded.tools import Hold, Holder


@pytest.fixture
def ground() -> Iterator[Path]:
    """A folder that every account may pass, unlike pytest's own under root."""
    folder = Path(tempfile.mkdtemp(prefix="kiss-embedded-"))
    folder.chmod(0o755)
    yield folder
    for lock in folder.rglob("postgres.lock"):
        with lock.open("r+b") as held:
            fcntl.flock(held, fcntl.LOCK_EX)  # until the last process of its server has ended
    shutil.rmtree(folder)


@pytest.fixture
def hold(ground: Path) -> Iterator[Hold]:
    """Start processes that keep a server running; all have ended after the test."""
    started: list[Holder] = []

    def begin(data: Path, *, python: str = sys.executable, user: str | None = None) -> Holder:
        started.append(Holder(data, ground / "state", python, user))
        return started[-1]

    yield begin
    for holder in started:
        holder.kill()
