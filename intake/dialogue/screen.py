"""Screen: one state of the conversation as a table a nurse could read.

A screen asks one question and has rows, read from top to bottom: when, what it does, where to.
"""

from collections.abc import Callable
from dataclasses import dataclass

from intake.dialogue.choices import greets, thanks
from intake.dialogue.events import Contact, Event
from intake.dialogue.facts import Facts
from intake.dialogue.replies import Say
from intake.dialogue.state import State
from intake.dialogue.turn import Move, Turn

SAME = "same"
"""In `to`: the screen may stay."""
BACK = "back"
"""In `to`: the screen from which an aside was opened, else IDLE."""
REPORT = ("UNIT", "DESC", "REVIEW")
"""In `to`: wherever the draft lacks something first."""

Ask = Callable[[State, Facts], Say | None]
Act = Callable[[Turn], Move]


@dataclass(frozen=True, slots=True)
class When:
    """A condition with the words the state table uses for it."""

    name: str
    holds: Callable[[Turn], bool]


@dataclass(frozen=True, slots=True)
class Row:
    """When this, do that, and end up on one of these screens."""

    when: When
    does: str
    act: Act
    to: tuple[str, ...] = (SAME,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A state: its question, and what each kind of answer does. The last row takes anything."""

    name: str
    ask: Ask
    rows: tuple[Row, ...]
    offer: Ask | None = None
    """What may be chosen where nothing is asked (the menu's words while idle)."""

    def offered(self, state: State, facts: Facts) -> Say | None:
        """Return what the person may choose from here."""
        return (self.offer or self.ask)(state, facts)


def chosen(*ids: str) -> When:
    """One of these buttons, pressed or typed."""
    name = " ".join(f"[{each}]" for each in ids)
    return When(name, lambda turn: turn.choice is not None and turn.choice.id in ids)


def happens(name: str, *events: type[Event]) -> When:
    """One of these kinds of event."""
    return When(name, lambda turn: isinstance(turn.event, events))


def only_text(turn: Turn) -> bool:
    """Tell whether the person typed words and chose nothing by them."""
    return bool(turn.text.strip()) and turn.choice is None


said = When("words, photo, file, voice, place", lambda turn: turn.said is not None)
a_greeting = When("a greeting", lambda turn: only_text(turn) and greets(turn.text))
some_thanks = When("thanks", lambda turn: only_text(turn) and thanks(turn.text))
own_number = When(
    "the person's own contact", lambda turn: isinstance(turn.event, Contact) and turn.event.own
)
