import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tickets.lifecycle import (
    CLOSED,
    ENDS_WAITING,
    ESCALATED,
    IN_PROGRESS,
    MOVES,
    OPEN,
    RESOLVED,
    WORKING,
    IllegalMoveError,
    Status,
    after,
    possible,
)

LIFE = {
    # the table of moves, turned: from a status, where each verb leads
    OPEN: {
        OPEN: "move note grade follow_up",
        IN_PROGRESS: "assign start reply ask",
        ESCALATED: "escalate",
        RESOLVED: "resolve",
        CLOSED: "close merge withdraw",
    },
    IN_PROGRESS: {
        OPEN: "move",
        IN_PROGRESS: "assign reply ask note grade follow_up",
        ESCALATED: "escalate",
        RESOLVED: "resolve",
        CLOSED: "close merge withdraw",
    },
    ESCALATED: {
        IN_PROGRESS: "start",
        ESCALATED: "assign move reply ask note grade follow_up",
        RESOLVED: "resolve",
        CLOSED: "close merge withdraw",
    },
    RESOLVED: {
        OPEN: "reopen follow_up",
        RESOLVED: "note grade rate",
        CLOSED: "close confirm withdraw",
    },
    CLOSED: {
        OPEN: "reopen follow_up",
        CLOSED: "note grade rate",
    },
}


@pytest.mark.parametrize("status", list(Status))
def test_from_each_status_the_verbs_lead_where_they_should(status: Status) -> None:
    expected = {verb: to for to, verbs in LIFE[status].items() for verb in verbs.split()}

    assert {verb: after(verb, status) for verb in possible(status)} == expected


@given(st.sampled_from(list(MOVES)), st.sampled_from(list(Status)))
def test_every_move_is_in_the_table_or_refused(verb: str, status: Status) -> None:
    if status in MOVES[verb]:
        assert after(verb, status) is MOVES[verb][status]
        assert verb in possible(status)
        return
    with pytest.raises(IllegalMoveError):
        after(verb, status)
    assert verb not in possible(status)


def test_every_status_can_be_reached_and_left() -> None:
    reached = {to for moves in MOVES.values() for to in moves.values()}

    assert reached == set(Status)
    assert all(any(to is not status for to in _exits(status)) for status in Status)


def _exits(status: Status) -> list[Status]:
    return [moves[status] for moves in MOVES.values() if status in moves]


def test_a_refused_move_says_what_was_tried_and_where() -> None:
    with pytest.raises(IllegalMoveError) as refused:
        after("resolve", "closed")

    assert str(refused.value) == "resolve is not possible while the ticket is closed"
    assert (refused.value.verb, refused.value.status) == ("resolve", CLOSED)
    assert refused.value.__suppress_context__


def test_a_verb_nobody_knows_is_refused() -> None:
    with pytest.raises(IllegalMoveError):
        after("burn", "open")


def test_possible_verbs_stand_in_the_order_of_the_table() -> None:
    assert possible("closed") == ("note", "grade", "reopen", "follow_up", "rate")


def test_statuses_are_stored_under_these_names() -> None:
    assert list(Status) == ["open", "in_progress", "escalated", "resolved", "closed"]


def test_something_is_owed_until_it_is_resolved() -> None:
    assert set(WORKING) == set(Status) - {RESOLVED, CLOSED}


def test_a_question_waits_until_somebody_answers_or_ends_the_matter() -> None:
    keeps_waiting = {"assign", "move", "start", "ask", "note", "grade", "escalate", "rate"}

    assert set(MOVES) - ENDS_WAITING == keeps_waiting
    assert set(MOVES) >= ENDS_WAITING
