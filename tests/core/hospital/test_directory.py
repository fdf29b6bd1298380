"""The directory as one value."""

from uuid import uuid4

from core.hospital.directory import Directory, UnitEntry
from tests.core.example import DIRECTORY


def test_units_below_include_the_retired_and_end_in_a_circle() -> None:
    top, middle, leaf = (uuid4() for _ in range(3))
    units = {
        top: UnitEntry(id=top, code="A", name="A", parent_id=leaf),
        middle: UnitEntry(id=middle, code="B", name="B", parent_id=top, is_active=False),
        leaf: UnitEntry(id=leaf, code="C", name="C", parent_id=middle),
    }
    tree = Directory(version=1, hospital=DIRECTORY.hospital, units=units)

    assert tree.below(middle) == {top, middle, leaf}


def test_a_typed_code_is_found_in_any_spelling() -> None:
    for typed in ("melati-1", " MELATI 1", "Melati1"):
        assert DIRECTORY.qr_by_code(typed) is not None
    assert DIRECTORY.qr_by_code("OLD-1") is None
    assert DIRECTORY.qr_by_code("") is None
