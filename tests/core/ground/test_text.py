"""Text from outside, whatever it is."""

import time
import unicodedata

import pytest
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


@given(st.text(st.characters(), max_size=64))
def test_clean_text_is_composed(raw: str) -> None:
    assert unicodedata.is_normalized("NFC", text.clean(raw))


@pytest.mark.parametrize("marks", ["\u0301\u0316", "\u0316\u0301", "\u0334\u0f39\u0301"])
def test_a_million_marks_on_one_letter_take_no_longer_than_a_million_letters(marks: str) -> None:
    began = time.process_time()

    text.clean("a" + marks * (1_000_000 // len(marks)))

    assert time.process_time() - began < 1.0
