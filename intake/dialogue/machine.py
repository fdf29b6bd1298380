"""The machine: one event in one state gives the next state, what is said, what is done.

Pure: no clock, no channel, no database. The global rules are tried first, then the state's own
table; then nothing that was said may be missing, danger is answered first, and timers are set.
"""

from dataclasses import dataclass, replace

from core.triage.emergency import screen
from intake.dialogue import asides, bursts, choices, commands, pace, reports, survey, timing
from intake.dialogue.edits import knows
from intake.dialogue.effects import (
    AddComment,
    Effect,
    FetchFile,
    RaiseAlarm,
    ResumeNotices,
    SaveStarsComment,
)
from intake.dialogue.events import BY_PERSON, Command, Edited, Event, Media, Press, Text
from intake.dialogue.facts import Facts
from intake.dialogue.replies import Choice, Say, Size
from intake.dialogue.reports import DRAFTING
from intake.dialogue.rules import RULES
from intake.dialogue.screen import Row
from intake.dialogue.screens import SCREENS
from intake.dialogue.state import IDLE, Draft, State
from intake.dialogue.states import menu
from intake.dialogue.turn import Move, Turn, heard

__all__ = ["SCREENS", "Step", "decide", "finish", "read", "sorry", "step"]

HOLDING = ("FOLLOWUP_PICK", "RESUME")
"""Screens that hold words until the person says where they belong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What comes of one event. Effects are done in their order, in one transaction."""

    state: State
    replies: tuple[Say, ...] = ()
    effects: tuple[Effect, ...] = ()


def step(state: State, event: Event, facts: Facts) -> Step:
    """Return what comes of one event; never raises for any event in any state."""
    turn, notices = read(state, event, facts)
    return finish(turn, decide(turn).act(turn), notices)


def sorry(state: State) -> Step:
    """Return what to say when our own machinery failed; the state stays as it was."""
    return Step(state=state, replies=(Say(key="SORRY"),))


def read(state: State, event: Event, facts: Facts) -> tuple[Turn, tuple[Say, ...]]:
    """Read an event in its state: what was offered, chosen, said; what must be said first."""
    state = _wishing_to_report(pace.counted(state, event, facts), event, facts)
    plain_event, notices = _plainly(state, event, facts)
    offer = SCREENS[state.at].offered(state, facts)
    turn = Turn(
        state=state,
        event=plain_event,
        facts=facts,
        offer=offer,
        choice=_choice(state, plain_event, offer),
        said=heard(plain_event, state.lang),
    )
    return turn, notices


def decide(turn: Turn) -> Row:
    """Return the first row that holds: of the global rules, then of the state."""
    rows = (*RULES, *SCREENS[turn.state.at].rows)
    return next(row for row in rows if row.when.holds(turn))


def finish(turn: Turn, move: Move, notices: tuple[Say, ...] = ()) -> Step:
    """Complete a move: nothing lost, danger first, timers set, the question asked."""
    move = _touched(turn, _fetched(turn, _nothing_lost(turn, move)))
    alarm, move = _alarmed(turn, _urgent(turn, move))
    move = bursts.parted(move, turn.event)
    state = move.state
    asked = SCREENS[state.at].ask(state, turn.facts) if move.asks else None
    replies = (*notices, *move.replies, *((asked,) if asked else ()))
    if pace.is_album_rest(turn.state, turn.event):
        replies = ()
    if isinstance(turn.event, Media):
        state = replace(state, last_group=turn.event.group)
    return Step(
        state=state,
        replies=tuple(replace(say, version=state.version) for say in (*alarm, *replies)),
        effects=(*move.effects, *timing.timers(turn, state)),
    )


def _plainly(state: State, event: Event, facts: Facts) -> tuple[Event, tuple[Say, ...]]:
    """Say the same event more simply, and what has to be said about it first."""
    if isinstance(event, Edited) and not event.ticket and not knows(state, event):
        return Text(text=event.text, message=event.message), ()
    event = _command(event)
    if isinstance(event, Command) and (said := _said_by(event)):
        return Text(text=said, message=event.message), ()
    if isinstance(event, Media) and event.caption and event.size > facts.limits.file_bytes:
        words = Text(text=event.caption, message=event.message, reply_to=event.reply_to)
        return words, (Say(key="TOOBIG", params={"limit": Size(facts.limits.file_bytes)}),)
    return event, ()


def _command(event: Event) -> Event:
    """Read a slash that was typed as a command."""
    if not isinstance(event, Text) or not event.text.startswith("/"):
        return event
    name, _, argument = event.text[1:].partition(" ")
    return Command(name=name, argument=argument.strip(), message=event.message)


def _wishing_to_report(state: State, event: Event, facts: Facts) -> State:
    """Stand at the menu if words come with the command to report: they are a new report."""
    event = _command(event)
    known = commands.named(event.name) if isinstance(event, Command) else None
    begins = known is not None and known.act is menu.begin
    if not begins or not getattr(event, "argument", "") or state.begun:
        return state
    if state.at not in (IDLE, "STATUS", "MENU"):
        return state
    return replace(state, at="MENU", draft=state.draft or Draft(draft_id=facts.fresh))


def _said_by(command: Command) -> str:
    """Return the words that came with a command that begins something, or is none of ours."""
    known = commands.named(command.name)
    if known is None:
        return f"{command.name} {command.argument}".strip()
    return command.argument if known.act is menu.begin else ""


def _choice(state: State, event: Event, offer: Say | None) -> Choice | None:
    """Return the choice that was pressed on the present question, or typed."""
    if offer is None:
        return None
    if isinstance(event, Text):
        return choices.match(event.text, offer)
    if not isinstance(event, Press) or not _is_present(state, event):
        return None
    same = (each for each in offer.choices if (each.id, each.about) == (event.id, event.about))
    return next(same, None)


def _is_present(state: State, press: Press) -> bool:
    """Tell whether a button is of the present question, or sends the very report that it shows.

    Words that come in the same moment show the report anew; "send" then means it with them.
    """
    draft = state.draft
    if press.id == "send" and state.at == "REVIEW" and draft and draft.reviewed:
        return draft.reviewed <= press.version <= state.version
    return press.version == state.version


def _nothing_lost(turn: Turn, move: Move) -> Move:
    """Keep held words and a survey under way when a rule leads away from their screens."""
    move = move.note(back=move.state.back if move.state.at in asides.ASIDES else None)
    state = move.state
    screens = {state.at, state.back}
    if state.held and screens.isdisjoint(HOLDING):
        move = reports.keep(move.note(held=()), turn, *state.held)
    if state.survey and screens.isdisjoint(("SKM", "SKM_COMMENT")):
        move = move.note(survey=None).do(*survey.saved(state.survey))
    return move


def _fetched(turn: Turn, move: Move) -> Move:
    file = turn.said.file if turn.said else None
    if file is None or file.size > turn.facts.limits.file_bytes:
        return move
    return move.do(FetchFile(file=file))


def _touched(turn: Turn, move: Move) -> Move:
    """Remember when and on which screen the person last worked on the draft."""
    if not isinstance(turn.event, BY_PERSON):
        return move
    if turn.state.blocked_at:
        move = move.note(blocked_at=None).do(ResumeNotices())
    draft_now = move.state.draft
    if draft_now is None:
        return move
    if move.state.at == "REVIEW" and not draft_now.reviewed:
        move = move.draft(draft_now.draft_id, reviewed=move.state.version)
    at = move.state.at if move.state.at in DRAFTING else draft_now.at
    return move.draft(draft_now.draft_id, at=at, touched=turn.facts.now)


def _urgent(turn: Turn, move: Move) -> Move:
    """Mark a draft into which words of danger came, also if they were held elsewhere first."""
    after, before = move.state.draft, turn.state.draft
    if after is None or after.urgent:
        return move
    new = set(after.said) - set(before.said if before else ())
    urgent = any(screen(said.text).alarm for said in new)
    return move.draft(after.draft_id, urgent=True) if urgent else move


def _alarmed(turn: Turn, move: Move) -> tuple[tuple[Say, ...], Move]:
    """Answer words of danger first, once per draft, and tell the duty officer at once."""
    said = turn.said
    found = screen(said.text) if said and said.text else None
    if said is None or found is None or not found.alarm:
        return (), move
    draft_now = move.state.draft
    mine = draft_now is not None and said in draft_now.said
    told = turn.state.draft is not None and turn.state.draft.urgent
    alarm = RaiseAlarm(
        said=said,
        matched=found.words,
        unit=draft_now.unit if draft_now else None,
        ticket=_commented(move.effects),
        draft_id=draft_now.draft_id if draft_now and mine else None,
    )
    first = () if told and mine else (asides.emergency(turn.facts, self_harm=found.self_harm),)
    return first, move.do(alarm)


def _commented(effects: tuple[Effect, ...]) -> str | None:
    """Return the ticket that the words went to."""
    on_ticket = (each for each in effects if isinstance(each, AddComment | SaveStarsComment))
    return next((effect.ticket for effect in on_ticket), None)
