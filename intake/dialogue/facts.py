"""Facts: what the dialogue may know about the world in one step, handed in by the adapter.

Units, phones and limits change rarely and may be cached per process; the tickets of the chat,
`now` and `fresh` belong to the step.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz

from core.ground.limit import WindowLimit
from core.ground.rate_limits import CHAT_CODES, CHAT_MESSAGES, CHAT_REPORTS
from core.ground.spans import is_near
from core.tickets.lifecycle import WORKING
from intake.dialogue.spelling import plain

_ANSWER_LENGTH = 48
"""A longer text tells a story; it does not just name a unit."""
_SURE, _CLOSE = 82, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit a person can choose, with what people call it."""

    id: str
    code: str
    name: str
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every way to write this unit, in plain spelling."""
        return tuple(plain(name) for name in (self.code, self.name, *self.aliases))


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """The active units; `busiest` are shown as buttons, `desk` takes what nobody could place."""

    all: tuple[Unit, ...]
    busiest: tuple[str, ...]
    desk: str

    def get(self, unit_id: str | None) -> Unit | None:
        """Return a unit by id."""
        return next((unit for unit in self.all if unit.id == unit_id), None)

    def by_code(self, typed: str) -> Unit | None:
        """Return the unit whose poster code was typed, however it was spaced."""
        code = plain(typed).replace(" ", "")
        codes = ((unit, plain(unit.code).replace(" ", "")) for unit in self.all)
        return next((unit for unit, own in codes if own == code), None) if code else None

    def find(self, typed: str) -> tuple[Unit, ...]:
        """Return the units a person may mean, best first; one if it is clear, none if nothing."""
        words = plain(typed)
        if not words or len(words) > _ANSWER_LENGTH:
            return ()
        exact = tuple(unit for unit in self.all if words in unit.names)
        return exact or self._alike(words)

    def names(self, typed: str) -> bool:
        """Tell whether a text is nothing but a unit's name, typos allowed."""
        words = plain(typed)
        return any(fuzz.ratio(words, name) >= _SURE for unit in self.all for name in unit.names)

    def _alike(self, words: str) -> tuple[Unit, ...]:
        scores = [(max(_likeness(words, name) for name in unit.names), unit) for unit in self.all]
        best = max((score for score, _ in scores), default=0.0)
        near = [row for row in scores if row[0] >= _SURE and row[0] >= best - _CLOSE]
        return tuple(unit for _, unit in sorted(near, key=lambda row: -row[0]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A report at hand in this chat, as its submitter may see it."""

    number: str
    unit: str
    status: str
    since: datetime
    due: datetime | None = None
    answer: str = ""
    asked_at: datetime | None = None
    """When staff last asked something that was not answered yet."""
    heard_at: datetime | None = None
    """When anybody last did or said something about it; None: when it last moved."""
    is_linked: bool = True
    """Whether news of it comes to this chat; else its tracking code opened it here lately."""
    ended_by_person: bool = False
    """Whether the person said last that it is solved, or took it back."""
    rated_at: datetime | None = None

    @property
    def is_asking(self) -> bool:
        """Tell whether a question of staff waits for an answer."""
        return self.asked_at is not None and self.is_open

    @property
    def is_open(self) -> bool:
        """Tell whether somebody still owes an answer."""
        return self.status in WORKING


@dataclass(frozen=True, slots=True, kw_only=True)
class Phones:
    """The numbers people call; an empty one is left out of every sentence."""

    igd: str = ""
    emergency: str = ""
    crisis: str = ""
    staff: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much and how long; written once here."""

    messages: WindowLimit = CHAT_MESSAGES
    burst_pause: timedelta = timedelta(seconds=3)
    """How long the answer waits for further words; zero: each message is answered by itself."""
    burst_most: timedelta = timedelta(minutes=1)
    """How long it waits for somebody who makes no such pause."""
    silence: timedelta = timedelta(minutes=10)
    """How long after "please slow down" words are kept and answered together."""
    reports: WindowLimit = CHAT_REPORTS
    codes: WindowLimit = CHAT_CODES
    """Wrong tracking codes."""
    opened_life: timedelta = timedelta(hours=1)
    """How long a report is at hand in a chat that its tracking code opened there."""
    file_bytes: int = 20_000_000  # a bot may fetch no more: Bot API, getFile
    draft_characters: int = 30_000
    draft_messages: int = 60
    remind_after: timedelta = timedelta(minutes=30)
    remind_hours: tuple[int, int] = (8, 21)
    draft_life: timedelta = timedelta(days=7)
    cancelled_draft_life: timedelta = timedelta(hours=24)
    follow_up_life: timedelta = timedelta(minutes=10)
    question_life: timedelta = timedelta(hours=72)
    stars_life: timedelta = timedelta(hours=24)
    recent: timedelta = timedelta(days=14)
    """How long after it was heard of a ticket is what a person's further words are about."""
    which_life: timedelta = timedelta(minutes=10)
    """How long "which report?" waits; then the words go to the newest."""
    aside_life: timedelta = timedelta(hours=1)
    """How long a question about a ticket or a survey waits for words."""
    menu_life: timedelta = timedelta(hours=24)
    same_moment: timedelta = timedelta(minutes=1)
    """How long after sending words are taken for the end of what was sent."""
    run_gap: timedelta = timedelta(minutes=10)
    """Words on one ticket that follow each other faster are taken back together."""
    undo_life: timedelta = timedelta(hours=24)
    """How long words on a ticket can be made a report of their own by their button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that one step may know. `fresh` is an id never used before (for a new draft)."""

    now: datetime
    zone: str
    fresh: str
    hospital: str
    bot: str
    units: Units
    phones: Phones = Phones()
    form_url: str = ""
    tickets: tuple[Ticket, ...] = ()
    """Tickets linked to this chat, newest first; before them those that a code opened lately."""
    filed_today: int = 0
    first_name: str = ""
    limits: Limits = field(default_factory=Limits)

    def ticket(self, number: str | None) -> Ticket | None:
        """Return a linked ticket by its number."""
        return next((ticket for ticket in self.tickets if ticket.number == number), None)

    @property
    def open_tickets(self) -> tuple[Ticket, ...]:
        """Linked tickets that are still worked on, newest first."""
        return tuple(ticket for ticket in self.tickets if ticket.is_open)

    @property
    def recent_tickets(self) -> tuple[Ticket, ...]:
        """Open tickets that were heard of not long ago, newest first."""
        return tuple(ticket for ticket in self.open_tickets if self._is_recent(ticket))

    @property
    def possible_tickets(self) -> tuple[Ticket, ...]:
        """Tickets that words may be about: the open ones, else what staff ended not long ago."""
        ended = tuple(ticket for ticket in self.tickets if self._was_ended(ticket))
        return self.open_tickets or ended

    def _was_ended(self, ticket: Ticket) -> bool:
        return not ticket.is_open and not ticket.ended_by_person and self._is_recent(ticket)

    def _is_recent(self, ticket: Ticket) -> bool:
        return is_near(ticket.heard_at or ticket.since, self.now, self.limits.recent)

    @property
    def asked_ticket(self) -> Ticket | None:
        """The one open ticket whose question waits for this person, if it is exactly one."""
        since = self.now - self.limits.question_life
        asked = [t for t in self.open_tickets if t.asked_at and t.asked_at > since]
        return asked[0] if len(asked) == 1 else None

    @property
    def hour(self) -> int:
        """The hour on the hospital's clock."""
        return self.now.astimezone(ZoneInfo(self.zone)).hour

    def unit_name(self, unit_id: str | None) -> str:
        """Name a unit; empty where it is not chosen or no longer exists."""
        unit = self.units.get(unit_id)
        return unit.name if unit else ""


def _likeness(words: str, name: str) -> float:
    """Score 0–100 how well typed words fit a name: all of its words, typos allowed."""
    whole = fuzz.ratio(words, name)
    return max(whole, fuzz.token_set_ratio(words, name)) if len(words) > 2 else whole
