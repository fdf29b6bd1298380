"""The life of a ticket: which verb is legal in which status, and what status it leads to."""

from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """Where a ticket stands.

    One more takes its moves below, its words (`intake/statuses.py`, `status.…` in chat.po), and a
    migration: the table checks it.
    """

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    ESCALATED = "escalated"
    RESOLVED = "resolved"
    CLOSED = "closed"


OPEN, IN_PROGRESS, ESCALATED, RESOLVED, CLOSED = Status

WORKING = (OPEN, IN_PROGRESS, ESCALATED)
"""The statuses in which somebody still owes the submitter something."""

MOVES: dict[str, dict[Status, Status]] = {
    # verb: {from: to}; a status that is missing under a verb forbids it
    "assign": {OPEN: IN_PROGRESS, IN_PROGRESS: IN_PROGRESS, ESCALATED: ESCALATED},
    "move": {OPEN: OPEN, IN_PROGRESS: OPEN, ESCALATED: ESCALATED},
    "start": {OPEN: IN_PROGRESS, ESCALATED: IN_PROGRESS},
    "reply": {OPEN: IN_PROGRESS, IN_PROGRESS: IN_PROGRESS, ESCALATED: ESCALATED},
    "ask": {OPEN: IN_PROGRESS, IN_PROGRESS: IN_PROGRESS, ESCALATED: ESCALATED},
    "note": {status: status for status in Status},
    "grade": {status: status for status in Status},
    "escalate": {OPEN: ESCALATED, IN_PROGRESS: ESCALATED},
    "resolve": {OPEN: RESOLVED, IN_PROGRESS: RESOLVED, ESCALATED: RESOLVED},
    "close": {OPEN: CLOSED, IN_PROGRESS: CLOSED, ESCALATED: CLOSED, RESOLVED: CLOSED},
    "merge": {OPEN: CLOSED, IN_PROGRESS: CLOSED, ESCALATED: CLOSED},
    "reopen": {RESOLVED: OPEN, CLOSED: OPEN},
    # the submitter's verbs
    "follow_up": {
        OPEN: OPEN,
        IN_PROGRESS: IN_PROGRESS,
        ESCALATED: ESCALATED,
        RESOLVED: OPEN,
        CLOSED: OPEN,
    },
    "confirm": {RESOLVED: CLOSED},
    "withdraw": {OPEN: CLOSED, IN_PROGRESS: CLOSED, ESCALATED: CLOSED, RESOLVED: CLOSED},
    "rate": {RESOLVED: RESOLVED, CLOSED: CLOSED},
}


ENDS_WAITING = frozenset(
    {"reply", "resolve", "close", "merge", "reopen", "follow_up", "confirm", "withdraw"}
)
"""Verbs after which no question of ours waits for the submitter any more."""


ANSWERS: Final = {
    # an event of staff: whether words have to go with it for the person to be answered by it
    "replied": True,
    "asked": True,
    "resolved": True,
    "closed": True,  # for whichever reason: ended, or merged into another
    "called": False,  # spoken: somebody told the news by telephone
}
"""The events that answer the person; the first of them is the first answer. All else that staff do
is silent towards them (noted, graded, linked) or news of the handling alone (assigned, moved,
started, escalated, reopened), which the house sends without anybody having said anything."""


def answers(kind: str, *, has_words: bool) -> bool:
    """Say whether an event of staff answers the person."""
    return kind in ANSWERS and (has_words or not ANSWERS[kind])


class IllegalMoveError(Exception):
    """The verb is not possible in the ticket's present status."""

    def __init__(self, verb: str, status: Status) -> None:
        super().__init__(f"{verb} is not possible while the ticket is {status}")
        self.verb, self.status = verb, status


def after(verb: str, status: str) -> Status:
    """Return the status that a verb leads to; raise IllegalMoveError where it is not possible."""
    now = Status(status)
    try:
        return MOVES[verb][now]
    except KeyError:
        raise IllegalMoveError(verb, now) from None


def possible(status: str) -> tuple[str, ...]:
    """Name the verbs that are possible in a status, in the table's order."""
    return tuple(verb for verb, moves in MOVES.items() if Status(status) in moves)
