from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.deadlines.by_grade import LIMIT_HOURS, by_grade
from core.deadlines.promise import LONGEST_HOURS, Promise, promise
from core.hospital.directory import CategoryEntry, UnitEntry
from tests.builders import MONDAY
from tests.core.example import hospital


def promised(
    unit_hours: int | None = None,
    category_hours: int | None = None,
    *,
    language: str = "id",
    categorised: bool = True,
) -> Promise:
    unit = UnitEntry(id=uuid4(), code="M", name="Ruang Melati", sla_hours=unit_hours)
    category = CategoryEntry(id=uuid4(), code="FAC", name="Fasilitas", sla_hours=category_hours)
    return promise(
        MONDAY,
        unit=unit,
        category=category if categorised else None,
        hospital=hospital(languages=(language,)),
    )


def test_hours_beyond_a_year_refuse_no_report() -> None:
    assert promised(999_999_999).due_at == MONDAY + timedelta(hours=LONGEST_HOURS)


@pytest.mark.parametrize(
    ("unit_hours", "category_hours", "hours", "indonesian", "english"),
    [
        (None, None, 72, "ketentuan umum rumah sakit", "the hospital's general rule"),
        (12, None, 12, "ketentuan Ruang Melati", "the rule of Ruang Melati"),
        (None, 24, 24, "ketentuan kategori Fasilitas", "the rule for Fasilitas"),
        (240, 24, 24, "ketentuan kategori Fasilitas", "the rule for Fasilitas"),
        (12, 24, 12, "ketentuan Ruang Melati", "the rule of Ruang Melati"),
        (100, None, 100, "ketentuan Ruang Melati", "the rule of Ruang Melati"),
    ],
)
def test_the_strictest_hours_are_promised_and_explained(
    unit_hours: int | None, category_hours: int | None, hours: int, indonesian: str, english: str
) -> None:
    made = promised(unit_hours, category_hours)
    in_english = promised(unit_hours, category_hours, language="en")

    assert (made.due_at, made.hours) == (MONDAY + timedelta(hours=hours), hours)
    assert made.reason == f"{hours} jam: {indonesian}."
    assert in_english.reason == f"{hours} hours: {english}."


def test_without_a_category_the_unit_promises() -> None:
    assert promised(12, categorised=False).reason == "12 jam: ketentuan Ruang Melati."
    assert promised(categorised=False).reason == "72 jam: ketentuan umum rumah sakit."


def test_a_promise_in_a_language_without_sentences_is_explained_in_indonesian() -> None:
    assert promised(language="jv").reason == "72 jam: ketentuan umum rumah sakit."
    assert by_grade(MONDAY, 72, "red", "jv").reason == "24 jam: risiko merah."


@pytest.mark.parametrize(
    ("grade", "hours", "indonesian", "english"),
    [
        ("red", 24, "risiko merah", "risk is red"),
        ("yellow", 72, "risiko kuning", "risk is yellow"),
        ("green", 168, "risiko hijau", "risk is green"),
    ],
)
def test_a_grade_shortens_a_longer_promise(
    grade: str, hours: int, indonesian: str, english: str
) -> None:
    made = by_grade(MONDAY, hours + 1, grade, "id")

    assert (made.due_at, made.hours) == (MONDAY + timedelta(hours=hours), hours)
    assert made.reason == f"{hours} jam: {indonesian}."
    assert by_grade(MONDAY, hours + 1, grade, "en").reason == f"{hours} hours: {english}."


@pytest.mark.parametrize("grade", LIMIT_HOURS)
def test_a_promise_within_the_limit_stands_as_it_was_made(grade: str) -> None:
    made = by_grade(MONDAY, LIMIT_HOURS[grade], grade, "id")

    assert made.reason == f"{LIMIT_HOURS[grade]} jam: janji saat laporan diterima."
    assert by_grade(MONDAY, 12, grade, "en").reason == "12 hours: as promised on arrival."


@given(st.integers(1, 1_000), st.sampled_from(list(LIMIT_HOURS)))
def test_a_grade_never_lengthens_a_promise(hours: int, grade: str) -> None:
    made = by_grade(MONDAY, hours, grade, "id")

    assert made.hours == min(hours, LIMIT_HOURS[grade])
    assert made.due_at == MONDAY + timedelta(hours=made.hours)
