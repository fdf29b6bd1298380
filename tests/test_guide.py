"""The newcomer's guide in docs/architecture.md leads where it says, in as few steps."""

import re
from pathlib import Path

import pytest

from tests.root import ROOT

GUIDE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
STEP = re.compile(r"^\d+\. `([\w./]+)`(?: `([\w.]+)`)? — \S", re.MULTILINE)
ROW = re.compile(r"^\| ([^|]+?) \| `([\w./{}]+)`", re.MULTILINE)
AT_MOST = {"A web report": 10, "A mail": 20, "A notice": 10}
"""The longest each walk may be, in files."""
ROWS = 25


def section(heading: str) -> str:
    """Return what stands under a heading of the guide."""
    found = re.search(rf"^#+ {heading}.*?$(.*?)(?=^#|\Z)", GUIDE, re.MULTILINE | re.DOTALL)
    assert found is not None, heading
    return found[1]


@pytest.mark.parametrize("walk", AT_MOST)
def test_a_walk_is_short_and_every_step_is_there(walk: str) -> None:
    steps = STEP.findall(section(walk))

    missing = [f"{path} {name}" for path, name in steps if not defines(ROOT / path, name)]
    assert missing == []
    assert 4 <= len({path for path, _ in steps}) <= AT_MOST[walk]


@pytest.mark.parametrize("walk", AT_MOST)
def test_each_step_of_a_walk_is_named_on_the_way_to_it(walk: str) -> None:
    steps = STEP.findall(section(walk))
    told = STEP.split(section(walk))[3::3]

    hidden = []
    for number, (path, name) in enumerate(steps[1:], start=1):
        seen = "".join((ROOT / before).read_text(encoding="utf-8") for before, _ in steps[:number])
        by_message = re.findall(r"bell of `(\w+)`", told[number])
        words = {Path(path).stem, name.rpartition(".")[2] or Path(path).stem, *by_message}
        if not any(re.search(rf"\b{word}\b", seen) for word in words):
            hidden.append(path)
    assert hidden == []


def test_whoever_wants_to_change_something_finds_where() -> None:
    rows = ROW.findall(section("You want to change"))

    assert [where for _, where in rows if not (ROOT / where).exists()] == []
    assert len({what for what, _ in rows}) >= ROWS


def defines(path: Path, name: str) -> bool:
    """Say whether a file is there and holds a function, class or method of that name."""
    if not path.is_file():
        return False
    if not name:
        return True
    text = path.read_text(encoding="utf-8")
    owner, _, last = name.rpartition(".")
    names = [last] if not owner else [owner.rpartition(".")[2], last]
    return all(
        re.search(rf"^\s*(?:async def|def|class) {one}\b", text, re.MULTILINE) for one in names
    )
