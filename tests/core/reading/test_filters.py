"""What somebody wants to see, whatever they asked for."""

from hypothesis import given
from hypothesis import strategies as st

from core.reading.filters import LONGEST_WORDS, Wanted
from core.tickets.lifecycle import Status


@given(st.dictionaries(st.sampled_from(["queue", "unit", "status", "grade", "words"]), st.text()))
def test_what_is_wanted_is_clean_whatever_was_asked(given_: dict[str, str]) -> None:
    wanted = Wanted.read(dict(given_))

    assert not wanted.status or wanted.status in set(Status)
    assert len(wanted.words) <= LONGEST_WORDS
    assert "words" not in wanted.facts()
    assert Wanted.read(dict(wanted.facts(words=True))) == wanted
