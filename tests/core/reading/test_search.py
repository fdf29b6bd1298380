"""Numbers of tickets among the words that are typed; the words themselves: test_queues."""

import pytest

from core.reading.search import number_of


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("TKT-20261123-0001", "TKT-20261123-0001"),
        (" tkt-20261123-0001 ", "TKT-20261123-0001"),
        ("20261123-12345", "TKT-20261123-12345"),
        ("TKT202611230001", "TKT-20261123-0001"),
        ("0812", None),
        ("obat", None),
        ("TKT-20261123-0001 obat", None),
    ],
)
def test_a_number_is_known_however_it_is_typed(typed: str, number: str | None) -> None:
    assert number_of(typed) == number
