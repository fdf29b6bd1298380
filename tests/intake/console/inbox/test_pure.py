from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reading.cursor import Cursor
from core.reading.filters import LONGEST_WORDS, Wanted
from core.reading.search import number_of
from core.tickets.lifecycle import Status
from intake.console.inbox.queues import urgency

MOMENTS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=80_000)).map(
    lambda span: datetime(1970, 1, 2, tzinfo=UTC) + span
)


@given(MOMENTS, st.uuids())
def test_a_cursor_reads_what_it_wrote(at: datetime, row: UUID) -> None:
    assert Cursor.read(str(Cursor(at, row))) == Cursor(at, row)


@given(st.text())
def test_any_text_is_a_cursor_or_none(text: str) -> None:
    read = Cursor.read(text)

    assert read is None or str(read).startswith(text.partition("-")[0].lstrip("0"))


def test_a_cursor_beyond_time_is_none() -> None:
    assert Cursor.read("99999999999999999999-" + "0" * 32) is None
    assert Cursor.read("99999999999999999-" + "0" * 32) is not None


@given(st.dictionaries(st.sampled_from(["queue", "unit", "status", "grade", "words"]), st.text()))
def test_what_is_wanted_is_clean_whatever_was_asked(given_: dict[str, str]) -> None:
    wanted = Wanted.read(dict(given_))

    assert not wanted.status or wanted.status in set(Status)
    assert len(wanted.words) <= LONGEST_WORDS
    assert "words" not in wanted.facts()
    assert Wanted.read(dict(wanted.facts(words=True))) == wanted


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


@pytest.mark.parametrize(
    ("hours", "owed", "says"),
    [
        (9, True, "calm"),
        (8, True, "soon"),
        (0, True, "soon"),
        (-1, True, "late"),
        (-1, False, "over"),
    ],
)
def test_a_clock_turns_amber_within_a_shift_and_then_red(hours: int, owed: bool, says: str) -> None:
    now = datetime(2026, 11, 23, 3, tzinfo=UTC)

    assert urgency(now + timedelta(hours=hours), now, owed=owed) == says
