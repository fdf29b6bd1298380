"""Invented messages of danger and near-misses: what the screen finds in them, language by language.

They were written without a look at the rules. The bounds are what was measured: a change of the
rules may find more, or alarm less, and never the other way round without a word about it here.
"""

import pytest

from tools.danger import LANGUAGES, ORDINARY, Message, Share, main, messages

BOUNDS = {
    # at least so much of the danger, at most so many near-misses, and so many ordinary ones
    "id": (0.336, 0.105, 0.0),
    "en": (0.094, 0.072, 0.003),
    "jv": (0.197, 0.101, 0.008),
    "su": (0.205, 0.069, 0.0),
    "mix": (0.384, 0.095, 0.0),
}


def part(said: list[Message], *, danger: bool, ordinary: bool = False) -> float:
    chosen = [one for one in said if one.danger == danger and (one.kind == ORDINARY) == ordinary]
    return round(Share.alarms(chosen).part, 3)


def test_they_are_told_apart_and_each_says_something_else() -> None:
    said = [one for language in LANGUAGES for one in messages(language)]

    assert len({one.id for one in said}) == len({one.text for one in said}) == len(said)
    assert {one.danger for one in said if one.kind == ORDINARY} == {False}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_screen_finds_what_it_found_and_alarms_no_oftener(language: str) -> None:
    said = messages(language)
    found, near, ordinary = BOUNDS[language]

    assert part(said, danger=True) >= found
    assert part(said, danger=False) <= near
    assert part(said, danger=False, ordinary=True) <= ordinary


def test_the_table_has_a_row_for_every_kind(capsys: pytest.CaptureFixture[str]) -> None:
    main("missed")

    written = capsys.readouterr().out
    assert written.count("| id | ") == len({one.kind for one in messages("id")}) - 1
    assert "missed: " in written
    assert "false: " in written
