"""A place in a list, written into an address and read again."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from core.reading.cursor import Cursor

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
