"""Reads a file of SQL: PostgreSQL's driver takes one statement at a time."""

from collections.abc import Iterator
from pathlib import Path


def statements(file: Path) -> Iterator[str]:
    """Yield each statement. One ends with a line that ends in `;`, outside a `$$` body."""
    statement, inside = "", False
    for line in file.read_text(encoding="utf-8").splitlines(keepends=True):
        statement += line
        inside ^= line.count("$$") % 2 == 1
        if line.rstrip().endswith(";") and not inside:
            yield statement.strip()
            statement = ""
