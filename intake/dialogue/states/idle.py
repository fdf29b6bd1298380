"""At rest: whatever comes starts something useful."""

from intake.dialogue import asides, reports
from intake.dialogue.asides import card
from intake.dialogue.effects import Retract
from intake.dialogue.facts import Facts
from intake.dialogue.numbers import ticket_number
from intake.dialogue.replies import Choice, Say, choices
from intake.dialogue.screen import REPORT, Row, Screen, a_greeting, chosen, said, some_thanks
from intake.dialogue.state import IDLE, State
from intake.dialogue.states import menu
from intake.dialogue.turn import Move, Turn


def _menu_words(state: State, facts: Facts) -> Say:
    """Let the menu's words work at rest, but not its numbers: "1" may mean anything."""
    extra = choices("new-report") if state.copied else ()
    offered = menu.ask(state, facts)
    return Say(key=offered.key, choices=(*offered.choices, *extra), numbers=False)


def _words(turn: Turn) -> Move:
    """Find out which report the words belong to; they are kept meanwhile."""
    heard, facts = turn.said, turn.facts
    if heard is None:
        return turn.stay()
    named = facts.ticket(ticket_number(heard.text))
    about = named or facts.asked_ticket
    if about:
        move = asides.comment(turn, about.number).to(IDLE, copied=(*turn.state.copied, heard))
        return asides.added(move.note(ticket=about.number), about.number, Choice(id="new-report"))
    if facts.open_tickets:
        return turn.stay().to("FOLLOWUP_PICK", held=(heard,), back=None)
    if reports.tells(turn) or turn.state.begun:
        return reports.new_report(turn, heard)
    return reports.miss(turn).to("MENU", tries=1)


def _not_that_one(turn: Turn) -> Move:
    """Make a new report of words that were added to a ticket."""
    copied, ticket = turn.state.copied, turn.state.ticket
    move = reports.new_report(turn, *copied)
    if ticket is None:
        return move
    messages = tuple(each.message for each in copied if each.message)
    return move.note(ticket=None).do(Retract(ticket=ticket, messages=messages))


def _status_choices(state: State, facts: Facts) -> Say:
    offered = card(facts.tickets[0], facts).choices if facts.tickets else ()
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


_NEW = Row(
    chosen("new-report"), "makes a new report of the last words", _not_that_one, (*REPORT, "RESUME")
)
_ROWS = (
    *menu.CHOICES,
    Row(a_greeting, "shows the menu", lambda turn: menu.open_menu(turn.stay(), turn),
        ("MENU", "RESUME")),
    Row(some_thanks, "you are welcome", lambda turn: turn.stay().say("WELCOME")),
    Row(said, "adds to the ticket whose question waits or whose number is named; asks which of "
        "several; else begins a report", _words,
        (IDLE, "FOLLOWUP_PICK", "RESUME", "MENU", *REPORT)),
)  # fmt: skip

SCREENS = (
    Screen(name=IDLE, ask=lambda *_: None, offer=_menu_words, rows=(_NEW, *_ROWS)),
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
            *_ROWS,
        ),
    ),
)  # fmt: skip
