"""Buttons on messages about a ticket: they outlive their question."""

from collections.abc import Callable

from intake.dialogue import asides
from intake.dialogue.events import Press
from intake.dialogue.state import IDLE
from intake.dialogue.states import menu
from intake.dialogue.states.resolved import STARS
from intake.dialogue.turn import Move, Turn


def is_ticket_button(turn: Turn) -> bool:
    """Tell whether a button of a message about a linked ticket was pressed."""
    event = turn.event
    return (
        isinstance(event, Press)
        and turn.choice is None
        and event.id in BUTTONS
        and turn.facts.ticket(event.about) is not None
    )


def press(turn: Turn) -> Move:
    """Do what the button says, if it still can be done."""
    assert isinstance(turn.event, Press)  # noqa: S101 - the row's condition
    return BUTTONS[turn.event.id](turn, turn.event.about)


def _add(turn: Turn, number: str) -> Move:
    return asides.aside(turn.stay(), "FOLLOWUP", number)


def _detail(turn: Turn, number: str) -> Move:
    ticket = turn.facts.ticket(number)
    return turn.stay().show(asides.detail(ticket, turn.facts)) if ticket else stale(turn)


def _card(turn: Turn, number: str) -> Move:
    ticket = turn.facts.ticket(number)
    return turn.stay().show(asides.card(ticket, turn.facts)) if ticket else stale(turn)


def _solved(turn: Turn, number: str) -> Move:
    return asides.solved(turn, number) if _is_resolved(turn, number) else stale(turn)


def _unsolved(turn: Turn, number: str) -> Move:
    return asides.unsolved(turn, number) if _is_resolved(turn, number) else stale(turn)


def _is_resolved(turn: Turn, number: str) -> bool:
    ticket = turn.facts.ticket(number)
    return ticket is not None and not ticket.is_open


def _star(turn: Turn, number: str) -> Move:
    """Rate from an older message, and change a rating for a day."""
    ticket = turn.facts.ticket(number)
    rated = ticket.rated_at if ticket else None
    if not _is_resolved(turn, number):
        return stale(turn)
    if rated and turn.facts.now - rated > turn.facts.limits.stars_life:
        return stale(turn)
    mark = turn.event.id.removeprefix("star-") if isinstance(turn.event, Press) else "0"
    return asides.stars(turn, number, int(mark))


BUTTONS: dict[str, Callable[[Turn, str], Move]] = {
    "add": _add,
    "detail": _detail,
    "tell-here": asides.tell_here,
    "status": _card,
    "solved": _solved,
    "unsolved": _unsolved,
    **dict.fromkeys(STARS, _star),
}
"""Buttons on messages about a ticket: they work for as long as they make sense."""


def stale(turn: Turn) -> Move:
    """Say that a button is too old, and ask the present question."""
    move = turn.stay().say("STALE")
    return menu.open_menu(move, turn) if turn.state.at == IDLE else move.ask()
