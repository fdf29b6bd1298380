import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.dialogue import phones
from intake.dialogue.numbers import asks_about, looks_like_code, ticket_number
from intake.dialogue.spelling import plain
from tests.intake.dialogue.world import UNITS


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("IGD", ["igd"]),
        ("ugd", ["igd"]),
        ("igd-01", ["igd"]),
        ("poli gigi", ["gigi"]),
        ("poli giigi", ["gigi"]),
        ("dental clinic", ["gigi"]),
        ("apotik", ["far"]),
        ("di farmasi lantai 1", ["far"]),
        ("melati", ["melati"]),
        ("ruang", ["mawar", "melati"]),
        ("poli", ["gigi", "mata"]),
        ("gedung parkir", []),
        ("", []),
        ("saya menunggu di depan farmasi dari pagi sampai sore hari", []),
    ],
)
def test_a_unit_is_found_by_what_people_call_it(typed: str, found: list[str]) -> None:
    assert sorted(unit.id for unit in UNITS.find(typed)) == found


def test_a_poster_code_is_read_however_it_is_spaced() -> None:
    for typed in ("IGD-01", "igd01", " igd 01 "):
        unit = UNITS.by_code(typed)
        assert unit
        assert unit.id == "igd"
    assert UNITS.by_code("") is None
    assert UNITS.by_code("kode") is None


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("TKT-20261124-0001", ("TKT-20261124-0001", "")),
        ("cek status: tkt 20261124 00012?", ("TKT-20261124-00012", "")),
        ("TKT20261124-0001 kode AB12", ("TKT-20261124-0001", "kode AB12")),
        ("kenapa TKT-20261124-0001 belum dijawab", None),
        ("TKT-1", None),
    ],
)
def test_a_ticket_number_is_read_as_typed(typed: str, asked: tuple[str, str] | None) -> None:
    assert asks_about(typed) == asked


def test_a_number_inside_a_text_is_found() -> None:
    assert ticket_number("kenapa tkt-20261124-0001 lama") == "TKT-20261124-0001"
    assert ticket_number("nomor 20261124") is None


@pytest.mark.parametrize(
    ("typed", "attempt"),
    [
        ("1234-567U-1234-567", True),
        ("12AB 34CD 56EF 78G", True),
        ("AC mati 3 hari di 204", False),
        ("kamar 203 lantai 2", False),
        ("pelayanan lambat", False),
    ],
)
def test_an_attempt_at_a_code_is_told_from_words(typed: str, attempt: bool) -> None:
    assert looks_like_code(typed) is attempt


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("0812 0000 0001", "+6281200000001"),
        ("+62 812-0000-0001", "+6281200000001"),
        ("62 812 0000 0001", "+6281200000001"),
        ("12", None),
        ("nomor saya", None),
        ("0" * 50, None),
    ],
)
def test_a_phone_number_is_read_as_typed(typed: str, read: str | None) -> None:
    assert phones.read(typed) == read


@given(st.text(max_size=80))
def test_any_text_can_be_looked_at(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert len(UNITS.find(text)) <= len(UNITS.all)
    assert phones.read(text) is None or phones.read(text).startswith("+")  # type: ignore[union-attr]  # just checked
