"""The report itself: where, what, and a look before it is sent."""

from core.ground.text import shorten
from intake.dialogue import reports
from intake.dialogue.facts import Facts
from intake.dialogue.replies import Choice, Param, Say, Term, choices
from intake.dialogue.screen import REPORT, SAME, WITH_DRAFT, Row, Screen, chosen, said, some_thanks
from intake.dialogue.state import IDLE, Draft, State
from intake.dialogue.turn import Move, Turn

_SHOWN_WORDS = 300
_MOST_BUTTONS = 6
_STORY = 40
"""Characters from which words on the unit screen are the story itself."""


def ask_unit(state: State, facts: Facts) -> Say:
    """Ask where it happened; offer the units that were meant, else the busiest."""
    ids = (state.hits or facts.units.busiest)[:_MOST_BUTTONS]
    units = [unit for unit in map(facts.units.get, ids) if unit]
    named = tuple(Choice(id="unit", about=unit.id, text=unit.name) for unit in units)
    key = "UNIT_WHICH" if state.hits else "UNIT"
    return Say(key=key, choices=(*named, *choices("unsure")), style="reply")


def ask_words(state: State, _facts: Facts) -> Say:
    """Ask what happened, in the words of the kind of report."""
    kind = state.draft.kind if state.draft else None
    return Say(
        key=f"DESC_{kind or 'complaint'}",
        choices=choices("continue", "cancel"),
        style="reply",
        numbers=False,
    )


def ask_yes(state: State, facts: Facts) -> Say:
    """Show the report and ask whether to send it."""
    draft = state.draft or Draft(draft_id="")
    return Say(
        key="REVIEW",
        params=summary(draft, facts),
        choices=choices("send", "identify", "edit", "cancel"),
        style="reply",
    )


def summary(draft: Draft, facts: Facts) -> dict[str, Param]:
    """Return what a person checks before sending."""
    return {
        "type": Term(f"label.{draft.kind or 'complaint'}"),
        "unit": facts.unit_name(draft.unit) or "-",
        "words": shorten(draft.words, _SHOWN_WORDS) or "-",
        "files": len(draft.files),
        "sender": " · ".join(filter(None, (draft.name, draft.phone))) or Term("ANONYMOUS"),
    }


def _set_unit(turn: Turn, unit_id: str) -> Move:
    return reports.onward(turn.stay().draft(turn.facts.fresh, unit=unit_id), turn)


def _chosen_unit(turn: Turn) -> Move:
    return _set_unit(turn, turn.choice.about if turn.choice else turn.facts.units.desk)


def _unsure(turn: Turn) -> Move:
    return _set_unit(turn, turn.facts.units.desk)


def _named_unit(turn: Turn) -> Move:
    """Take typed words as the unit's name, a few units, or part of the story."""
    hits = turn.facts.units.find(turn.text)
    move = turn.stay() if turn.facts.units.names(turn.text) else reports.keep(turn.stay(), turn)
    if len(hits) == 1:
        return reports.onward(move.draft(turn.facts.fresh, unit=hits[0].id), turn)
    if hits and not turn.state.hits:
        return move.note(hits=tuple(unit.id for unit in hits[:_MOST_BUTTONS])).ask()
    return _story(turn)


def _story(turn: Turn) -> Move:
    """Keep the words; the second time the triage desk finds the unit."""
    if turn.state.tries > 0:
        kept = reports.keep(turn.stay(), turn)
        return reports.onward(kept.draft(turn.facts.fresh, unit=turn.facts.units.desk), turn)
    kept = reports.keep(turn.stay(), turn).note(tries=1)
    long = turn.said is not None and (turn.said.file or len(turn.said.text) >= _STORY)
    return kept.say("KEPT" if long else "UNCLEAR").ask()


def _more(turn: Turn) -> Move:
    """Append; say "noted" after the first message only."""
    noted = turn.state.draft is not None and turn.state.draft.noted
    move = reports.keep(turn.stay(), turn).draft(turn.facts.fresh, noted=True)
    if noted or "FULL" in {say.key for say in move.replies}:
        return move
    return move.show(
        Say(key="NOTED", choices=choices("continue", "cancel"), style="reply", numbers=False)
    )


def _enough(turn: Turn) -> Move:
    if turn.state.begun:
        return reports.onward(turn.stay().draft(turn.facts.fresh, noted=True), turn)
    move = turn.stay().note(tries=turn.state.tries + 1).say("NOTHING_YET").ask()
    return reports.way_out(move, turn) if turn.state.tries > 0 else move


def _append(turn: Turn) -> Move:
    return reports.keep(turn.stay(), turn).to("REVIEW")


def cancel(turn: Turn) -> Move:
    """Stop here; the draft, and words held until now, are kept for a while: it may be a slip."""
    move = turn.stay().note(held=())
    if turn.state.held:
        move = reports.keep(move, turn, *turn.state.held)
    if move.state.begun:
        move = move.draft(turn.facts.fresh, cancelled=True).say("CANCELLED")
    else:
        move = move.note(draft=None).say("STOPPED")
    return move.to(IDLE, back=None, ticket=None, scan=None)


CANCEL = Row(chosen("cancel"), "stops; the draft is kept for a day", cancel, (IDLE,))

SCREENS = (
    Screen(
        name="UNIT",
        gathers=False,
        ask=ask_unit,
        rows=(
            Row(chosen("unit"), "takes that unit", _chosen_unit, REPORT),
            Row(chosen("unsure"), "leaves it to the triage desk", _unsure, REPORT),
            Row(some_thanks, "asks again", lambda turn: turn.stay().ask()),
            Row(said, "takes a unit's name, alias or code; offers a few that fit; else keeps the "
                "words, and the second time leaves the unit to the desk",
                _named_unit, (SAME, *REPORT)),
        ),
        ends=WITH_DRAFT,
    ),
    Screen(
        name="DESC",
        ask=ask_words,
        rows=(
            Row(chosen("continue"), "shows the report if anything was said", _enough,
                (SAME, *REPORT)),
            CANCEL,
            Row(some_thanks, "shows the report if anything was said", _enough, (SAME, *REPORT)),
            Row(said, "adds to the report, notes the first", _more),
        ),
        ends=WITH_DRAFT,
    ),
    Screen(
        name="REVIEW",
        ask=ask_yes,
        rows=(
            Row(chosen("send"), "files the report", reports.submit, (IDLE, SAME, *REPORT)),
            Row(chosen("identify"), "asks name and phone",
                lambda turn: turn.stay().to("NAME"), ("NAME",)),
            Row(chosen("edit"), "asks what to change",
                lambda turn: turn.stay().to("EDIT"), ("EDIT",)),
            CANCEL,
            Row(some_thanks, "says that it is not sent yet, and asks again",
                lambda turn: turn.stay().say("NOT_SENT_YET").ask()),
            Row(said, "adds to the report and shows it again", _append),
        ),
        ends=WITH_DRAFT,
    ),
)  # fmt: skip
