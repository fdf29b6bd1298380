"""Changing one thing of a draft before it is sent."""

from core.ground.text import shorten
from intake.dialogue import reports
from intake.dialogue.facts import Facts
from intake.dialogue.replies import Say, choices
from intake.dialogue.screen import REPORT, SAME, WITH_DRAFT, Row, Screen, chosen, said
from intake.dialogue.state import State
from intake.dialogue.states.menu import KINDS
from intake.dialogue.turn import Move, Turn

_SHOWN_WORDS = 300


def _ask_what(_state: State, _facts: Facts) -> Say:
    ids = ("type", "place", "words", "files", "sender", "back")
    return Say(key="EDIT", choices=choices(*ids), style="reply")


def _ask_kind(_state: State, _facts: Facts) -> Say:
    return Say(key="KIND", choices=choices(*KINDS, "back"), style="reply")


def _ask_words(state: State, _facts: Facts) -> Say:
    words = state.draft.words if state.draft else ""
    return Say(
        key="REWRITE",
        params={"words": shorten(words, _SHOWN_WORDS) or "-"},
        choices=choices("back"),
        style="reply",
        numbers=False,
    )


def _set_kind(turn: Turn) -> Move:
    kind = turn.choice.id if turn.choice else None
    return turn.stay().draft(turn.facts.fresh, kind=kind).to("REVIEW")


def _review(turn: Turn) -> Move:
    return reports.onward(turn.stay(), turn)


def _again(turn: Turn) -> Move:
    return reports.miss(turn, then="onward")


_BACK = Row(chosen("back"), "back to the report", _review, REPORT)
_UNCLEAR = Row(said, "adds to the report and asks again; the second time shows the report",
               _again, (SAME, *REPORT))  # fmt: skip

SCREENS = (
    Screen(
        name="EDIT",
        gathers=False,
        ask=_ask_what,
        rows=(
            Row(chosen("type"), "asks the kind", lambda turn: turn.stay().to("KIND"), ("KIND",)),
            Row(chosen("place"), "asks the unit", lambda turn: turn.stay().to("UNIT"), ("UNIT",)),
            Row(chosen("words"), "asks for new words",
                lambda turn: turn.stay().to("REWRITE"), ("REWRITE",)),
            Row(chosen("files"), "removes the files", reports.without_files, REPORT),
            Row(chosen("sender"), "asks name and phone",
                lambda turn: turn.stay().to("NAME"), ("NAME",)),
            _BACK,
            _UNCLEAR,
        ),
        ends=WITH_DRAFT,
    ),
    Screen(
        name="KIND",
        gathers=False,
        ask=_ask_kind,
        rows=(
            Row(chosen(*KINDS), "changes the kind", _set_kind, ("REVIEW",)),
            _BACK,
            _UNCLEAR,
        ),
        ends=WITH_DRAFT,
    ),
    Screen(
        name="REWRITE",
        ask=_ask_words,
        rows=(
            _BACK,
            Row(said, "replaces the words; files stay", reports.reword, REPORT),
        ),
        ends=WITH_DRAFT,
    ),
)  # fmt: skip
