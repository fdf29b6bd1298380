"""The menu: what the bot is, and the few things it can do."""

from intake.dialogue import asides, placing, reports
from intake.dialogue.facts import Facts
from intake.dialogue.replies import Say, choices
from intake.dialogue.screen import (
    REPORT,
    SAME,
    Ends,
    Row,
    Screen,
    a_greeting,
    chosen,
    said,
    some_thanks,
)
from intake.dialogue.state import IDLE, State, Survey
from intake.dialogue.states.resolved import ANSWERED_LATE
from intake.dialogue.turn import Move, Turn

KINDS = ("complaint", "suggestion", "information")
OTHER_LANGUAGE = {"id": "en", "en": "id"}


def ask(state: State, facts: Facts) -> Say:
    """Greet, say what this is, and offer the menu."""
    unit = facts.unit_name(state.draft.unit if state.draft else None)
    greeting = "MENU_AT" if unit else "MENU"
    return Say(
        key="MENU_AGAIN" if state.tries else greeting,
        params={"hospital": facts.hospital, "unit": unit, "igd": asides.urgent_phones(facts)},
        choices=choices(*KINDS, "survey", "status", "language"),
        style="reply",
    )


def open_menu(move: Move, turn: Turn) -> Move:
    """Show the menu, or first the report that was not sent; held words begin one."""
    if turn.state.begun:
        return move.to("RESUME", back=None)
    if held := move.state.held:
        return reports.onward(reports.keep(move.note(held=(), back=None), turn, *held), turn)
    return move.to("MENU", back=None)


def begin(turn: Turn) -> Move:
    """Show the menu for a new report: the words that follow are one, whatever else is open."""
    return open_menu(turn.stay().draft(turn.facts.fresh), turn)


def _over(turn: Turn) -> Move:
    """Leave a menu that nobody chose from; where the person is is forgotten too."""
    move = turn.stay() if turn.state.begun else turn.stay().note(draft=None)
    return move.to(IDLE, back=None)


def switch_language(turn: Turn) -> Move:
    """Speak the other language from here on."""
    lang = OTHER_LANGUAGE[turn.state.lang]
    return turn.stay().note(lang=lang).say("LANGUAGE_SET").ask()


def _kind(turn: Turn) -> Move:
    kind = turn.choice.id if turn.choice else "complaint"
    if turn.state.begun and turn.state.at != "MENU":
        return turn.stay().to("RESUME", back=None)
    return reports.onward(turn.stay().draft(turn.facts.fresh, kind=kind), turn)


def _survey(turn: Turn) -> Move:
    draft = turn.state.draft
    unit, qr_code = (draft.unit, draft.qr_code) if draft else (None, None)
    survey = Survey(survey_id=turn.facts.fresh, unit=unit, qr_code=qr_code)
    return turn.stay().to("SKM", survey=survey)


def _words(turn: Turn) -> Move:
    """Begin a report, unless the menu only answered a greeting and the words have a ticket."""
    placed = placing.place(turn) if turn.state.draft is None else None
    if placed is not None:
        return placed
    if reports.tells(turn):
        return reports.onward(reports.keep(turn.stay(), turn), turn)
    return reports.miss(turn, then="onward")


CHOICES = (
    Row(chosen(*KINDS), "begins a report of that kind", _kind, (*REPORT, "RESUME")),
    Row(chosen("survey"), "asks the nine questions", _survey, ("SKM",)),
    Row(chosen("status"), "shows the latest reports", asides.statuses, ("STATUS",)),
    Row(chosen("language"), "switches the language and asks again", switch_language),
)

SCREENS = (
    Screen(
        name="MENU",
        ask=ask,
        rows=(
            *CHOICES,
            Row(a_greeting, "asks again", lambda turn: turn.stay().ask()),
            Row(some_thanks, "you are welcome", lambda turn: turn.stay().say("WELCOME").ask()),
            ANSWERED_LATE,
            Row(
                said,
                "begins a complaint, a short unknown word is kept and asked about once; without a "
                "poster or a wish to report it goes where words at rest go",
                _words,
                (SAME, *REPORT, IDLE, "FOLLOWUP_PICK"),
            ),
        ),
        ends=Ends(
            holds="nothing but the unit of a poster",
            after=lambda limits: limits.menu_life,
            goes="nothing was said",
            act=_over,
            to=(IDLE,),
        ),
    ),
)  # fmt: skip
