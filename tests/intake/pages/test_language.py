"""Words, dates and durations come out as a native reader expects them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.language import (
    LANGUAGES,
    choose,
    duration,
    language_of,
    local_moment,
    ngettext,
    short_moment,
    time_left,
    translate,
)

MOMENT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "language", "expected"),
    [
        ("Asia/Jakarta", "id", "Senin, 23 November 2026 pukul 10.00 WIB"),
        ("Asia/Makassar", "id", "Senin, 23 November 2026 pukul 11.00 WITA"),
        ("Asia/Jayapura", "id", "Senin, 23 November 2026 pukul 12.00 WIT"),
        ("Asia/Jakarta", "en", "Monday, 23 November 2026 at 10:00 WIB"),
        ("UTC", "en", "Monday, 23 November 2026 at 03:00 UTC"),
    ],
)
def test_a_moment_is_written_in_local_words(zone: str, language: str, expected: str) -> None:
    assert expected == local_moment(MOMENT, zone, language)


def test_a_short_moment_keeps_day_and_zone() -> None:
    assert short_moment(MOMENT, "Asia/Jakarta", "id") == "Sen, 23 Nov 2026 10.00 WIB"
    assert short_moment(MOMENT, "Asia/Jakarta", "en") == "Mon, 23 Nov 2026 10:00 WIB"


@pytest.mark.parametrize(
    ("span", "indonesian", "english"),
    [
        (timedelta(), "0 m", "0 m"),
        (timedelta(seconds=59), "0 m", "0 m"),
        (timedelta(minutes=45), "45 m", "45 m"),
        (timedelta(hours=2), "2 j", "2 h"),
        (timedelta(hours=2, minutes=10), "2 j 10 m", "2 h 10 m"),
        (timedelta(days=1), "1 hari", "1 day"),
        (timedelta(days=2), "2 hari", "2 days"),
        (timedelta(days=3, hours=4, minutes=5), "3 hari 4 jam", "3 d 4 h"),
    ],
)
def test_a_span_is_written_in_its_two_largest_units(
    span: timedelta, indonesian: str, english: str
) -> None:
    assert duration(span, "id") == indonesian
    assert duration(span, "en") == english


def test_a_deadline_says_how_it_stands() -> None:
    later = MOMENT + timedelta(hours=2, minutes=10)

    assert time_left(later, MOMENT, "id") == "sisa 2 j 10 m"
    assert time_left(later, MOMENT, "en") == "2 h 10 m left"
    assert time_left(MOMENT, later, "id") == "lewat 2 j 10 m"
    assert time_left(MOMENT, later, "en") == "2 h 10 m overdue"


@pytest.mark.parametrize(
    ("header", "cookie", "explicit", "expected"),
    [
        (None, None, None, "id"),
        ("en-US,en;q=0.9", None, None, "en"),
        ("en;q=0.3, id;q=0.8", None, None, "id"),
        ("in-ID", None, None, "id"),
        ("jv, en;q=0.5", None, None, "id"),
        ("fr, de;q=0.9", None, None, "id"),
        ("en;q=0", None, None, "id"),
        ("en;q=hurry", None, None, "id"),
        ("en", "id", None, "id"),
        ("en", "id", "en", "en"),
        ("en", "xx", "yy", "en"),
    ],
)
def test_the_language_is_asked_for_then_remembered_then_guessed(
    header: str | None, cookie: str | None, explicit: str | None, expected: str
) -> None:
    assert expected == choose(header, cookie, explicit)


@given(st.text(max_size=600))
def test_no_header_breaks_the_choice(header: str) -> None:
    assert choose(header) in LANGUAGES


def test_an_unknown_message_stays_as_it_is() -> None:
    assert translate("id", "A sentence nobody has translated") == "A sentence nobody has translated"
    assert translate("en", "%(span)s left", span="5 m") == "5 m left"
    assert ngettext("en", "%(count)s cat", "%(count)s cats", 1) == "1 cat"
    assert ngettext("id", "%(count)s cat", "%(count)s cats", 3) == "3 cats"


def test_an_unknown_code_reads_indonesian() -> None:
    assert language_of("en") == "en"
    assert language_of(None) == "id"
    assert language_of("EN", default="en") == "en"
