"""Pace: whoever sends too much is told once; all of it is kept, and answered when the burst ends.

Only words and files wait so. Danger, buttons, commands, codes and numbers of tickets never do.
"""

from dataclasses import replace

from core.ground.spans import is_near
from core.triage.emergency import screen
from intake.dialogue import asides, placing, reports
from intake.dialogue.effects import NoteRefusal, Schedule
from intake.dialogue.events import BY_PERSON, Event, Location, Media, Text, Unsupported
from intake.dialogue.facts import Facts
from intake.dialogue.numbers import asks_about
from intake.dialogue.replies import Say
from intake.dialogue.screen import is_courtesy
from intake.dialogue.state import IDLE, Pace, State
from intake.dialogue.turn import Move, Turn


def counted(state: State, event: Event, facts: Facts) -> State:
    """Count an event of the person; an album counts once, and a breath where it was gathered."""
    if not isinstance(event, BY_PERSON) or is_album_rest(state, event) or _is_breath(event):
        return state
    pace = state.pace
    if pace.since is None or not is_near(pace.since, facts.now, facts.limits.messages.within):
        pace = replace(pace, since=facts.now, count=0)
    return replace(state, pace=replace(pace, count=pace.count + 1))


def is_album_rest(state: State, event: Event) -> bool:
    """Tell whether an event is a further part of the album that was just answered."""
    return isinstance(event, Media) and event.group is not None and event.group == state.last_group


def is_quiet(turn: Turn) -> bool:
    """Tell whether words came from somebody who was told to slow down a short while ago."""
    return _may_wait(turn) and is_in_silence(turn.state, turn.facts)


def is_in_silence(state: State, facts: Facts) -> bool:
    """Tell whether the person was told to slow down a short while ago."""
    until, now = state.pace.quiet_until, facts.now
    return until is not None and now < until <= now + facts.limits.silence


def is_too_fast(turn: Turn) -> bool:
    """Tell whether these words or this file are one too many."""
    return _may_wait(turn) and turn.state.pace.count > turn.facts.limits.messages.most


def _may_wait(turn: Turn) -> bool:
    """Tell words and files, which are kept, from what has to be answered at once."""
    event = turn.event
    if not isinstance(event, Text | Media | Location | Unsupported) or _is_breath(event):
        return False
    if turn.choice is not None or (turn.said and screen(turn.said.text).alarm):
        return False
    return asks_about(turn.text) is None and turn.facts.units.by_code(turn.text) is None


def _is_breath(event: Event) -> bool:
    return isinstance(event, Text) and bool(event.parts)


def hush(turn: Turn) -> Move:
    """Keep the words where they belong and answer when the burst is over; a full draft says so."""
    kept = _kept(turn)
    told = tuple(say for say in kept.replies if say.key == "FULL")
    at = turn.facts.now + turn.facts.limits.burst_pause
    owing = replace(kept.state.pace, owes=True)
    kept = replace(kept, replies=told, asks=False).note(pace=owing)
    return kept.do(Schedule(name="answer", at=at))


def _kept(turn: Turn) -> Move:
    """Put words on their ticket, with those that are held, or into the draft."""
    at, said = turn.state.at, placing.heard(turn)
    reply_to = getattr(turn.event, "reply_to", None)
    if said and turn.facts.ticket(reply_to):
        return asides.comment(turn, reply_to or "")
    if said and at in ("FOLLOWUP", "NOTYET"):
        return asides.comment(turn, turn.state.ticket or "")
    if at == "FOLLOWUP_PICK" or (at == "RESUME" and turn.state.held):
        return turn.stay().note(held=(*turn.state.held, *said))
    at_rest = at in (IDLE, "STATUS") or (at == "MENU" and turn.state.draft is None)
    placed = placing.place(turn) if said and at_rest and not is_courtesy(turn) else None
    return placed or reports.keep(turn.stay(), turn)


def slow_down(turn: Turn) -> Move:
    """Say so once; what follows is answered together."""
    told = hush(turn).note(pace=silenced(turn.facts, owes=True))
    return told.show(slow(turn.facts)).do(NoteRefusal(limit=turn.facts.limits.messages))


def silenced(facts: Facts, *, owes: bool = False) -> Pace:
    """Return the pace of somebody who is told to slow down now."""
    return Pace(quiet_until=facts.now + facts.limits.silence, owes=owes)


def slow(facts: Facts) -> Say:
    """Say that it is too fast, and that nothing is lost."""
    return Say(key="SLOW", params={"igd": asides.urgent_phones(facts)})


def answer(turn: Turn) -> Move:
    """Say, once the burst is over, that all of it is kept, and ask the present question."""
    pace = turn.state.pace
    if not pace.owes:
        return turn.stay()
    return turn.stay().note(pace=replace(pace, owes=False)).say("KEPT_ALL").ask()
