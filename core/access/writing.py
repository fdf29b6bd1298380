"""What somebody may write on a ticket: one table, verb by what they have of it. Pure.

Whoever answers the telephone finds every ticket by its number, since the caller asks about it.
That is no reason to speak for it: whoever says a number may have read it on somebody's screen.
So an agent works on what they logged, and on a ticket whose caller has proven in this call who
they are. On any other they leave a marked note, and may raise the alarm: danger waits for no proof.

Whoever works on a ticket by another role (the unit's officer, a supervisor) does so as ever; which
of the verbs are a role's at all says the table of routes.
"""

from enum import Enum, auto
from typing import Final


class AgentStanding(Enum):
    """What somebody has of a ticket."""

    WORKS = auto()
    """It is theirs by another role than the telephone's."""
    LOGGED = auto()
    """They took it down themselves."""
    PROVEN = auto()
    """Its caller has proven to them who they are, a moment ago."""
    UNPROVEN = auto()
    """They know its number, no more."""


class Leave(Enum):
    """What becomes of a verb."""

    WRITES = auto()
    MARKED = auto()
    """It is done, and what is said with it is an internal note marked as of an unproven caller."""
    REFUSED = auto()


_W, _M, _R = Leave.WRITES, Leave.MARKED, Leave.REFUSED

# fmt: off
_TABLE: Final = {
    # verb         works  logged  proven  unproven
    "note":        (_W,   _W,     _W,     _M),
    "escalate":    (_W,   _W,     _W,     _M),
    "reply":       (_W,   _W,     _W,     _R),
    "ask":         (_W,   _W,     _W,     _R),
    "resolve":     (_W,   _W,     _W,     _R),
    "close":       (_W,   _W,     _W,     _R),
    "reopen":      (_W,   _W,     _W,     _R),
    "start":       (_W,   _W,     _W,     _R),
    "assign":      (_W,   _W,     _W,     _R),
    "move":        (_W,   _W,     _W,     _R),
    "grade":       (_W,   _W,     _W,     _R),
    "merge":       (_W,   _W,     _W,     _R),
    "link":        (_W,   _W,     _W,     _R),
    "subject":     (_W,   _W,     _W,     _R),
    "address":     (_W,   _W,     _W,     _R),
    "resend":      (_W,   _W,     _W,     _R),
    "cancel":      (_W,   _W,     _W,     _R),
}
# fmt: on


class NotProvenError(Exception):
    """The caller has not proven who they are, and without that this is not done."""


def leave(verb: str, standing: AgentStanding) -> Leave:
    """Say what becomes of a verb; one that the table does not know is refused to the unproven."""
    row = _TABLE.get(verb, (_W, _W, _W, _R))
    return row[tuple(AgentStanding).index(standing)]


def demand(verb: str, standing: AgentStanding) -> Leave:
    """Return what becomes of a verb; raise NotProvenError where it is refused."""
    found = leave(verb, standing)
    if found is Leave.REFUSED:
        raise NotProvenError
    return found
