"""Timing: when a chat wants to be told again, for its draft, its state, and what it remembers."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from intake.dialogue.effects import Schedule
from intake.dialogue.events import BY_PERSON
from intake.dialogue.facts import Facts
from intake.dialogue.screens import SCREENS
from intake.dialogue.state import Said, State
from intake.dialogue.turn import Turn


def timers(turn: Turn, state: State) -> tuple[Schedule, ...]:
    """Set the times that the state needs, after something the person did, or where it is new."""
    now, limits, before = turn.facts.now, turn.facts.limits, turn.state
    spoke = isinstance(turn.event, BY_PERSON)
    times: list[Schedule] = []
    if spoke or _said(state) != _said(before):
        times += _draft_times(turn, state)
    ends = SCREENS[state.at].ends
    if ends.act and (spoke or (state.at, state.version) != (before.at, before.version)):
        times.append(Schedule(name="end", at=now + ends.after(limits)))
    if state.added and state.added != before.added:
        times.append(Schedule(name="undo", at=now + limits.undo_life))
    if state.opened and state.opened != before.opened:
        times.append(Schedule(name="opened", at=now + limits.opened_life))
    return tuple(times)


def _draft_times(turn: Turn, state: State) -> tuple[Schedule, ...]:
    """Set when to remind of the draft, and when it is erased."""
    now, limits, draft = turn.facts.now, turn.facts.limits, state.draft
    if draft is None or not draft.begun:
        return ()
    life = limits.cancelled_draft_life if draft.cancelled else limits.draft_life
    expire = Schedule(name="expire", at=now + life)
    if draft.cancelled or draft.reminded:
        return (expire,)
    remind = Schedule(name="remind", at=daytime(now + limits.remind_after, turn.facts))
    return expire, remind


def _said(state: State) -> tuple[Said, ...]:
    return state.draft.said if state.draft else ()


def daytime(at: datetime, facts: Facts) -> datetime:
    """Return a moment, moved to the next morning if the hospital sleeps then."""
    first, last = facts.limits.remind_hours
    local = at.astimezone(ZoneInfo(facts.zone))
    if first <= local.hour < last:
        return at
    day = local if local.hour < first else local + timedelta(days=1)
    return day.replace(hour=first, minute=0, second=0, microsecond=0).astimezone(UTC)
