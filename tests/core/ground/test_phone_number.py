"""Telephone numbers: read as people type them, shown as they dial them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ground.phone_number import read, shown


@pytest.mark.parametrize(
    "typed", ["0812 0000 0001", "(0812) 0000-0001", "+62 812-0000-0001", " 081200000001 "]
)
def test_one_number_however_it_is_typed(typed: str) -> None:
    assert read(typed) == "+6281200000001"


@pytest.mark.parametrize("typed", ["", "Sari", "119", "0" * 41, "+99 1"])
def test_what_is_no_number(typed: str) -> None:
    assert read(typed) is None


def test_another_region_reads_its_own() -> None:
    assert read("2025550123", "US") == "+12025550123"
    assert shown("+12025550123", "US") == "(202) 555-0123"


def test_ours_are_shown_as_dialled_and_foreign_ones_in_full() -> None:
    assert shown("+6281200000001") == "0812-0000-0001"
    assert shown("+12025550123") == "+1 202-555-0123"
    assert shown("nomor kantor") == "nomor kantor"


@given(st.text(max_size=60))
def test_nothing_typed_breaks_it_and_what_is_read_stays(typed: str) -> None:
    number = read(typed)

    assert isinstance(shown(typed), str)
    assert number is None or read(number) == number
