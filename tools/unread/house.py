"""The house as the finders see it: its sources, its tables and its catalogues."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import cast

from babel.messages.pofile import read_po
from sqlalchemy import CheckConstraint, PrimaryKeyConstraint, UniqueConstraint, inspect
from sqlalchemy import Table as SqlTable

from core.deliveries.state_answer import TEMPLATE as STATE
from core.ground.base import Base
from core.jobs import statements as of_queues
from core.notices.who_hears import TEMPLATES
from core.review.alarm import TEMPLATE as ALARM
from core.review.series import TEMPLATE as SERIES
from core.schema import QUEUES, TABLES
from tools.unread import columns, fields, messages, names, pages, settings, statuses, topics
from tools.unread.rows import Table
from tools.unread.statuses import Vocabulary

ROOT = Path(__file__).resolve().parent.parent.parent
CHANNELS = "intake/channels"
ENUMERATED = {"tickets": "Status"}
"""Tables whose states an enumeration names."""

_STATES = re.compile(r"status IN \((.*)\)")
_NOTICE = ("subject.txt", "txt", "html")


def findings() -> dict[str, set[str]]:
    """Look for everything that is written and not read, kind by kind."""
    code = python("core", "intake", "notifier")
    states = statuses.states(code, statements().values(), vocabularies())
    bell = topics.topics(code)
    migrations = python("migrations")
    modules = {dotted(path): text for path, text in (code | migrations).items()}
    return {
        "columns nothing reads": columns.unread(
            columns.Sources(code, templates(), statements()), tables()
        ),
        "states nothing asks for": set(states.unasked),
        "states nothing writes": set(states.unwritten),
        "settings nothing reads": settings.unread(code, CHANNELS),
        "topics nobody waits for": set(bell.unheard),
        "topics nobody rings": set(bell.unrung),
        "templates nothing renders": pages.unrendered(templates(), code, notices()),
        "templates that are not there": pages.missing(templates(), code, notices()),
        "static files nothing asks for": pages.unserved(assets(), templates()),
        "static files that are not there": pages.missing_assets(assets(), templates()),
        "messages nothing says": messages.unsaid(catalogue(), code, templates()),
        "fields nothing looks at": fields.unread(code, templates()),
        "names nothing uses": {
            name
            for name in names.unused(modules, templates())
            if not name.startswith("migrations.versions.")  # each is run by its revision
        },
    }


@cache
def python(*packages: str) -> dict[str, str]:
    """Read the packages' modules, by their paths."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for package in packages
        for path in sorted((ROOT / package).rglob("*.py"))
    }


@cache
def templates() -> dict[str, str]:
    """Read the templates, by the names they are rendered by."""
    folder = ROOT / "templates"
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.*"))
    }


def statements() -> dict[str, str]:
    """Read the SQL that lies in files, and that which every queue is worked off by."""
    files = {str(path): path.read_text(encoding="utf-8") for path in (ROOT / "core").rglob("*.sql")}
    return files | {
        f"{queue.topic} {name}": queue.sql(text)
        for queue in QUEUES
        for name, text in vars(of_queues).items()
        if name.isupper()
    }


def notices() -> frozenset[str]:
    """Name the templates of notices: of the table of who hears what, and of what stands beside it.

    That is what the review desk tells, and the answer to whoever showed a code.
    """
    named = (*TEMPLATES, ALARM, SERIES, STATE)
    return frozenset(f"notices/{name}.{part}" for name in named for part in _NOTICE)


def assets() -> frozenset[str]:
    """Name the static files."""
    return frozenset(path.name for path in (ROOT / "static").iterdir())


def catalogue() -> set[str]:
    """Return the message ids of every catalogue."""
    found = set[str]()
    for path in (ROOT / "locales").rglob("*.po"):
        with path.open("rb") as file:
            for entry in read_po(file, abort_invalid=True):
                found |= {entry.id} if isinstance(entry.id, str) else set(entry.id[:1])
    return found - {""}


def tables() -> list[Table]:
    """Describe every mapped class."""
    return [
        Table(
            name=_table(mapped).fullname,
            mapped=mapped.__name__,
            columns=frozenset(column.name for column in _table(mapped).columns),
            keys=frozenset(_compared(_table(mapped))),
            relations={
                each.key: each.mapper.class_.__name__ for each in inspect(mapped).relationships
            },
        )
        for mapped in TABLES
    ]


def vocabularies() -> list[Vocabulary]:
    """Read from each table's check which states its rows may be in."""
    return [
        Vocabulary(
            table=_table(mapped).fullname,
            states=frozenset(re.findall(r"'(\w+)'", found[1])),
            classes=frozenset({mapped.__name__, ENUMERATED.get(mapped.__tablename__, "")}),
        )
        for mapped in TABLES
        for check in _table(mapped).constraints
        if isinstance(check, CheckConstraint)
        if (found := _STATES.fullmatch(str(check.sqltext)))
    ]


def dotted(path: str) -> str:
    """Turn a file's path into the name it is imported by."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _table(mapped: type[Base]) -> SqlTable:
    return cast("SqlTable", mapped.__table__)


def _compared(table: SqlTable) -> Iterator[str]:
    """Name the columns that the database itself compares when a row is written."""
    keys = [
        each
        for each in table.constraints
        if isinstance(each, PrimaryKeyConstraint | UniqueConstraint)
    ]
    for each in (*keys, *(index for index in table.indexes if index.unique)):
        yield from (column.name for column in each.columns)
