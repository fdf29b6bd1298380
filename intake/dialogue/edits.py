"""Edited messages: the words change where they are kept; on a ticket they are added."""

from dataclasses import replace

from core.ground.text import clean_line
from intake.dialogue.effects import AddComment
from intake.dialogue.events import Edited
from intake.dialogue.state import Said, State
from intake.dialogue.states.sender import is_name
from intake.dialogue.turn import Move, Turn


def take(turn: Turn) -> Move:
    """Replace what that message said, or add the new wording to its ticket."""
    event = turn.event
    if not isinstance(event, Edited):
        return turn.stay()
    move = turn.stay()
    move = replace(move, state=replaced(move.state, event))
    if event.ticket and not knows(turn.state, event):  # else they were taken off that ticket
        heard = Said(text=event.text, message=event.message)
        comment = AddComment(ticket=event.ticket, said=(heard,), edited=True)
        return move.do(comment).say("EDITED", no=event.ticket)
    move = move.say("CHANGED")
    return move.ask() if turn.state.at == "REVIEW" else move


def replaced(state: State, event: Edited) -> State:
    """Return the state in which that message says something else."""
    draft, survey = state.draft, state.survey
    if draft:
        draft = replace(draft, said=_reworded(draft.said, event))
        if draft.name_message == event.message and is_name(event.text):
            draft = replace(draft, name=clean_line(event.text))
    if survey:
        survey = replace(survey, said=_reworded(survey.said, event))
    held = _reworded(state.held, event)
    added = tuple(replace(run, said=_reworded(run.said, event)) for run in state.added)
    return replace(state, draft=draft, survey=survey, held=held, added=added)


def knows(state: State, event: Edited) -> bool:
    """Tell whether the edited words have a place: a name that became a sentence has none."""
    draft, survey = state.draft, state.survey
    said = (*state.held, *(draft.said if draft else ()), *(survey.said if survey else ()))
    named = draft is not None and draft.name_message == event.message and is_name(event.text)
    return named or any(each.message == event.message for each in said)


def _reworded(said: tuple[Said, ...], event: Edited) -> tuple[Said, ...]:
    return tuple(
        replace(each, text=event.text) if each.message == event.message else each for each in said
    )
