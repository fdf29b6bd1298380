"""Bursts: people write one thought in four messages; they are taken together and answered once.

What is written waits in the state, which is stored with every step, until nobody wrote for three
seconds (`facts.Limits`). Danger, buttons, commands, codes, files and answers to a question on the
screen do not wait: what was gathered is taken first, then they are.
"""

from dataclasses import replace
from typing import TypeGuard

from core.ground.text import is_readable
from core.triage.emergency import screen
from intake.dialogue import choices, pace, wording
from intake.dialogue.courtesy import thanks
from intake.dialogue.effects import AddComment, Effect, NoteRefusal, SaveStarsComment, Schedule
from intake.dialogue.events import Event, Text
from intake.dialogue.facts import Facts
from intake.dialogue.numbers import asks_about
from intake.dialogue.replies import Say
from intake.dialogue.screens import SCREENS
from intake.dialogue.spelling import plain
from intake.dialogue.state import Said, State
from intake.dialogue.states import menu
from intake.dialogue.turn import Move

TIMER = "answer"
"""Rings when a breath is over."""
_AT_REST = ("IDLE", "STATUS", "MENU")


def waits(state: State, event: Event, facts: Facts) -> bool:
    """Tell whether a message is words of a breath, which may not be over."""
    if not _is_words(event) or not facts.limits.burst_pause or not SCREENS[state.at].gathers:
        return False
    words = event.text
    if not is_readable(words) or words.startswith("/") or screen(words).alarm:
        return False
    if asks_about(words) or facts.units.by_code(words):
        return False
    asked = SCREENS[state.at].ask(state, facts)
    return asked is None or not _is_button(words, asked)


def ends(state: State, event: Event) -> bool:
    """Tell whether a message ends the breath it belongs to: it speaks of danger."""
    return bool(state.gathered) and _is_words(event) and screen(event.text).alarm


def _is_words(event: Event) -> TypeGuard[Text]:
    return isinstance(event, Text) and not (event.reply_to or event.opens or event.parts)


def _is_button(words: str, asked: Say) -> bool:
    """Tell whether exactly a button of the question was typed: its label or its number."""
    typed = plain(words)
    labels = (
        {plain(each.text)} if each.text else wording.labels(each.label) for each in asked.choices
    )
    return (asked.numbers and typed.isdigit()) or any(typed in each for each in labels)


def gather(
    state: State, event: Event, facts: Facts
) -> tuple[State, tuple[Say, ...], tuple[Effect, ...]]:
    """Let a message wait; whoever writes too fast is told, once, that all of it is kept."""
    limits, now = facts.limits, facts.now
    state = with_words(state, event, facts)
    last = (state.gathered_since or now) + limits.burst_most
    full = len(state.gathered) >= limits.draft_messages
    at = now if full else min(now + limits.burst_pause, last)
    effects: tuple[Effect, ...] = (Schedule(name=TIMER, at=at),)
    if pace.is_in_silence(state, facts) or state.pace.count <= limits.messages.most:
        return state, (), effects
    state = replace(state, pace=pace.silenced(facts))
    return state, (pace.slow(facts),), (*effects, NoteRefusal(limit=limits.messages))


def with_words(state: State, event: Event, facts: Facts) -> State:
    """Return the state with one more message in its breath."""
    text, message = (event.text, event.message) if isinstance(event, Text) else ("", None)
    state = pace.counted(state, event, facts)
    since = state.gathered_since if state.gathered else facts.now
    said = (*state.gathered, Said(text=text, message=message))
    return replace(state, gathered=said, gathered_since=since)


def breath(state: State, facts: Facts) -> tuple[Text, ...]:
    """Return what was gathered, as few messages: the wish to report, then all words as one.

    At rest a greeting in front of words is none of them, and a wish begins the report they are.
    """
    said, wish = state.gathered, None
    while len(said) > 1 and state.at in _AT_REST:
        wishes = _wishes(said[0].text, menu.ask(state, facts))
        if not (wishes or choices.greets(said[0].text) or thanks(said[0].text)):
            break
        wish = said[0] if wishes else wish
        said = said[1:]
    whole = "\n".join(each.text for each in said)
    words = Text(text=whole, message=said[0].message, parts=said)
    return (words,) if wish is None else (Text(text=wish.text, parts=(wish,)), words)


def parted(move: Move, event: Event) -> Move:
    """Put the single messages in the place of a breath, so that each can be edited and found."""
    if not isinstance(event, Text) or len(event.parts) < 2:
        return move
    whole = Said(text=event.text, message=event.message)

    def apart(said: tuple[Said, ...]) -> tuple[Said, ...]:
        return tuple(one for each in said for one in (event.parts if each == whole else (each,)))

    state = move.state
    draft, survey = state.draft, state.survey
    return replace(
        move,
        state=replace(
            state,
            draft=replace(draft, said=apart(draft.said)) if draft else None,
            survey=replace(survey, said=apart(survey.said)) if survey else None,
            held=apart(state.held),
            added=tuple(replace(run, said=apart(run.said)) for run in state.added),
        ),
        effects=tuple(
            replace(each, said=apart(each.said))
            if isinstance(each, AddComment | SaveStarsComment)
            else each
            for each in move.effects
        ),
    )


def _wishes(words: str, offered: Say) -> bool:
    """Tell whether words are nothing but the wish to report something."""
    chosen = choices.match(words, replace(offered, numbers=False))
    is_kind = chosen is not None and chosen.id in menu.KINDS
    return is_kind or plain(words) in wording.aliases("cmd-report")
