"""Screen: one state of the conversation as a table a nurse could read.

A screen asks one question and has rows, read from top to bottom: when, what it does, where to.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from intake.dialogue.choices import greets
from intake.dialogue.courtesy import only_thanks, thanks
from intake.dialogue.events import Contact, Event, Text, Unsupported
from intake.dialogue.facts import Facts, Limits
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
class Ends:
    """How a state ends by itself: what it holds, when it is over, where the words go then."""

    holds: str
    after: Callable[[Limits], timedelta]
    """How long it lasts, counted from the person's last word."""
    goes: str
    act: Act | None = None
    """What happens then; None: the draft's own timers end it, or there is nothing to end."""
    to: tuple[str, ...] = (SAME,)


WITH_DRAFT = Ends(
    holds="the draft, which nobody else has seen",
    after=lambda limits: limits.draft_life,
    goes="a reminder by day; then it is erased, and the person is told",
)
"""How the states end in which a draft is written: no state of them decides where words go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A state: its question, and what each kind of answer does. The last row takes anything."""

    name: str
    ask: Ask
    rows: tuple[Row, ...]
    ends: Ends
    gathers: bool = True
    """Whether words written in one breath are taken together; else each is answered at once."""
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


def is_courtesy(turn: Turn) -> bool:
    """Tell whether a text or a sticker only thanks or assents, and answers no question of staff.

    Where staff asked something, "yes" and "ok" are the answer; only thanks alone are none.
    """
    event = turn.event
    if isinstance(event, Unsupported):
        return event.kind in _WARM_THINGS and not is_asked(turn)
    return (only_thanks if is_asked(turn) else thanks)(turn.text)


def is_asked(turn: Turn) -> bool:
    """Tell whether a question of staff waits for what the person says here."""
    about = turn.event.reply_to if isinstance(turn.event, Text) else None
    ticket = turn.facts.ticket(about or turn.state.ticket)
    return turn.facts.asked_ticket is not None or (ticket is not None and ticket.is_asking)


_WARM_THINGS = ("sticker", "animation")
"""What people send instead of thanks, and what carries no report."""

said = When("words, photo, file, voice, place", lambda turn: turn.said is not None)
a_greeting = When("a greeting", lambda turn: only_text(turn) and greets(turn.text))
some_thanks = When("thanks or assent", lambda turn: only_text(turn) and is_courtesy(turn))
own_number = When(
    "the person's own contact", lambda turn: isinstance(turn.event, Contact) and turn.event.own
)
