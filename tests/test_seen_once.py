"""The tables of faults by channel leave no cell open; what they name as tests is there.

That files and tests they name exist, `test_documents.py` asks of every page.
"""

import re

import pytest

from tests.root import ROOT

_ROW = re.compile(r"^\| (.*) \|$", re.MULTILINE)
_SAYS = ("mended", "held", "cannot happen: ", "asked", "as words on the ticket")
PAGES = {"seen-once.md": 150, "nobody-exposed.md": 90}
"""The pages, and how many rows of things tried each has at least."""


@pytest.mark.parametrize("page", PAGES)
def test_every_kind_of_fault_has_a_word_on_every_channel(page: str) -> None:
    head, *rows = tables(page)[0]

    assert len(head) == 8
    assert [row[0] for row in rows if len(row) != len(head)] == []
    assert [cell for row in rows for cell in row[1:] if not cell.startswith(_SAYS)] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_row_says_what_was_tried_and_what_became_of_it(page: str) -> None:
    rows = [row for table in tables(page)[1:] for row in table[1:]]

    assert len(rows) > PAGES[page]
    assert [row for row in rows if len(row) != 6 or not all(row)] == []
    assert [row for row in rows if row[5] == "–" and not is_explained(row)] == []


def is_explained(row: list[str]) -> bool:
    """Tell whether a row without a test says why it needs none, or what is left as it was."""
    return any(word in " ".join(row[2:5]) for word in ("cannot happen", "same"))


def tables(page: str) -> list[list[list[str]]]:
    """Return the tables of the page, each a list of rows of cells."""
    found = []
    for block in (ROOT / "docs" / page).read_text(encoding="utf-8").split("\n\n"):
        cells = [row.split(" | ") for row in _ROW.findall(block)]
        if cells:
            found.append(cells)
    return found
