"""What each status of a ticket is called and how it looks: one row each, for every reader.

Which verbs lead from one to another, and which statuses still owe an answer, says
`core/tickets/lifecycle.py`; what a chat calls them, `status.…` in `locales/*/chat.po`.
"""

from typing import Final, NamedTuple

from core.tickets.lifecycle import Status
from intake.language import marked as _

SEEN: Final = _("Being looked at by %(unit)s")
ANSWERED: Final = _("Answered")
SOLVED: Final = _("Solved")
UNPROVEN: Final = _("Telephone, caller not proven.")
"""Stands beside what an agent writes on a report whose caller proved nothing."""


class StatusWords(NamedTuple):
    """One status, as people meet it."""

    badge: str
    """Its kind as kiss.css knows it."""
    staff: str
    reporter: str
    verb: str
    """What the command line does to get there."""
    ahead: tuple[str, ...]
    """What the reporter still waits for."""


STATUSES: Final = {
    # badge, what staff say, what the reporter reads, the verb, what lies ahead
    Status.OPEN: StatusWords("open", _("New"), _("Received"), "reopen", (SEEN, ANSWERED, SOLVED)),
    Status.IN_PROGRESS: StatusWords(
        "working", _("In progress"), _("Being looked at"), "start", (ANSWERED, SOLVED)
    ),
    Status.ESCALATED: StatusWords(
        "soon", _("Raised"), _("With the management"), "escalate", (ANSWERED, SOLVED)
    ),
    Status.RESOLVED: StatusWords("done", _("Solved"), _("Solved, we think"), "resolve", ()),
    Status.CLOSED: StatusWords("closed", _("Closed"), _("Closed"), "close", ()),
}
