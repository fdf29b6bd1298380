"""What a phrase finds, and that it finds what a regular expression of the same meaning finds."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.triage.phrases import Found, Phrases


def places(phrase: str, sentence: str) -> set[tuple[int, int]]:
    return {(one.start, one.end) for one in Phrases([[phrase]]).find(sentence.split())}


@pytest.mark.parametrize(
    ("phrase", "sentence", "found"),
    [
        ("tidak sadar", "ibu tidak sadar lagi", {(1, 3)}),
        ("tidak sadar", "tidak pernah sadar", set()),
        ("sadar*", "sadarkan diri", {(0, 1)}),
        ("*sadar", "tersadar", {(0, 1)}),
        ("(tidak|belum) sadar", "belum sadar", {(0, 2)}),
        ("(teu|tidak pernah) sadar", "tidak pernah sadar", {(0, 3)}),
        ("capek (banget )?hidup", "capek hidup", {(0, 2)}),
        ("capek (banget )?hidup", "capek banget hidup", {(0, 3)}),
        ("napas .. berhenti", "napas nya tiba tiba berhenti", {(0, 5)}),
        ("napas .. berhenti", "napas nya tiba tiba sudah berhenti", set()),
        ("napas ... berhenti", "napas nya tiba tiba sudah berhenti", {(0, 6)}),
        ("saturasi .. [4-8][0-9]", "saturasi di alat 78", {(0, 4)}),
        ("saturasi .. [4-8][0-9]", "saturasi 98", set()),
        ("[1-9][0-9]+ butir", "menelan 30 butir", {(1, 3)}),
        ("[1-9][0-9]+ butir", "menelan 3 butir", set()),
        ("(a|b (c|d)) e", "b d e", {(0, 3)}),
        ("api", "api api", {(0, 1), (1, 2)}),
        ("a .. b c", "a b b c", {(0, 4)}),
    ],
)
def test_a_phrase_stands_where_its_words_do(
    phrase: str, sentence: str, found: set[tuple[int, int]]
) -> None:
    assert places(phrase, sentence) == found


def test_every_group_is_told_by_its_place() -> None:
    phrases = Phrases([["napas"], ["berhenti", "napas berhenti"]])

    found = set(phrases.find(["napas", "berhenti"]))

    assert found == {Found(0, 0, 1), Found(1, 1, 2), Found(1, 0, 2)}


WORDS = st.sampled_from(["a", "b", "ab", "c"])


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["", "..", "..."]), st.sets(WORDS, min_size=1)), min_size=1
    ),
    sentence=st.lists(WORDS, max_size=12),
)
def test_it_finds_something_just_where_an_expression_does(
    steps: list[tuple[str, set[str]]], sentence: list[str]
) -> None:
    phrase = " ".join(f"{gap} ({'|'.join(sorted(words))})" for gap, words in steps)
    between = {"": "", "..": r"(?:\S+ ){0,3}", "...": r"(?:\S+ ){0,7}"}
    form = "".join(
        f"{between[gap] if number else ''}(?:{'|'.join(sorted(words))}) "
        for number, (gap, words) in enumerate(steps)
    )
    stands = re.search(f"(?:^| ){form}", "".join(f"{word} " for word in sentence))

    found = places(phrase.removeprefix(f"{steps[0][0]} "), " ".join(sentence))

    assert bool(found) == bool(stands)
