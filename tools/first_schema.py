"""Writes the classes' tables into the first migration: `python -m tools.first_schema`.

For as long as that migration is not released; afterwards a change of the classes is a new revision.
"""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.schema import (
    CreateIndex,
    CreateSequence,
    CreateTable,
    ExecutableDDLElement,
    SetColumnComment,
    SetTableComment,
)

from core.schema import metadata
from core.tickets.number import number_sequence

FILE = Path(__file__).parent.parent / "migrations" / "versions" / "kiss1_the_first_schema.sql"
BEGIN, END = "-- Tables, by what they refer to\n", "-- Triggers\n"


def elements() -> Iterator[ExecutableDDLElement]:
    """Yield every statement that makes a table, its indexes and its comments."""
    yield CreateSequence(number_sequence)
    for table in metadata().sorted_tables:
        yield CreateTable(table)
        yield from map(CreateIndex, sorted(table.indexes, key=lambda index: str(index.name)))
        yield SetTableComment(table)
        yield from map(SetColumnComment, table.columns)


def main() -> None:
    """Put the statements in the place of those that are there."""
    statements = (str(element.compile(dialect=dialect())).strip() for element in elements())
    made = "".join(f"{tidy(statement)};\n" for statement in statements)
    before, _, rest = FILE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    FILE.write_text(f"{before}{BEGIN}{made}\n{END}{after}", encoding="utf-8")


def tidy(statement: str) -> str:
    """Indent by four, without spaces at the ends of lines; a table stands apart."""
    lines = (line.rstrip().replace("\t", "    ") for line in statement.splitlines())
    told = "\n".join(line for line in lines if line)
    return f"\n{told}" if told.startswith("CREATE TABLE") else told


if __name__ == "__main__":
    main()
