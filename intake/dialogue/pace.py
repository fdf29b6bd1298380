"""Pace: whoever sends too much is told once, then kept in silence; the words are kept too."""

from dataclasses import replace

from core.ground.spans import is_near
from intake.dialogue import reports
from intake.dialogue.events import BY_PERSON, Event, Media
from intake.dialogue.facts import Facts
from intake.dialogue.state import Pace, State
from intake.dialogue.turn import Move, Turn


def counted(state: State, event: Event, facts: Facts) -> State:
    """Count an event of the person; an album counts once."""
    if not isinstance(event, BY_PERSON) or is_album_rest(state, event):
        return state
    pace = state.pace
    if pace.since is None or not is_near(pace.since, facts.now, facts.limits.messages.within):
        pace = replace(pace, since=facts.now, count=0)
    return replace(state, pace=replace(pace, count=pace.count + 1))


def is_album_rest(state: State, event: Event) -> bool:
    """Tell whether an event is a further part of the album that was just answered."""
    return isinstance(event, Media) and event.group is not None and event.group == state.last_group


def is_quiet(turn: Turn) -> bool:
    """Tell whether the person was told to slow down a short while ago."""
    until, now = turn.state.pace.quiet_until, turn.facts.now
    if until is None or not isinstance(turn.event, BY_PERSON):
        return False
    return now < until <= now + turn.facts.limits.silence


def is_too_fast(turn: Turn) -> bool:
    """Tell whether this message is one too many."""
    counts = isinstance(turn.event, BY_PERSON)
    return counts and turn.state.pace.count > turn.facts.limits.messages.most


def hush(turn: Turn) -> Move:
    """Keep the words in the draft and say nothing."""
    return replace(reports.keep(turn.stay(), turn), replies=())


def slow_down(turn: Turn) -> Move:
    """Say so once, then be silent for a while."""
    silence = turn.facts.limits.silence
    pace = Pace(quiet_until=turn.facts.now + silence)
    minutes = int(silence.total_seconds() // 60)
    return hush(turn).note(pace=pace).say("SLOW", minutes=minutes)
