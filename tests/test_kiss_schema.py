"""What ADR 4 says of the database is true of it, row by row."""

import re
from typing import NamedTuple

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from core.ground.database import alchemy_url
from migrations.catalogue import catalogue
from tests.root import ROOT

PAGE = ROOT / "docs" / "adr" / "0004-where-we-differ-from-the-kiss-schema.md"


class Row(NamedTuple):
    """One difference."""

    seed: str
    here: str
    reason: str

    @property
    def facts(self) -> list[str]:
        return re.findall(r"`([^`]+)`", self.here)


def rows() -> list[Row]:
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    return [Row(*(cell.strip() for cell in line.strip("|").split(" | "))) for line in lines[1:]]


def false(facts: list[str], lines: tuple[str, ...]) -> list[str]:
    """Return the facts that the catalogue of a database contradicts."""
    return [fact for fact in facts if not _is_true(fact, lines)]


def _is_true(fact: str, lines: tuple[str, ...]) -> bool:
    if fact.startswith("no "):
        return not any(fact.removeprefix("no ") in line for line in lines)
    if fact.startswith("column "):
        return fact in lines
    return any(fact in line for line in lines)


async def test_every_difference_is_in_the_database_as_the_table_says(database_url: str) -> None:
    engine = create_async_engine(alchemy_url(database_url))
    async with engine.connect() as connection:
        lines = await catalogue(connection)
    await engine.dispose()

    found = rows()

    assert len(found) > 15
    assert all(row.facts and row.seed and row.reason for row in found)
    assert {row.seed: wrong for row in found if (wrong := false(row.facts, lines))} == {}


@pytest.mark.parametrize(
    "fact",
    ["no idx_a", "column t.a text not null", "column t.a", "chk_t_other", "CHECK ((a > 1))"],
)
def test_a_difference_that_is_not_so_is_named(fact: str) -> None:
    lines = ("column t.a text", "constraint t.chk_t_a CHECK ((a > 0))", "index idx_a ON t (a)")

    assert false([fact], lines) == [fact]
