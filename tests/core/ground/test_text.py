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


NOTHING = (
    "",
    " \t\r\n\u00a0\u3000\u2028",
    "\u200b\u200b",  # zero-width spaces
    "\u200c\u200d\u2060\ufeff",  # joiners, word joiner, byte order mark
    "\ufe0f\ufe0e\U000e0100",  # variation selectors
    "\u3164\uffa0\u115f\u1160",  # Hangul fillers
    "\u2800\u2800",  # empty braille cells
    "\u0301\u0316\u20dd",  # marks on no letter
    "\u202e\u2066\u2069\u061c",  # directions
    "\u00ad\u034f\u180e",  # soft hyphen, grapheme joiner, Mongolian vowel separator
    "\U000e0041\U000e007f",  # tags
    "\x00\x1b\x7f\x85",
    "\ud800\udfff",
    "\ue000\U000f0000",  # whatever somebody's own font shows
    "\ufffe\U0001ffff\u2065",
    "\ufffd\ufffc",
)


@pytest.mark.parametrize("nothing", NOTHING)
def test_what_nobody_sees_is_not_readable_raw_or_cleaned(nothing: str) -> None:
    assert not text.is_readable(nothing)
    assert not text.is_readable(text.clean(nothing))
    assert text.is_readable(f"{nothing}ا")


@pytest.mark.parametrize(
    "something",
    [
        "a",
        "7",
        "?",
        "…",
        "😡",
        "❤\ufe0f",
        "👨\u200d👩\u200d👧",
        "#\ufe0f\u20e3",
        "🏿",
        "ꦲ",
        "가",
        "\U0001fadf",
    ],
)
def test_a_letter_a_sign_or_an_emoji_alone_is_readable(something: str) -> None:
    assert text.is_readable(something)


@given(anything)
def test_what_can_be_read_before_cleaning_can_be_read_after(raw: str) -> None:
    assert text.is_readable(text.clean(raw)) == text.is_readable(raw)
