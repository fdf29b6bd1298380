import re
from pathlib import Path

import pytest

from intake.dialogue import wording
from intake.dialogue.machine import SCREENS
from intake.dialogue.replies import Choice, Moment, Say, Term, choices
from intake.dialogue.state import Draft, State, Survey
from intake.dialogue.wording import CatalogueError
from intake.language import LANGUAGES, Language
from tests.intake.dialogue.world import MORNING, facts, ticket

SOURCES = Path(wording.__file__).parent
LONGEST = 350
NUMBER = "TKT-20261124-0001"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_is_longer_than_350_characters(lang: Language) -> None:
    spoken = {
        key: len(sentence)
        for key, sentence in wording.catalogues()[lang].items()
        if not key.startswith("alias.")
    }

    assert {key: length for key, length in spoken.items() if length > LONGEST} == {}
    assert min(spoken.values()) > 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_button_is_longer_than_a_phone_shows(lang: Language) -> None:
    words = wording.catalogues()[lang]

    assert [key for key in words if key.startswith("label.") and len(words[key]) > 24] == []


def test_every_sentence_is_used_and_every_sentence_used_exists() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py"))
    plain = set(re.findall(r'(?:say|spoken)\(\s*"([A-Z_a-z]+)"', source))
    plain |= set(re.findall(r'key="([A-Z_a-z]+)"', source))
    built = ("label.", "alias.", "status.", "skm.", "NEWS_", "DESC_", "SAID_")
    quoted = set(re.findall(r'"([A-Z][A-Za-z_]+)"', source))

    known = set(wording.catalogues()["id"])
    assert plain - known == set()
    assert [key for key in known - quoted if not key.startswith(built)] == []


def questions() -> list[Say]:
    """Ask every question of the conversation, with all there can be to choose from."""
    many = facts(tickets=tuple(ticket(number=f"{NUMBER}{place}") for place in range(4)))
    asked = [
        screen.offered(
            State(at=name, draft=Draft(draft_id="d"), survey=survey, ticket=NUMBER), many
        )
        for name, screen in SCREENS.items()
        for survey in ([Survey(survey_id="s", question=n) for n in range(9)]
                       if name == "SKM" else [None])
    ]  # fmt: skip
    return [say for say in asked if say]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_labels_are_unique_on_every_screen(lang: Language) -> None:
    for say in questions():
        shown = [wording.label(choice, lang) for choice in say.choices if choice.id != "detail"]
        assert len(shown) == len(set(shown)), (say.key, shown)


def test_no_word_means_two_choices_of_one_screen() -> None:
    for say in questions():
        meant: dict[str, str] = {}
        for choice in say.choices:
            for name in wording.names_of(choice):
                other = meant.setdefault(name, f"{choice.id} {choice.about}")
                assert other == f"{choice.id} {choice.about}", (say.key, name)


def test_a_sentence_says_its_facts_in_its_language() -> None:
    say = Say(
        key="STATUS",
        params={
            "no": NUMBER,
            "unit": "{Farmasi}",
            "status": Term("status.open"),
            "since": Moment(MORNING, "Asia/Makassar"),
            "answer": "-",
        },
    )

    assert "Diterima sejak Selasa, 24 November 2026 pukul 11.00 WITA" in wording.text(say, "id")
    assert "Received since Tuesday, 24 November 2026 at 11:00 WITA" in wording.text(say, "en")
    assert "{Farmasi}" in wording.text(say, "id")


def test_choices_can_be_written_as_a_numbered_list() -> None:
    say = Say(key="EDIT", choices=(*choices("type"), Choice(id="unit", text="Poli Gigi")))

    assert wording.numbered(say, "id").endswith("\n1. Jenis\n2. Poli Gigi")


def test_a_missing_fact_or_sentence_is_an_error() -> None:
    with pytest.raises(CatalogueError, match="ADDED needs 'no'"):
        wording.text(Say(key="ADDED"), "id")
    with pytest.raises(CatalogueError, match="no sentence NOWHERE"):
        wording.text(Say(key="NOWHERE"), "id")


def test_catalogues_that_disagree_are_refused() -> None:
    with pytest.raises(CatalogueError, match="only in"):
        wording.checked({"id": {"A": "a", "B": "b"}, "en": {"A": "a"}})
    with pytest.raises(CatalogueError, match="A has other placeholders"):
        wording.checked({"id": {"A": "{no}"}, "en": {"A": "{number}"}})


def test_a_catalogue_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "en" / "chat.po"
    path.parent.mkdir()
    path.write_text('msgid ""\nmsgstr ""\n\nmsgid "A"\nmsgstr "one {b}"\n', encoding="utf-8")

    assert wording.read(path) == {"A": "one {b}"}
