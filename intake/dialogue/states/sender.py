"""Who reports: a name and a number, both optional."""

import re

from core.ground.text import clean_line
from intake.dialogue import phones, reports
from intake.dialogue.facts import Facts
from intake.dialogue.replies import Choice, Say, choices
from intake.dialogue.screen import SAME, WITH_DRAFT, Row, Screen, When, chosen, said, some_thanks
from intake.dialogue.state import State
from intake.dialogue.turn import Move, Turn

_LONGEST_NAME = 80
_MOST_WORDS = 6
_NOT_A_NAME = re.compile(r"[\d?!\n]|\w{4,}\. ")
_FEWEST_DIGITS = 5


def _ask_name(_state: State, facts: Facts) -> Say:
    known = (Choice(id="my-name", text=facts.first_name),) if facts.first_name else ()
    offered = (*known, *choices("anonymous"))
    return Say(key="NAME", choices=offered, style="reply", numbers=False)


def _ask_phone(_state: State, _facts: Facts) -> Say:
    mine = Choice(id="my-number", asks_contact=True)
    return Say(key="PHONE", choices=(mine, *choices("skip")), style="reply", numbers=False)


def is_name(text: str) -> bool:
    """Tell whether typed words can be a person's name: 2 to 80 letters, a few words."""
    line = text.strip()
    letters = 1 < len(line) <= _LONGEST_NAME and not _NOT_A_NAME.search(line)
    return letters and len(line.split()) <= _MOST_WORDS


def _known_name(turn: Turn) -> Move:
    return turn.stay().draft(turn.facts.fresh, name=turn.facts.first_name).to("PHONE")


def _anonymous(turn: Turn) -> Move:
    return turn.stay().draft(turn.facts.fresh, name=None, phone=None).to("REVIEW")


def _typed_name(turn: Turn) -> Move:
    message = turn.said.message if turn.said else None
    name = clean_line(turn.text)
    return turn.stay().draft(turn.facts.fresh, name=name, name_message=message).to("PHONE")


def _typed_phone(turn: Turn) -> Move:
    """Take a number; one that cannot be read is asked for once more, then kept as typed."""
    number = phones.read(turn.text)
    digits = sum(mark.isdigit() for mark in turn.text)
    if number is None and turn.state.tries > 0 and digits >= _FEWEST_DIGITS:
        number = clean_line(turn.text)[:_LONGEST_NAME]
    if number:
        return turn.stay().draft(turn.facts.fresh, phone=number).to("REVIEW")
    if turn.state.tries > 0:
        return turn.stay().to("REVIEW")
    return turn.stay().note(tries=1).say("BADPHONE").ask()


def _no_button(turn: Turn) -> Move:
    """Ask for typing: the button's words came as text, so no number can be shared here."""
    if turn.state.tries > 0:
        return turn.stay().to("REVIEW")
    return turn.stay().note(tries=1).say("TYPE_NUMBER").ask()


def _words(turn: Turn) -> Move:
    return reports.miss(turn, then="REVIEW")


_a_name = When("a name of 2 to 80 letters", lambda turn: is_name(turn.text))
_a_number = When("a number", lambda turn: phones.looks_like_one(turn.text))
_WORDS = Row(said, "adds to the report and asks again; the second time shows the report",
             _words, (SAME, "REVIEW"))  # fmt: skip

SCREENS = (
    Screen(
        name="NAME",
        gathers=False,
        ask=_ask_name,
        rows=(
            Row(chosen("my-name"), "takes the name from the chat", _known_name, ("PHONE",)),
            Row(chosen("anonymous"), "forgets name and phone", _anonymous, ("REVIEW",)),
            Row(some_thanks, "asks again", lambda turn: turn.stay().ask()),
            Row(_a_number, "takes it as the phone number", _typed_phone, (SAME, "REVIEW")),
            Row(_a_name, "takes the name", _typed_name, ("PHONE",)),
            _WORDS,
        ),
        ends=WITH_DRAFT,
    ),
    Screen(
        name="PHONE",
        gathers=False,
        ask=_ask_phone,
        rows=(
            Row(chosen("my-number"), "asks to type it; the second time goes on",
                _no_button, (SAME, "REVIEW")),
            Row(chosen("skip"), "goes on without", lambda turn: turn.stay().to("REVIEW"),
                ("REVIEW",)),
            Row(_a_number, "takes it; asks once more if it cannot be read, then keeps it as typed",
                _typed_phone, (SAME, "REVIEW")),
            _WORDS,
        ),
        ends=WITH_DRAFT,
    ),
)  # fmt: skip
