"""What a page points at is there: links, pictures, files, tests and settings."""

import re
import tomllib
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

from core.ground.settings import Settings
from intake.hospital.rehearsal import read_reports
from tests.intake.commands.printed import commented, pages, spans
from tests.root import ROOT
from tools.settings_table import tables

_LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_FILE = re.compile(r"[\w.@/*-]*[\w*-]\.(?:css|html|js|lock|md|po|py|service|sql|toml|yaml|yml)")
_TEST = re.compile(r"test_\w+")
_SETTING = re.compile(r"\b(?:KISS_[A-Z_]*[A-Z]|DATABASE_(?:OWNER_)?URL|BROKER_URL)\b")

OF_THE_READER = {"rs.yaml", "postgres.lock", "tests/intake/channels/NAME/driver.py"}
"""Files that a reader makes, or that are made on their machine."""

OF_OTHERS = {
    "KISS_ENV_FILE": "docker-compose.yml",
    "KISS_MAIL": "docs/email.md",
    "KISS_NAME": "docs/adding-a-channel.md",
    "KISS_SITE": "deploy/Caddyfile",
}
"""Names that are no setting of ours, with the file that reads or explains them."""


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_what_a_page_points_at_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    targets = [found[1] or found[2] for found in _LINK.finditer(text)]
    files = [span for span in spans(text) if _FILE.fullmatch(span)]
    tests = [span for span in spans(text) if _TEST.fullmatch(span)]

    assert [target for target in targets if not leads_somewhere(page, target)] == []
    assert [file for file in files if not is_file(file)] == []
    assert [name for name in tests if f"def {name}(" not in all_tests()] == []


def test_every_setting_that_is_named_exists() -> None:
    ours = set(_SETTING.findall(tables()))
    named = {
        setting: path.relative_to(ROOT)
        for path in (*pages(), *commented())
        for setting in _SETTING.findall(path.read_text(encoding="utf-8"))
    }

    assert {name: path for name, path in named.items() if name not in ours | set(OF_OTHERS)} == {}
    for name, file in OF_OTHERS.items():
        assert name in (ROOT / file).read_text(encoding="utf-8")


def test_the_figures_of_the_readme_are_true() -> None:
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    reports = read_reports(ROOT / "demo" / "reports.yaml")

    floor = project["requires-python"].removeprefix(">=")

    assert ("a dozen invented reports" in readme, len(reports)) == (True, 12)
    assert f"Python {floor} or newer" in readme
    assert f"an invented hospital at {Settings.model_fields['public_url'].default} " in readme


def leads_somewhere(page: Path, target: str) -> bool:
    """Tell whether a link leads to a file and, if it names one, to a heading in it."""
    if target.startswith("https://"):
        return True
    path, _, heading = unquote(target).partition("#")
    file = page.parent / path if path else page
    if not file.exists():
        return False
    return not heading or heading in headings(file)


def headings(page: Path) -> set[str]:
    """Return the anchors of a page as GitHub makes them."""
    titles = _HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def is_file(name: str) -> bool:
    """Tell whether some file ends like that: a page may leave out the folders it speaks of."""
    return name in OF_THE_READER or any(path.match(name) for path in all_files())


@cache
def all_files() -> tuple[Path, ...]:
    return tuple(
        path.relative_to(ROOT)
        for path in ROOT.rglob("*")
        if not {".venv", ".git", "data"} & set(path.parts) and path.is_file()
    )


@cache
def all_tests() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("tests/**/*.py"))
