"""Coming back to a report that was not sent."""

from core.ground.text import first_words
from intake.dialogue import reports
from intake.dialogue.facts import Facts
from intake.dialogue.replies import Param, Say, Term, choices
from intake.dialogue.screen import REPORT, Row, Screen, chosen, said
from intake.dialogue.state import IDLE, Draft, State
from intake.dialogue.turn import Move, Turn

_SHOWN_WORDS = 60


def _ask(state: State, facts: Facts) -> Say:
    draft = state.draft or Draft(draft_id="")
    params: dict[str, Param] = {
        "type": Term(f"label.{draft.kind or 'complaint'}"),
        "unit": facts.unit_name(draft.unit) or "-",
        "words": first_words(draft.words, _SHOWN_WORDS),
        "here": facts.unit_name(state.scan.unit) if state.scan else "",
    }
    moved = state.scan is not None and state.scan.unit != draft.unit and params["here"]
    return Say(
        key="RESUME_AT" if moved else "RESUME",
        params=params,
        choices=choices("resume", "restart", "delete"),
        style="reply",
    )


def _resume(turn: Turn) -> Move:
    return reports.resume(reports.keep(turn.stay(), turn, *turn.state.held), turn)


def _append(turn: Turn) -> Move:
    """Add the new words to the old report and go on with it."""
    move = turn.stay()
    for each in (*turn.state.held, *((turn.said,) if turn.said else ())):
        move = reports.keep(move, turn, each)
    return reports.resume(move, turn)


def _restart(turn: Turn) -> Move:
    """Put the old report away; the new one knows the poster that was just scanned."""
    scan, held = turn.state.scan, turn.state.held
    move = turn.stay().note(draft=None, scan=None, held=())
    if scan:
        move = move.draft(turn.facts.fresh, unit=scan.unit, qr_code=scan.qr_code)
    return reports.onward(reports.keep(move, turn, *held), turn) if held else move.to("MENU")


def _delete(turn: Turn) -> Move:
    """Erase the old report; words that came after it begin a new one."""
    if turn.state.held:
        return _restart(turn)
    return turn.stay().note(draft=None, scan=None).say("DELETED").to(IDLE)


SCREENS = (
    Screen(
        name="RESUME",
        ask=_ask,
        rows=(
            Row(chosen("resume"), "goes on where it was left", _resume,
                (*reports.DRAFTING,)),
            Row(chosen("restart"), "begins anew, with the new unit", _restart, ("MENU", *REPORT)),
            Row(chosen("delete"), "erases it", _delete, (IDLE, *REPORT)),
            Row(said, "adds to it and goes on where it was left", _append,
                (*reports.DRAFTING,)),
        ),
    ),
)  # fmt: skip
