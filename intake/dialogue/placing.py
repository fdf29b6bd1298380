"""Placing: which report words at rest belong to, and how the person puts that right.

Words after a report go to its ticket at once; a button beside makes a report of their own of them.
"""

from dataclasses import replace

from core.ground.spans import is_near
from intake.dialogue import asides, reports
from intake.dialogue.effects import AddComment, Retract
from intake.dialogue.events import Press
from intake.dialogue.numbers import ticket_number
from intake.dialogue.replies import Choice, Say
from intake.dialogue.state import IDLE, Added, Said, State
from intake.dialogue.turn import Move, Turn

NOT_THIS = "new-report"
"""The button under words that were put on a ticket."""

_REMEMBERED = 20
"""Runs of words that can be moved; far more than anybody writes in a day."""


def place(turn: Turn) -> Move | None:
    """Put what was said where it belongs, or ask; None if it can only be a new report."""
    ticket = about(turn)
    if ticket:
        return attach(turn, ticket, *heard(turn))
    if turn.facts.possible_tickets:
        return turn.stay().to("FOLLOWUP_PICK", held=(*turn.state.held, *heard(turn)), back=None)
    return None


def about(turn: Turn) -> str | None:
    """Return the ticket that words at rest are about, if that is clear.

    In this order: the one they name, the one whose question waits, the one sent in the same
    moment, the only one that is open and was heard of not long ago.
    """
    facts, words = turn.facts, turn.said.text if turn.said else ""
    recent = facts.recent_tickets
    only = recent[0] if len(recent) == 1 else None
    found = facts.ticket(ticket_number(words)) or facts.asked_ticket
    return found.number if found else _just_sent(turn) or (only.number if only else None)


def heard(turn: Turn) -> tuple[Said, ...]:
    """Return what was said, if anything was."""
    return (turn.said,) if turn.said else ()


def attach(turn: Turn, ticket: str, *said: Said, unsaid: bool = False) -> Move:
    """Put words on a ticket, and offer to make a report of their own of them."""
    move = turn.stay().note(held=()).do(AddComment(ticket=ticket, said=said, unsaid=unsaid))
    move = move.to(turn.state.back or IDLE, back=None, ticket=None)
    move, choice = movable(move, turn, ticket, *said)
    key = "ADDED_UNSAID" if unsaid else "ADDED"
    return move.show(
        Say(key=key, params={"no": ticket}, choices=(choice,), style="inline", ticket=ticket)
    )


def movable(move: Move, turn: Turn, ticket: str, *said: Said) -> tuple[Move, Choice]:
    """Remember words that were put on a ticket; return the button that moves them."""
    earlier, now = move.state.added, turn.facts.now
    last = earlier[-1] if earlier else None
    gap = turn.facts.limits.run_gap
    if last and _goes_on(last, ticket) and last.at and is_near(last.at, now, gap):
        run = replace(last, said=(*last.said, *said), at=now)
        earlier = earlier[:-1]
    else:
        run = Added(run=move.state.version, ticket=ticket, said=said, at=now)
    move = move.note(added=(*earlier, run)[-_REMEMBERED:])
    return move, Choice(id=NOT_THIS, about=str(run.run), key="label.not-this")


def can_be_moved(state: State) -> bool:
    """Tell whether words were put on a ticket and may still be moved."""
    return any(not run.moved for run in state.added)


def is_not_this(turn: Turn) -> bool:
    """Tell whether the button under words on a ticket was pressed, now or long after."""
    event = turn.event
    return isinstance(event, Press) and event.id == NOT_THIS and bool(event.about)


def take_back(turn: Turn) -> Move | None:
    """Make a new report of words on a ticket, once; None if they are not known any more.

    They stay on the ticket, with a remark for staff: somebody may have read them there.
    """
    run = _meant(turn)
    if run is None:
        return None
    if run.moved:
        return _moved_before(turn, run)
    added = tuple(replace(each, moved=each.moved or each is run) for each in turn.state.added)
    turn = replace(turn, state=replace(turn.state, added=added))
    messages = tuple(each.message for each in run.said if each.message)
    move = reports.new_report(turn, *turn.state.held, *run.said)
    move = move.note(ticket=None).say("NEW_OF_THEM")
    return move.do(Retract(ticket=run.ticket, messages=messages))


def forget(turn: Turn) -> Move:
    """Forget words on tickets that have been there for long."""
    now, life = turn.facts.now, turn.facts.limits.undo_life
    kept = tuple(run for run in turn.state.added if run.at and now < run.at + life)
    return turn.stay().note(added=kept)


def nobody_said_which(turn: Turn) -> Move:
    """Put words nobody placed on the newest ticket, with a remark, and say so."""
    held, possible = turn.state.held, turn.facts.possible_tickets
    if not held:
        return asides.home(turn.stay())
    if not possible:  # none of them can be read any more
        return reports.new_report(turn, *held)
    return attach(turn, possible[0].number, *held, unsaid=True)


def _meant(turn: Turn) -> Added | None:
    """Return the run that a button names; typed words mean the last one."""
    if not is_not_this(turn):
        return next((run for run in reversed(turn.state.added) if not run.moved), None)
    named = turn.event.about if isinstance(turn.event, Press) else ""
    return next((run for run in turn.state.added if str(run.run) == named), None)


def _moved_before(turn: Turn, run: Added) -> Move:
    """Show the report that was made of the words, or say that they are in one."""
    draft = turn.state.draft
    if draft and set(run.said) & set(draft.said) and turn.state.at == IDLE:
        return reports.resume(turn.stay(), turn)
    return turn.stay().say("MOVED").ask()


def _goes_on(run: Added, ticket: str) -> bool:
    return run.ticket == ticket and not run.moved


def _just_sent(turn: Turn) -> str | None:
    sent = turn.state.sent
    if sent is None or sent.at is None or sent.ticket is None:
        return None
    ticket = turn.facts.ticket(sent.ticket)
    near = is_near(sent.at, turn.facts.now, turn.facts.limits.same_moment)
    return ticket.number if ticket and ticket.is_open and near else None
