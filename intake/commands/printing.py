"""How commands speak: columns for eyes, JSON for scripts."""

import dataclasses
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import click

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
"""The option of every command whose answer a script might want."""


def print_json(value: object) -> None:
    """Print one value: dataclasses as objects, moments in ISO 8601."""
    click.echo(json.dumps(value, default=_plain, ensure_ascii=False, indent=2))


def print_table(head: Sequence[str], rows: Iterable[Sequence[object]], empty: str) -> None:
    """Print rows in columns, as wide as they need; one sentence where there is none."""
    lines = [[str(cell if cell is not None else "-") for cell in row] for row in rows]
    if not lines:
        click.echo(empty)
        return
    widths = [max(map(len, column)) for column in zip(head, *lines, strict=True)]
    click.secho(_line(head, widths), bold=True)
    for line in lines:
        click.echo(_line(line, widths))


def print_facts(facts: Iterable[tuple[str, object]]) -> None:
    """Print names and values, one a line, the values under each other; None is left out."""
    shown = [(name, value) for name, value in facts if value not in (None, "")]
    width = max((len(name) for name, _ in shown), default=0)
    for name, value in shown:
        click.echo(f"  {click.style(name.ljust(width), dim=True)}  {value}")


def moment(value: datetime | None, zone: str) -> str:
    """Write a moment in the hospital's zone, to the minute."""
    return value.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M") if value else "-"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _plain(value: object) -> Any:  # noqa: ANN401 - whatever json can write
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | Path):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(type(value).__name__)
