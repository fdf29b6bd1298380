"""Text from outside, whatever it is."""

from hypothesis import given
from hypothesis import strategies as st

from core.ground import text

anything = st.text(st.characters(), max_size=300) | st.text(max_size=300)


@given(anything)
def test_clean_text_can_be_stored_and_is_left_alone_the_second_time(raw: str) -> None:
    cleaned = text.clean(raw)

    cleaned.encode()
    assert "\0" not in cleaned
    assert text.clean(cleaned) == cleaned


@given(anything, st.integers(min_value=2, max_value=100))
def test_shortened_text_fits(raw: str, limit: int) -> None:
    assert len(text.shorten(raw, limit)) <= limit
    assert len(text.first_words(raw, limit)) <= limit
