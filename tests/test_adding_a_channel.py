"""docs/adding-a-channel.md is done word for word, in a copy of this checkout."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.intake.commands.printed import SCRIPT, blocks
from tests.root import ROOT

PAGE = ROOT / "docs" / "adding-a-channel.md"
OURS = ("intake/channels/whatsapp/", "tests/intake/channels/whatsapp/", "CHANGELOG.md")
TABLE = "docs/operations.md"
"""Written by a command of the page; a reader writes nothing in it."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Copy this checkout with its environment, as a repository of its own."""
    folder = tmp_path / "checkout"
    listed = run(ROOT, "git ls-files -z --cached --others --exclude-standard").split("\0")
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    venv = folder / ".venv"
    venv.mkdir()
    for part in Path(sys.prefix).iterdir():
        if part.suffix != ".stamp" and part.name != "home":
            (venv / part.name).symlink_to(part)
    (venv / "home").write_text(f"{folder.resolve()}\n")
    for stamp in ("run.stamp", "test.stamp"):  # `make` finds everything installed
        (venv / stamp).touch()
    run(folder, "git init -q && git add -A")
    run(folder, "git -c user.name=x -c user.email=x@example.org commit -qm before")
    return folder


def test_the_page_makes_a_channel_and_touches_nothing_else(checkout: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    copy, *prove = [block for kind, block in blocks(page) if kind == SCRIPT]
    [line] = [block for kind, block in blocks(page) if kind == "diff"]

    run(checkout, copy)
    patch(checkout / "CHANGELOG.md", line)
    for block in prove:
        run(checkout, block)

    run(checkout, "git add -A")
    changed = run(checkout, "git diff --cached --name-only").splitlines()
    assert [name for name in changed if not name.startswith((*OURS, TABLE))] == []
    assert {name for name in OURS if any(path.startswith(name) for path in changed)} == set(OURS)
    added = run(checkout, f"git diff --cached --numstat {TABLE}").split()
    assert (int(added[0]) > 0, added[1]) == (True, "0")
    assert "skeleton" not in run(checkout, "cat intake/channels/whatsapp/*.py").lower()


def run(folder: Path, script: str) -> str:
    """Let a shell do a script as somebody types it, each line after the one before."""
    quiet = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run(
        ["sh", "-ec", script], cwd=folder, env=quiet, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{script}\n{done.stdout[-5000:]}\n{done.stderr[-5000:]}"
    return done.stdout


def patch(file: Path, difference: str) -> None:
    """Edit a file as the lines of a difference say."""
    lines = difference.splitlines()
    before = "\n".join(line[1:] for line in lines if line[:1] != "+")
    after = "\n".join(line[1:] for line in lines if line[:1] != "-")
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1
    file.write_text(text.replace(before, after), encoding="utf-8")
