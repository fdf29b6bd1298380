"""Reports: what can be done with a draft. Words go in, and nothing takes them out by accident."""

from dataclasses import replace

from intake.dialogue import wording
from intake.dialogue.effects import NoteRefusal, Submit
from intake.dialogue.state import IDLE, Draft, Said, Sent
from intake.dialogue.turn import Move, Turn

DRAFTING = ("UNIT", "DESC", "REVIEW", "EDIT", "KIND", "REWRITE", "NAME", "PHONE")
"""The screens on which a draft is written."""

_LONG_ENOUGH = 10
"""Characters that make typed words a report rather than a word of the menu."""


def keep(move: Move, turn: Turn, *said: Said) -> Move:
    """Put what was said into the draft, begun if there is none.

    A full draft takes no more of what is said now, and says so; what was taken before and is
    handed in as `said` is kept all the same.
    """
    new = said or ((turn.said,) if turn.said else ())
    if not new:
        return move
    draft = move.state.draft or Draft(draft_id=turn.facts.fresh)
    if not said and is_full(draft, turn):
        return move.say("FULL")
    return move.draft(draft.draft_id, said=(*draft.said, *new), cancelled=False)


def is_full(draft: Draft, turn: Turn) -> bool:
    """Tell whether a draft has reached the limits of one report."""
    limits = turn.facts.limits
    return len(draft.said) >= limits.draft_messages or len(draft.words) >= limits.draft_characters


def tells(turn: Turn) -> bool:
    """Tell whether something was said that is a report, not a word of the menu."""
    said = turn.said
    return said is not None and (said.file is not None or len(said.text.strip()) >= _LONG_ENOUGH)


def onward(move: Move, turn: Turn) -> Move:
    """Go where the draft lacks something: the unit, the words, or the person's yes."""
    draft = move.state.draft or Draft(draft_id=turn.facts.fresh)
    move = move.draft(draft.draft_id, kind=draft.kind or "complaint", cancelled=False)
    if draft.unit is None:
        return move.to("UNIT")
    return move.to("DESC" if is_thin(draft) else "REVIEW")


def is_thin(draft: Draft) -> bool:
    """Tell whether a draft says too little to be shown, and more was not asked for yet."""
    few = not draft.files and len(draft.words) < _LONG_ENOUGH
    return not draft.begun or (few and not draft.noted)


def new_report(turn: Turn, *said: Said) -> Move:
    """Begin a report with these words; an unsent one is offered first."""
    if turn.state.begun:
        return turn.stay().to("RESUME", held=said, back=None)
    return onward(keep(turn.stay().note(held=(), back=None), turn, *said), turn)


def miss(turn: Turn, then: str | None = None) -> Move:
    """Not understood: keep the words in the report and ask again; twice, go on to `then`.

    The third time on one screen the ways to a human are shown.
    """
    kept = keep(turn.stay(), turn)
    tries = turn.state.tries + 1
    if tries > 1 and then:
        return onward(kept, turn) if then == "onward" else kept.to(then)
    kept = kept.note(tries=tries).say("UNCLEAR").ask()
    return way_out(kept, turn) if tries > 2 else kept


def way_out(move: Move, turn: Turn) -> Move:
    """Tell how to reach a human."""
    facts = turn.facts
    ways = " · ".join(filter(None, (facts.phones.staff, facts.form_url)))
    return move.say("EXIT", ways=ways) if ways else move.say("EXIT_DESK")


def submit(turn: Turn) -> Move:
    """Send the draft, once; `Filed` brings the number."""
    draft, facts = turn.state.draft, turn.facts
    if draft is None or not draft.begun:
        return onward(turn.stay(), turn)
    if facts.filed_today >= facts.limits.reports.most and not draft.urgent:
        told = turn.stay().say("TOO_MANY").do(NoteRefusal(limit=facts.limits.reports))
        return way_out(told, turn).ask()
    sent = Sent(draft_id=draft.draft_id, urgent=draft.urgent, at=facts.now)
    move = turn.stay().do(submission(draft, turn))
    return move.to(IDLE, draft=None, scan=None, sent=sent, back=None)


def submission(draft: Draft, turn: Turn) -> Submit:
    """Return the report as it is filed."""
    files = len(draft.files)
    return Submit(
        draft_id=draft.draft_id,
        kind=draft.kind or "complaint",
        unit=draft.unit or turn.facts.units.desk,
        qr_code=draft.qr_code,
        words=draft.words or wording.spoken("SAID_files", turn.state.lang, count=files),
        said=draft.said,
        name=draft.name,
        phone=draft.phone,
        anonymous=draft.name is None and draft.phone is None,
        urgent=draft.urgent,
        language=turn.state.lang,
    )


def reword(turn: Turn) -> Move:
    """Replace the words of the draft by the new ones; files stay."""
    draft = turn.state.draft
    if draft is None or turn.said is None:
        return onward(turn.stay(), turn)
    files = tuple(replace(said, text="") for said in draft.said if said.file)
    move = turn.stay().draft(draft.draft_id, said=(*files, turn.said))
    return move.to("REVIEW")


def without_files(turn: Turn) -> Move:
    """Take the files out of the draft; their captions stay."""
    draft = turn.state.draft
    if draft is None:
        return onward(turn.stay(), turn)
    words = tuple(replace(said, file=None) for said in draft.said if said.text)
    return onward(turn.stay().draft(draft.draft_id, said=words), turn)


def resume(move: Move, turn: Turn) -> Move:
    """Go back to the screen where the draft was left."""
    at = move.state.draft.at if move.state.draft else ""
    move = move.note(scan=None, held=())
    move = move.draft(turn.facts.fresh, cancelled=False, joined=0)
    return move.to(at) if at else onward(move, turn)
