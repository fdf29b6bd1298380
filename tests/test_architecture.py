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
    "core/administration/moving_in.py": ("email phone", "columns of accounts"),
    "core/calls/call.py": ("phone", "a way in which people reach the telephone desk"),
    "core/calls/facts.py": ("email", "a fact by which a caller is known"),
    "core/ground/rate_limits.py": ("telegram", "the name of a limit, in the table of all limits"),
    "core/hospital/contact.py": ("email phone", "kinds of address, which channels say they take"),
    "core/reading/command_line/case.py": ("email phone", "fields of what `kiss tickets` prints"),
    "core/tickets/filing.py": ("email phone", "parameters of the statement"),
    "core/tickets/preparation.py": ("email phone", "the same fields, made fit"),
    "core/tickets/submission.py": ("email phone", "fields of the person who reports"),
    "core/tickets/told_again.py": ("email phone", "the same fields, compared"),
    "intake/channels/web/report_form.py": ("email phone", "fields of the form"),
    "intake/channels/web/static_pages.py": ("email", "a field of the form"),
    "intake/cli.py": ("web", "`kiss web`"),
    "intake/commands/checks/running.py": ("web", "`kiss web`"),
    "intake/commands/processes.py": ("web", "`kiss web`"),
    "intake/commands/running.py": ("web", "`kiss web`"),
    "intake/console/phone/earlier_report.py": ("email", "a field of the form"),
    "intake/console/admin/people.py": ("email", "a field of the form"),
    "intake/console/admin/units.py": ("email phone", "fields of the form"),
    "intake/console/frame.py": ("phone", "an icon"),
    "intake/console/ticket/history.py": ("email phone", "fields that a repeat has changed"),
    "intake/console/ticket/destination.py": ("phone", "an icon"),
    "intake/limit_words.py": ("telegram", "the name of a limit, as the table has it"),
    "intake/hospital/check.py": ("email", "a field of the hospital's file"),
}
"""Literals that read like a channel's name and mean something else: which, and what. Whoever
needs another row here is probably about to name a channel; let the channel declare it instead
(`intake/channel_facts.py`)."""
TIME = re.compile(
    r"(?<![.\w])(now|(clock|statement|transaction)_timestamp|timeofday) ?\(\)"
    r"|\b(current_(date|time|timestamp)|localtime(stamp)?)\b|'(now|today)'",
    re.IGNORECASE,
)
"""How a statement of SQL asks for the time."""
LONGEST = 300
"""Lines: what is longer holds more than one noun."""
ITS_OWN_DATABASE = ("intake/embedded/", "intake/commands/migrate.py")
"""What looks after the server itself, and the one command that changes the schema."""
HELD_IN_CORE = frozenset(
    {"transaction", "borrowed", "bare_connection", "AsyncSession", "pool", "engine"}
)
"""Names of what only core holds: a transaction, a connection, and where both come from."""
HANDS_OUT = frozenset({"case", "changing"})
"""Parts of core's verbs that hand out a session within their transaction: no door calls them."""
DRIVERS = frozenset({"sqlalchemy", "asyncpg"})
SQL = re.compile(
    r"^\s*SELECT\b|\bSELECT\b.*\bFROM\b|\bINSERT INTO\b|\bUPDATE\b.*\bSET\b|\bDELETE FROM\b"
    r"|\bWITH\b.*\bAS (?:NOT )?(?:MATERIALIZED )?\(|\bTRUNCATE\s+\w"
    r"|\b(?:ALTER|CREATE|DROP)\s+(?:TABLE|SEQUENCE|INDEX|VIEW|FUNCTION|TRIGGER|TYPE|ROLE|SCHEMA)\b",
    re.DOTALL,
)
"""Statements as they are written here: in capitals."""


def test_no_statement_asks_the_database_for_the_time() -> None:
    statements = [path for source in SOURCES for path in source.parent.glob("*.sql")]
    asking = {
        path.relative_to(ROOT).as_posix()
        for path in {*SOURCES, *statements}
        for code in [path.read_text(encoding="utf-8")]
        if any(TIME.search(text) for text in (texts_of(code) if path.suffix == ".py" else {code}))
    }

    assert asking == {"core/ground/following.py"}


@pytest.mark.parametrize(
    ("statement", "asks"),
    [
        ("UPDATE deliveries SET sent_at = now()", True),
        ("SELECT id FROM deliveries WHERE sent_at < CURRENT_TIMESTAMP", True),
        ("VALUES ($1, clock_timestamp ())", True),
        ("WHERE day = current_date AND at < $1", True),
        ("WHERE at < 'now'::timestamptz", True),
        ("UPDATE deliveries SET sent_at = :now, error = 'known now'", False),
    ],
)
def test_a_statement_that_asks_for_the_time_is_found(statement: str, asks: bool) -> None:
    [text] = texts_of(f'_ASK = f"""\n{statement}\n"""\nasked = now()')

    assert bool(TIME.search(text)) is asks


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
    texts = texts_of(code)
    for node in ast.walk(ast.parse(code)):
        match node:
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


def texts_of(code: str) -> set[str]:
    """Return the literals of a module."""
    return {
        node.value
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
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


def test_doors_know_no_sql_and_hold_no_transaction() -> None:
    doors = {path.relative_to(ROOT).as_posix(): path for path in (ROOT / "intake").rglob("*.py")}

    told = {
        file: found
        for file, path in doors.items()
        if not file.startswith(ITS_OWN_DATABASE)
        if (found := database_in(path.read_text(encoding="utf-8")))
    }

    assert told == {}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import asyncpg", "asyncpg"),
        ("from sqlalchemy.exc import IntegrityError", "sqlalchemy"),
        ("import sqlalchemy.ext.asyncio as sa", "sqlalchemy"),
        ("from core.ground.database import transaction", "transaction"),
        ("from core.ground.database import borrowed as lent", "borrowed"),
        ("async def read(session: AsyncSession): ...", "AsyncSession"),
        ("def read(session: 'AsyncSession'): ...", "AsyncSession"),
        ("from core.ground import database\ndatabase.transaction(it)", "transaction"),
        ("runtime.database.pool.acquire()", "pool"),
        ("runtime.database.engine", "engine"),
        ("runtime.database.sessions.begin()", "sessions"),
        ("async def f():\n async with casework.case(ticket_id) as case: ...", "case"),
        ("from core.administration.changing import changing", "changing"),
        ("Q = 'SELECT clock_timestamp()'", "SQL"),
        ("Q = 'WITH due AS MATERIALIZED (' 'x)'", "SQL"),
        ("Q = f'INSERT INTO {table} VALUES (1)'", "SQL"),
        ("Q = f'UPDATE {table} SET a = 1'", "SQL"),
        ("Q = f'SELECT a FROM {table}'", "SQL"),
        ("Q = 'DELETE FROM tickets'", "SQL"),
        ("Q = 'TRUNCATE tickets'", "SQL"),
        ("Q = 'ALTER SEQUENCE n RESTART'", "SQL"),
    ],
)
def test_a_door_that_knows_the_database_is_found(code: str, found: str) -> None:
    assert database_in(code) == {found}


@pytest.mark.parametrize(
    "code",
    [
        "S = 'Please select where it came FROM: UPDATE it there.'",
        "from core.ground.database import Database, DatabaseAwayError",
        "opened.case.ticket.id",
        "self.listener.sessions.add(self)",
        "await OwnAccount(runtime).sessions(account, limits)",
    ],
)
def test_words_that_only_sound_like_a_database_are_let_be(code: str) -> None:
    assert database_in(code) == set()


def database_in(code: str) -> set[str]:
    """Say what a module knows of the database: drivers, what only core holds, `SQL`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Import(names=aliases):
                found |= {alias.name.partition(".")[0] for alias in aliases} & DRIVERS
            case ast.ImportFrom(module=str(module), names=aliases):
                found |= {module.partition(".")[0]} & DRIVERS
                found |= {alias.name for alias in aliases} & (HELD_IN_CORE | {"changing"})
            case ast.Name(id=name) if name in HELD_IN_CORE:
                found.add(name)
            case ast.Attribute(attr="sessions", value=ast.Attribute(attr="database")):
                found.add("sessions")
            case ast.Attribute(attr=name) if name in HELD_IN_CORE:
                found.add(name)
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in HANDS_OUT:
                found.add(name)
            case ast.JoinedStr():
                found |= {"SQL"} if SQL.search(ast.unparse(node)[2:-1]) else set()
            case ast.Constant(value=str(text)):
                found |= {"SQL"} if SQL.search(text) else set()
                found |= {text} & {"AsyncSession"}
    return found
