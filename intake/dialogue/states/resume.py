"""Coming back to a report that was not sent."""

from core.ground.text import first_words
from intake.dialogue import reports
from intake.dialogue.facts import Facts
from intake.dialogue.replies import Param, Say, Term, choices
from intake.dialogue.screen import REPORT, Ends, Row, Screen, chosen, said
from intake.dialogue.state import IDLE, Draft, Said, State
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


def _later(state: State) -> tuple[Said, ...]:
    """Return what was said after the old report: held still, or joined to it unanswered."""
    draft = state.draft
    joined = draft.said[len(draft.said) - draft.joined :] if draft and draft.joined else ()
    return (*joined, *state.held)


def _unanswered(turn: Turn) -> Move:
    """Put held words with the old report, from which an answer can still part them."""
    held, draft = turn.state.held, turn.state.draft
    if not held or draft is None:
        return turn.stay()
    joined = draft.joined + len(held)
    kept = reports.keep(turn.stay().note(held=()), turn, *held)
    return kept.draft(draft.draft_id, joined=joined).say("KEPT_UNSENT").ask()


def _restart(turn: Turn) -> Move:
    """Put the old report away; the new one knows the poster that was just scanned."""
    scan, held = turn.state.scan, _later(turn.state)
    move = turn.stay().note(draft=None, scan=None, held=())
    if scan:
        move = move.draft(turn.facts.fresh, unit=scan.unit, qr_code=scan.qr_code)
    if held:
        return reports.onward(reports.keep(move, turn, *held), turn)
    return move.draft(turn.facts.fresh).to("MENU")


def _delete(turn: Turn) -> Move:
    """Erase the old report; words that came after it begin a new one."""
    if _later(turn.state):
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
        ends=Ends(
            holds="the draft, and words that came after it",
            after=lambda limits: limits.which_life,
            goes="the words that came after are kept with the draft, and the person is told that "
            "nothing was sent; the draft as in every state of it",
            act=_unanswered,
        ),
    ),
)  # fmt: skip
