"""The shape of the house, as far as a machine can see it; imports are watched by import-linter."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from intake import registry
from intake.cli import COMMANDS, main

ROOT = Path(__file__).parent.parent
CHANNELS = ROOT / "intake" / "channels"
SOURCES = sorted(
    file for package in ("core", "intake", "notifier") for file in (ROOT / package).rglob("*.py")
)
LONGEST = 350
"""Lines: what is longer holds more than one noun."""


def test_every_channel_folder_opens_a_channel_and_is_tested() -> None:
    folders = sorted(path for path in CHANNELS.iterdir() if (path / "__init__.py").exists())

    for folder in folders:
        module = import_module(f"intake.channels.{folder.name}")
        assert callable(getattr(module, "open_channel", None)), f"{folder.name}: no open_channel"
    public = [folder.name for folder in folders if not folder.name.startswith("_")]
    assert registry.names() == public
    tested = {path.name for path in (ROOT / "tests" / "channels").iterdir() if path.is_dir()}
    assert set(public) <= tested


def test_no_source_file_is_too_long_to_hold_one_noun() -> None:
    lengths = {
        str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines())
        for file in SOURCES
    }

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def test_the_command_line_starts_without_loading_what_it_may_not_need() -> None:
    heavy = ("aiohttp", "sqlalchemy", "dramatiq", "PIL", "reportlab")
    code = f"import sys, intake.cli; print([m for m in {heavy!r} if m in sys.modules])"

    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_teaches_its_use(name: str) -> None:
    command = main.get_command(click.Context(main), name)

    assert command is not None
    assert command.name == name
    assert command.help
    assert command.short_help or len(command.get_short_help_str()) < 80
