"""The shape of the house, as far as a machine can see it; imports are watched by import-linter."""

import ast
import re
import subprocess
import sys
from collections import Counter
from importlib import import_module

import click
import pytest

from intake.channel_facts import ChannelFacts
from intake.channel_folders import names
from intake.cli import main
from tests.root import ROOT

CHANNELS = ROOT / "intake" / "channels"
SOURCES = sorted(
    file for package in ("core", "intake", "notifier") for file in (ROOT / package).rglob("*.py")
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
DESKS = {"intake/console/phone/": "phone"}
"""Inward doors of a channel, whose name they may say beside its own folder."""
OTHER_MEANINGS = {
    "core/calls/call.py": ("phone", "a way in which people reach the telephone desk"),
    "core/ground/rate_limits.py": ("telegram", "the name of a limit, in the table of all limits"),
    "core/hospital/contact.py": ("email phone", "kinds of address, which channels say they take"),
    "core/reading/command_line/case.py": ("email phone", "fields of what `kiss tickets` prints"),
    "core/tickets/filing.py": ("email phone", "parameters of the statement"),
    "core/tickets/preparation.py": ("email phone", "the same fields, made fit"),
    "core/tickets/submission.py": ("email phone", "fields of the person who reports"),
    "intake/channels/web/report_form.py": ("email phone", "fields of the form"),
    "intake/channels/web/static_pages.py": ("email", "a field of the form"),
    "intake/cli.py": ("web", "`kiss web`"),
    "intake/console/admin/people.py": ("email", "a field of the form"),
    "intake/console/admin/units.py": ("email phone", "fields of the form"),
    "intake/console/frame.py": ("phone", "an icon"),
    "intake/console/ticket/destination.py": ("phone", "an icon"),
    "intake/hospital/check.py": ("email", "a field of the hospital's file"),
    "intake/hospital/load.py": ("email phone", "columns of accounts"),
}
"""Literals that read like a channel's name and mean something else: which, and what. Whoever
needs another row here is probably about to name a channel; let the channel declare it instead
(`intake/channel_facts.py`)."""
LONGEST = 300
"""Lines: what is longer holds more than one noun."""


def test_every_channel_folder_opens_a_channel_and_is_tested() -> None:
    folders = sorted(path for path in CHANNELS.iterdir() if (path / "__init__.py").exists())

    for folder in folders:
        module = import_module(f"intake.channels.{folder.name}")
        assert callable(getattr(module, "open_channel", None)), f"{folder.name}: no open_channel"
        assert isinstance(getattr(module, "FACTS", None), ChannelFacts), f"{folder.name}: no FACTS"
    public = [folder.name for folder in folders if not folder.name.startswith("_")]
    assert names() == public
    drivers = ROOT / "tests" / "intake" / "channels"
    tested = {path.name for path in drivers.iterdir() if path.is_dir()}
    assert set(public) <= tested


def test_nothing_outside_its_folder_names_a_channel() -> None:
    named = {
        file: " ".join(sorted(found))
        for path in SOURCES
        if (file := path.relative_to(ROOT).as_posix())
        if (found := channels_in(path.read_text(encoding="utf-8")) - at_home(file))
    }

    assert named == {file: names for file, (names, _) in OTHER_MEANINGS.items()}


@pytest.mark.parametrize(
    "code",
    [
        'if ticket.source == "web": pass',
        'STAFF = {"web": 1}',
        """QUERY = "INSERT INTO channels VALUES ('web')" """,
        'COMMANDS = {"x": "intake.channels.web.commands:x"}',
        "from intake.channels.web import open_channel",
        "from intake.channels import web",
        "import intake.channels.web.channel",
    ],
)
def test_a_channel_that_is_named_is_found(code: str) -> None:
    assert channels_in(code) == {"web"}


def test_no_template_asks_which_channel_it_is() -> None:
    asked = re.compile(r"(?:channel|source)\w*\s*(?:==|!=|in\b)\s*[(\[]?[\"']")

    found = [path.name for path in TEMPLATES if asked.search(path.read_text(encoding="utf-8"))]

    assert TEMPLATES
    assert found == []


def at_home(file: str) -> set[str]:
    """Return the channels whose home a file is."""
    folder = re.match(r"intake/channels/(\w+)/", file)
    desks = {name for desk, name in DESKS.items() if file.startswith(desk)}
    return desks | ({folder[1]} if folder else set())


def channels_in(code: str) -> set[str]:
    """Name the channels that a module names: as a literal, in SQL, or by importing."""
    modules: set[str] = set()
    texts: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Constant(value=str(text)):
                texts.add(text)
            case ast.Import(names=aliases):
                modules.update(alias.name for alias in aliases)
            case ast.ImportFrom(module=str(module), names=aliases):
                modules.update(f"{module}.{alias.name}" for alias in aliases)
    return {
        name
        for name in names()
        if name in texts
        or any(f"'{name}'" in text or f"intake.channels.{name}." in text for text in texts)
        or any(f"{module}.".startswith(f"intake.channels.{name}.") for module in modules)
    }


def test_the_tests_stand_in_the_rooms_of_what_they_test() -> None:
    folders = {
        path.parent.relative_to(ROOT / "tests")
        for house in ("core", "intake", "notifier")
        for path in (ROOT / "tests" / house).rglob("*.py")
    }

    assert [str(folder) for folder in sorted(folders) if not (ROOT / folder).is_dir()] == []


def test_no_two_classes_of_the_core_share_a_name() -> None:
    named = Counter(
        found
        for file in (ROOT / "core").rglob("*.py")
        for found in re.findall(
            r"^class ([A-Z]\w*)", file.read_text(encoding="utf-8"), re.MULTILINE
        )
    )

    assert [name for name, times in named.items() if times > 1] == []


def test_every_channel_has_a_sign_that_can_be_drawn() -> None:
    drawn = (ROOT / "templates" / "icons.html").read_text(encoding="utf-8")

    for name in names():
        sign = import_module(f"intake.channels.{name}").FACTS.sign
        assert f'"{sign}":' in drawn, f"{name}: templates/icons.html has no {sign}"


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


@pytest.mark.parametrize("name", main.list_commands(click.Context(main)))
def test_every_command_teaches_its_use(name: str) -> None:
    command = main.get_command(click.Context(main), name)

    assert command is not None
    assert command.name == name
    assert command.help
    assert command.short_help or len(command.get_short_help_str()) < 80
