import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from intake.dialogue.machine import SCREENS
from intake.dialogue.state import Added, Draft, File, Pace, Said, State, Survey, dump, load

KNOWN = frozenset(SCREENS)
SAID = Said(text="kursi patah", message="m1", file=File(ref="f1", kind="photo"))
NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
FULL = State(
    at="REVIEW",
    lang="en",
    draft=Draft(draft_id="d1", unit="gigi", said=(SAID,), touched=NOON),
    survey=Survey(survey_id="s", answers={"waktu": 3}),
    held=(SAID,),
    pace=Pace(count=3),
    version=7,
)  # fmt: skip

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=9,
)  # fmt: skip


def test_a_state_comes_back_from_json_as_it_was() -> None:
    stored = json.loads(json.dumps(dump(FULL)))

    assert stored["form"] == 2
    assert load(stored, KNOWN) == FULL


def test_unknown_and_missing_fields_do_no_harm() -> None:
    stored = {"form": 9, "at": "DESC", "mood": "good", "draft": {"draft_id": "d", "colour": 1}}

    state = load(stored, KNOWN)

    assert (state.at, state.lang, state.draft) == ("DESC", "id", Draft(draft_id="d"))


def test_a_screen_that_is_gone_leaves_the_draft_to_be_resumed() -> None:
    state = load({**dump(FULL), "at": "OLD_SCREEN", "back": "ALSO_OLD"}, KNOWN)

    assert (state.at, state.back, state.draft) == ("IDLE", None, FULL.draft)


def test_a_broken_field_costs_only_itself() -> None:
    state = load({**dump(FULL), "version": "many", "held": 4}, KNOWN)

    assert (state.lang, state.draft, state.held, state.version) == ("en", FULL.draft, (), 0)


def test_a_broken_draft_still_gives_its_words() -> None:
    stored = dump(FULL)
    stored["draft"] = {"draft_id": "d1", "urgent": "very", "said": [dump(FULL)["held"][0], 7]}

    state = load(stored, KNOWN)

    assert state.draft == Draft(draft_id="d1", said=(SAID,))
    assert state.at == "IDLE"


def test_words_copied_to_a_ticket_by_form_1_can_still_be_moved() -> None:
    stored = {"form": 1, "at": "IDLE", "ticket": "TKT-1", "copied": [dump(FULL)["held"][0]]}

    state = load(stored, KNOWN)

    assert state.added == (Added(run=1, ticket="TKT-1", said=(SAID,)),)


@given(json_values | st.fixed_dictionaries({}, optional=dict.fromkeys(dump(FULL), json_values)))
def test_anything_stored_can_be_loaded(stored: object) -> None:
    state = load(stored, KNOWN)

    assert state.at in KNOWN
    assert load(json.loads(json.dumps(dump(state))), KNOWN) == state
