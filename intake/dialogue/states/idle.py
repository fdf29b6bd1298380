"""At rest: whatever comes starts something useful."""

from intake.dialogue import asides, placing, reports, wording
from intake.dialogue.asides import card
from intake.dialogue.facts import Facts
from intake.dialogue.replies import Choice, Say
from intake.dialogue.screen import (
    REPORT,
    Ends,
    Row,
    Screen,
    When,
    a_greeting,
    chosen,
    is_asked,
    said,
    some_thanks,
)
from intake.dialogue.spelling import plain
from intake.dialogue.state import IDLE, State
from intake.dialogue.states import menu
from intake.dialogue.states.resolved import ANSWERED_LATE
from intake.dialogue.turn import Move, Turn

_OF_A_DRAFT = (
    "continue", "cancel", "identify", "edit", "type", "place", "words", "files", "sender", "back",
    "anonymous", "my-number", "unsure", "resume", "restart", "delete", "finish",
)  # fmt: skip
"""Buttons that a keyboard of the chat may still show when their question is over."""


def _menu_words(state: State, facts: Facts) -> Say:
    """Let the menu's words work at rest, but not its numbers: "1" may mean anything."""
    moves = Choice(id=placing.NOT_THIS, key="label.not-this")
    extra = (moves,) if placing.can_be_moved(state) else ()
    offered = menu.ask(state, facts)
    return Say(key=offered.key, choices=(*offered.choices, *extra), numbers=False)


def _words(turn: Turn) -> Move:
    """Put words on the report they belong to, or ask; without one they begin a report."""
    placed = placing.place(turn)
    if placed is not None or turn.said is None:
        return placed or turn.stay()
    if reports.tells(turn) or turn.state.begun:
        return reports.new_report(turn, turn.said)
    return reports.miss(turn).to("MENU", tries=1)


def _not_that_one(turn: Turn) -> Move:
    """Make a new report of words that were added to a ticket."""
    return placing.take_back(turn) or menu.begin(turn)


def _wants_a_new_one(turn: Turn) -> bool:
    """Tell whether nothing but the wish for a new report was typed."""
    words = plain(turn.text)
    named = (wording.labels(f"label.{each}") for each in ("new-report", "not-this"))
    return turn.choice is None and any(words in labels for labels in named)


def _is_over(turn: Turn) -> bool:
    """Tell whether a button of the draft was typed (an old keyboard does) when there is none."""
    words = plain(turn.text)
    typed = turn.choice is None and bool(words) and not is_asked(turn)
    return typed and any(words in wording.labels(f"label.{each}") for each in _OF_A_DRAFT)


def _over(turn: Turn) -> Move:
    """Take name and number for the ticket there is; say of other buttons that they are over."""
    ticket = placing.about(turn)
    if ticket and plain(turn.text) in wording.labels("label.identify"):
        return asides.aside(turn.stay(), "FOLLOWUP", ticket)
    return menu.open_menu(turn.stay().say("STALE"), turn)


def _status_choices(state: State, facts: Facts) -> Say:
    shown = facts.ticket(state.ticket) or next(iter(facts.tickets), None)
    offered = card(shown, facts).choices if shown else ()
    menu_words = _menu_words(state, facts)
    return Say(key="STATUS", choices=(*offered, *menu_words.choices), numbers=False)


def _add(turn: Turn) -> Move:
    ticket = turn.choice.about if turn.choice else ""
    if len(turn.facts.open_tickets) > 1 and turn.text:
        return turn.stay().to("FOLLOWUP_PICK", back=None)
    return asides.aside(turn.stay(), "FOLLOWUP", ticket)


def _detail(turn: Turn) -> Move:
    ticket = turn.facts.ticket(turn.choice.about if turn.choice else None)
    return turn.stay().show(asides.detail(ticket, turn.facts)) if ticket else turn.stay()


def _tell_here(turn: Turn) -> Move:
    return asides.tell_here(turn, turn.choice.about if turn.choice else "")


_NEW = Row(
    chosen("new-report"), "makes a new report of the last words", _not_that_one,
    (*REPORT, "RESUME", "MENU"),
)  # fmt: skip
_RESTS = Ends(
    holds="nothing, at most a draft put away",
    after=lambda limits: limits.draft_life,
    goes="a draft put away is erased (a cancelled one after a day)",
)
_ROWS = (
    *menu.CHOICES,
    Row(a_greeting, "shows the menu", lambda turn: menu.open_menu(turn.stay(), turn),
        ("MENU", "RESUME")),
    Row(some_thanks, "you are welcome", lambda turn: turn.stay().say("WELCOME")),
    ANSWERED_LATE,
    Row(When("[new-report] typed, with nothing to move", _wants_a_new_one),
        "the menu, for a new report", menu.begin, ("MENU", "RESUME")),
    Row(When("a button of the draft, typed when there is none", _is_over),
        "takes name and number for the ticket; else says that it is over", _over,
        ("FOLLOWUP", "MENU", "RESUME")),
    Row(said, "adds to the ticket that is named, asked about, just sent, or the only recent one; "
        "asks which of several, or whether it is about one that was ended; else begins a report",
        _words,
        (IDLE, "FOLLOWUP_PICK", "RESUME", "MENU", *REPORT)),
)  # fmt: skip

SCREENS = (
    Screen(
        name=IDLE,
        ask=lambda *_: None,
        offer=_menu_words,
        rows=(_NEW, *_ROWS),
        ends=_RESTS,
    ),
    Screen(
        name="STATUS",
        ask=lambda *_: None,
        offer=_status_choices,
        rows=(
            Row(
                chosen("add"),
                "takes more words for that ticket",
                _add,
                ("FOLLOWUP", "FOLLOWUP_PICK"),
            ),
            Row(chosen("detail"), "shows the answer in full", _detail),
            Row(chosen("tell-here"), "lets news of it come here from now on", _tell_here),
            _NEW,
            *_ROWS,
        ),
        ends=_RESTS,
    ),
)  # fmt: skip
