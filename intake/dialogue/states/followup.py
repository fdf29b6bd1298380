"""More words for a report that was sent, and the way to a report sent elsewhere."""

from dataclasses import replace

from core.tickets.tracking_code import read_code
from intake.dialogue import asides, codes, placing, reports
from intake.dialogue.facts import Facts, Ticket
from intake.dialogue.numbers import looks_like_code
from intake.dialogue.replies import Choice, Param, Say, choices
from intake.dialogue.screen import (
    BACK,
    REPORT,
    SAME,
    Ends,
    Row,
    Screen,
    When,
    chosen,
    said,
    some_thanks,
)
from intake.dialogue.state import State
from intake.dialogue.states import menu
from intake.dialogue.turn import Move, Turn

_OFFERED = 4


def _ask_which(_state: State, facts: Facts) -> Say:
    tickets = facts.possible_tickets[:_OFFERED]
    offered = tuple(Choice(id="pick", about=each.number, text=_named(each)) for each in tickets)
    key = "WHICH" if facts.open_tickets else "WHICH_ENDED"
    return Say(key=key, choices=(*offered, *choices("new-report")), style="reply")


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
        return menu.begin(turn)
    return reports.new_report(turn, *held)


def _hold(turn: Turn) -> Move:
    """Hold these words too; all go where the person decides. As many as a report takes."""
    held = (*turn.state.held, *placing.heard(turn))
    if len(held) >= turn.facts.limits.draft_messages:
        return placing.nobody_said_which(replace(turn, state=replace(turn.state, held=held)))
    move = turn.stay().note(held=held, tries=turn.state.tries + 1).ask()
    return reports.way_out(move, turn) if turn.state.tries > 0 else move


def _comment(turn: Turn) -> Move:
    """Add to the ticket; acknowledge the first message only."""
    ticket = turn.state.ticket or ""
    move = asides.comment(turn, ticket)
    return move if turn.state.answered else asides.added(move.note(answered=True), ticket)


def _leave(turn: Turn) -> Move:
    return asides.home(turn.stay().say("LEFT"))


def _wrong_code(turn: Turn) -> Move:
    """Ask once more for a code that opens something, then show the ways to a human."""
    told = codes.wrong(turn)
    if turn.state.tries > 0:
        return asides.home(reports.way_out(told, turn))
    return told.note(tries=1).ask()


def _words_instead(turn: Turn) -> Move:
    """Words instead of a code are a report, or more of the one under way."""
    if turn.state.back:
        return asides.home(reports.keep(turn.stay(), turn).say("KEPT"))
    return reports.new_report(turn, *((turn.said,) if turn.said else ()))


_a_code = When(
    "a code that opens nothing, or a mistyped one",
    lambda turn: read_code(turn.text) is not None or looks_like_code(turn.text),
)

SCREENS = (
    Screen(
        name="FOLLOWUP_PICK",
        ask=_ask_which,
        rows=(
            Row(chosen("pick"), "adds the words to that ticket", _picked,
                (BACK, "FOLLOWUP")),
            Row(chosen("new-report"), "begins a report with the words", _new,
                (*REPORT, "RESUME", "MENU")),
            Row(some_thanks, "you are welcome; asks again",
                lambda turn: turn.stay().say("WELCOME").ask()),
            Row(said, "holds these words too and asks again; as many as a report takes",
                _hold, (SAME, BACK, *REPORT)),
        ),
        ends=Ends(
            holds="words after a report",
            after=lambda limits: limits.which_life,
            goes="to the newest of the tickets, with a remark for staff; the person is told, with "
            "a button to make a report of them",
            act=placing.nobody_said_which,
            to=(BACK, *REPORT),
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
        ends=Ends(
            holds="nothing: words are on the ticket at once",
            after=lambda limits: limits.follow_up_life,
            goes="where they are",
            act=asides.leave,
            to=(BACK,),
        ),
    ),
    Screen(
        name="CODE",
        gathers=False,
        ask=_ask_code,
        rows=(
            Row(chosen("back"), "leaves", _leave, (BACK,)),
            Row(_a_code, "asks once more, then shows the ways to a human", _wrong_code,
                (SAME, BACK)),
            Row(said, "begins a report with the words, or adds them to the one under way",
                _words_instead, (BACK, "RESUME", *REPORT)),
        ),
        ends=Ends(
            holds="nothing",
            after=lambda limits: limits.aside_life,
            goes="nothing was said",
            act=asides.leave,
            to=(BACK,),
        ),
    ),
)  # fmt: skip
