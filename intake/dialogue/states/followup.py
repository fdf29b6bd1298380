"""More words for a report that was sent, and the way to a report sent elsewhere."""

from core.tickets.tracking_code import read_code
from intake.dialogue import asides, reports
from intake.dialogue.effects import LookUp
from intake.dialogue.facts import Facts, Ticket
from intake.dialogue.numbers import looks_like_code
from intake.dialogue.replies import Choice, Param, Say, choices
from intake.dialogue.screen import (
    BACK,
    REPORT,
    SAME,
    Row,
    Screen,
    When,
    chosen,
    said,
    some_thanks,
)
from intake.dialogue.state import State
from intake.dialogue.turn import Move, Turn

_OFFERED = 4


def _ask_which(_state: State, facts: Facts) -> Say:
    tickets = facts.open_tickets[:_OFFERED]
    offered = tuple(Choice(id="pick", about=each.number, text=_named(each)) for each in tickets)
    return Say(key="WHICH", choices=(*offered, *choices("new-report")), style="reply")


def _named(ticket: Ticket) -> str:
    return f"{ticket.number} · {ticket.unit}"


def _ask_more(state: State, _facts: Facts) -> Say:
    params: dict[str, Param] = {"no": state.ticket or ""}
    return Say(
        key="FOLLOWUP",
        params=params,
        choices=choices("finish"),
        style="reply",
        numbers=False,
        ticket=state.ticket,
    )


def _ask_code(state: State, _facts: Facts) -> Say:
    params: dict[str, Param] = {"no": state.ticket or ""}
    return Say(key="CODE", params=params, choices=choices("back"), style="reply", numbers=False)


def _picked(turn: Turn) -> Move:
    """Add the held words to the chosen ticket, or ask for words if there are none."""
    ticket = turn.choice.about if turn.choice else ""
    held = turn.state.held
    if not held:
        return asides.aside(turn.stay().note(at="IDLE"), "FOLLOWUP", ticket)
    move = asides.comment(turn, ticket, *held).note(held=())
    return asides.home(asides.added(move, ticket))


def _new(turn: Turn) -> Move:
    held = turn.state.held
    if not held:
        return turn.stay().to("RESUME" if turn.state.begun else "MENU", back=None)
    return reports.new_report(turn, *held)


def _hold(turn: Turn) -> Move:
    """Hold these words too; all go where the person decides."""
    held = (*turn.state.held, *((turn.said,) if turn.said else ()))
    move = turn.stay().note(held=held, tries=turn.state.tries + 1).ask()
    return reports.way_out(move, turn) if turn.state.tries > 0 else move


def _comment(turn: Turn) -> Move:
    """Add to the ticket; acknowledge the first message only."""
    ticket = turn.state.ticket or ""
    move = asides.comment(turn, ticket)
    return move if turn.state.answered else asides.added(move.note(answered=True), ticket)


def _leave(turn: Turn) -> Move:
    return asides.home(turn.stay().say("LEFT"))


def _typed_code(turn: Turn) -> Move:
    code = read_code(turn.text) or ""
    return turn.stay().do(LookUp(ticket=turn.state.ticket or "", code=code))


def wrong_code(turn: Turn) -> Move:
    """Ask once more for a code that opens something, then show the ways to a human."""
    if turn.state.tries > 0:
        return asides.home(reports.way_out(turn.stay().say("WRONG_CODE"), turn))
    return turn.stay().note(tries=1).say("WRONG_CODE").ask()


def _words_instead(turn: Turn) -> Move:
    """Words instead of a code are a report, or more of the one under way."""
    if turn.state.back:
        return asides.home(reports.keep(turn.stay(), turn).say("KEPT"))
    return reports.new_report(turn, *((turn.said,) if turn.said else ()))


_a_code = When("a tracking code", lambda turn: read_code(turn.text) is not None)
_nearly = When("a mistyped code", lambda turn: looks_like_code(turn.text))

SCREENS = (
    Screen(
        name="FOLLOWUP_PICK",
        ask=_ask_which,
        rows=(
            Row(chosen("pick"), "adds the words to that ticket", _picked,
                (BACK, "FOLLOWUP")),
            Row(chosen("new-report"), "begins a report with the words", _new,
                (*REPORT, "RESUME", "MENU")),
            Row(said, "holds these words too and asks again", _hold),
        ),
    ),
    Screen(
        name="FOLLOWUP",
        ask=_ask_more,
        rows=(
            Row(chosen("finish"), "leaves", _leave, (BACK,)),
            Row(some_thanks, "you are welcome; leaves",
                lambda turn: asides.home(turn.stay().say("WELCOME")), (BACK,)),
            Row(said, "adds to the ticket, acknowledges the first", _comment, (SAME,)),
        ),
    ),
    Screen(
        name="CODE",
        ask=_ask_code,
        rows=(
            Row(chosen("back"), "leaves", _leave, (BACK,)),
            Row(_a_code, "has it checked", _typed_code, (SAME,)),
            Row(_nearly, "asks once more, then shows the ways to a human", wrong_code,
                (SAME, BACK)),
            Row(said, "begins a report with the words, or adds them to the one under way",
                _words_instead, (BACK, "RESUME", *REPORT)),
        ),
    ),
)  # fmt: skip
