"""Every state ends by itself: what it holds goes where the table says, and nothing is lost."""

import json
from datetime import timedelta
from itertools import product

import pytest

from intake.dialogue import events as happens
from intake.dialogue.effects import AddComment, SaveSurvey
from intake.dialogue.facts import Limits
from intake.dialogue.machine import SCREENS
from intake.dialogue.reports import DRAFTING
from intake.dialogue.state import IDLE, Draft, Said, State, Survey, dump
from tests.intake.dialogue.world import UNITS, World

HELD = Said(text="Ternyata baru datang jam sebelas", message="m8")
DRAFT = Draft(
    draft_id="d1",
    kind="complaint",
    unit="gigi",
    said=(Said(text="Kursi tunggu patah dan tidak diganti", message="m1"),),
)
STANDING = ("open", "resolved", "closed")


def world(at: str, status: str, *, drafts: bool, number: int = 2) -> World:
    """Make a chat that stands there, with everything that the state can hold."""
    made = World()
    for _ in range(number):
        case = made.new_case(UNITS.all[1])
        made.link(case.ticket.number)
        made.change(case.ticket.number, status=status)
    state = State(
        at=at,
        draft=DRAFT if drafts or at in DRAFTING or at == "RESUME" else None,
        survey=Survey(survey_id="s", answers={"waktu": 3}) if at.startswith("SKM") else None,
        held=(HELD,) if at in ("FOLLOWUP_PICK", "RESUME") else (),
        ticket=made.linked[0] if made.linked else None,
        version=7,
    )
    made.stored = json.dumps(dump(state))
    return made


@pytest.mark.parametrize(("at", "status"), [*product(SCREENS, STANDING)])
def test_a_state_that_nobody_answers_is_over_and_holds_nothing(at: str, status: str) -> None:
    left = world(at, status, drafts=False)
    left.happen(happens.Command(name="bahasa"))  # the last thing the person does

    left.wait(timedelta(days=40))

    state = left.state
    assert state.held == ()
    assert state.survey is None
    assert state.draft is None
    assert state.at in (IDLE, "STATUS")
    assert left.timers == {}
    assert len(left.surveys) == at.startswith("SKM")


def test_each_state_names_its_time_and_where_its_words_go() -> None:
    for name, screen in SCREENS.items():
        assert timedelta(0) < screen.ends.after(Limits()) <= timedelta(days=7), name
        assert screen.ends.holds
        assert screen.ends.goes
        assert set(screen.ends.to) <= {*SCREENS, "same", "back"}


def test_a_state_ends_by_its_own_act_or_with_the_draft_or_holds_nothing() -> None:
    own = {name for name, screen in SCREENS.items() if screen.ends.act}

    assert set(SCREENS) - own == {IDLE, "STATUS", *DRAFTING}


@pytest.mark.parametrize("status", STANDING)
def test_held_words_are_on_the_newest_ticket_and_the_person_is_told(status: str) -> None:
    left = world("FOLLOWUP_PICK", status, drafts=True)
    left.happen(happens.Command(name="bahasa"))

    left.wait(timedelta(minutes=11))

    added = [
        each for _, step in left.steps for each in step.effects if isinstance(each, AddComment)
    ]
    assert added == [AddComment(ticket=left.linked[-1], said=(HELD,), unsaid=True)]
    told = next(say for say in left.told if say.key == "ADDED_UNSAID")
    assert [choice.key for choice in told.choices] == ["label.not-this"]
    assert left.state.draft
    assert left.state.draft.said == DRAFT.said


def test_held_words_whose_tickets_are_gone_begin_a_report() -> None:
    left = world("FOLLOWUP_PICK", "open", drafts=False, number=0)
    left.happen(happens.Command(name="bahasa"))

    left.wait(timedelta(minutes=11))

    assert left.state.draft
    assert left.state.draft.said == (HELD,)
    assert {"expire", "remind"} <= set(left.timers)


@pytest.mark.parametrize(("answer", "words"), [("resume", 2), ("restart", 1), ("delete", 1)])
def test_words_after_an_unsent_report_can_still_be_parted_from_it(answer: str, words: int) -> None:
    left = world("RESUME", "closed", drafts=True)
    left.happen(happens.Command(name="bahasa"))
    left.wait(timedelta(minutes=11))
    assert left.told[-2].key == "KEPT_UNSENT"

    left.happen(happens.Press(id=answer, version=left.state.version))

    assert left.state.draft
    assert left.state.draft.said[-1] == HELD
    assert len(left.state.draft.said) == words
    assert left.state.held == ()


def test_a_survey_that_was_left_is_saved_once_as_far_as_it_got() -> None:
    left = world("SKM", "open", drafts=True)
    left.happen(happens.Press(id="answer-4", version=7))

    left.wait(timedelta(hours=3))

    saved = [
        each for _, step in left.steps for each in step.effects if isinstance(each, SaveSurvey)
    ]
    assert [dict(each.answers) for each in saved] == [{"waktu": 3, "persyaratan": 4}]
    assert not saved[0].complete


def test_a_reminder_that_meets_a_question_comes_when_that_is_over() -> None:
    left = world("DESC", "open", drafts=True)
    left.happen(happens.Text(text="Dan lantainya licin sekali", message="m2"))
    left.wait(timedelta(minutes=25))
    left.happen(happens.Press(id="add", about=left.linked[0]))
    left.wait(timedelta(minutes=20))
    left.happen(happens.TicketNews(ticket=left.cases[left.linked[0]].ticket, kind="answer"))

    left.wait(timedelta(hours=2))

    assert [say.key for say in left.told].count("REMIND") == 1
