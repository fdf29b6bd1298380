"""How a ticket stands, in words a grandmother understands. Pure: a ticket and a moment in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.hospital.directory import Directory
from core.reading.reporter import Tracked, TrackedEvent, TrackedFile
from core.tickets.lifecycle import CLOSED, possible
from intake.channels.web.banners import Banner
from intake.language import duration, local_moment, translate
from intake.language import marked as _
from intake.statuses import ANSWERED, SEEN, STATUSES

# What each event is called on the timeline; what is not listed is nobody's news.
_WORDS: Final = {
    "received": _("Received"),
    "assigned": SEEN,
    "started": SEEN,
    "moved": _("Handed to %(unit)s"),
    "escalated": _("Raised to the management"),
    "asked": _("We asked you something"),
    "replied": ANSWERED,
    "followed_up": _("You added something"),
    "amended": _("You sent it again, with more in it"),
    "resolved": _("Solved, says %(unit)s"),
    "reopened": _("Opened again"),
    "confirmed": _("Solved, you say"),
    "withdrawn": _("Taken back by you"),
    "closed": _("Closed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineStep:
    """One mark on the timeline: done, now or ahead."""

    state: str
    words: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMessage:
    """One message, with the name it stands under."""

    author: str
    ours: bool
    at: datetime
    text: str
    files: tuple[TrackedFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The tracking page."""

    number: str
    badge: str
    status: str
    unit: str
    version: int
    promise: Banner | None
    steps: tuple[TimelineStep, ...]
    messages: tuple[ShownMessage, ...]
    stars: int | None
    asks_if_solved: bool
    asks_for_stars: bool
    may_add: bool


def progress_of(ticket: Tracked, directory: Directory, language: str, now: datetime) -> Progress:
    """Tell how a ticket stands, in a language and the hospital's local time."""
    verbs = possible(ticket.status)
    shown = STATUSES[ticket.status]
    return Progress(
        number=ticket.number,
        badge=shown.badge,
        status=translate(language, shown.reporter),
        unit=ticket.unit_name,
        version=ticket.version,
        promise=promise_of(ticket, directory.hospital.zone, language, now),
        steps=tuple(_steps(ticket, directory, language)),
        messages=tuple(_messages(ticket, directory, language)),
        stars=ticket.rating,
        asks_if_solved="confirm" in verbs,
        asks_for_stars="rate" in verbs,
        may_add="follow_up" in verbs,
    )


def promise_of(ticket: Tracked, zone: str, language: str, now: datetime) -> Banner | None:
    """Say what was promised and whether it is kept; an apology where one is due."""
    answered = ticket.first_response_at or ticket.resolved_at
    if answered is None and ticket.status is CLOSED:
        return None
    kind, title, text = _judged(ticket.due_at, answered, now)
    at = answered or now
    return Banner(
        kind,
        translate(language, title),
        translate(
            language,
            text,
            moment=local_moment(ticket.due_at, zone, language),
            span=duration(abs(ticket.due_at - at), language),
        ),
    )


def _judged(due: datetime, answered: datetime | None, now: datetime) -> Banner:
    if answered is None and now <= due:
        return Banner(
            "due",
            _("An answer is promised"),
            _("By %(moment)s at the latest: %(span)s from now."),
        )
    if answered is None:
        return Banner(
            "bad",
            _("The answer is late"),
            _("It was promised by %(moment)s. We are sorry. You can remind us below."),
        )
    if answered <= due:
        return Banner(
            "good",
            _("Promise kept"),
            _("Promised by %(moment)s; answered %(span)s earlier."),
        )
    return Banner(
        "warn",
        _("Answered late"),
        _("Promised by %(moment)s; the answer came %(span)s later. We are sorry."),
    )


def _steps(ticket: Tracked, directory: Directory, language: str) -> Iterator[TimelineStep]:
    told = list(_told(ticket.events))
    last = "done" if ticket.status is CLOSED else "now"
    unit = _first_unit(ticket, directory)
    for place, event in enumerate(told, start=1):
        unit = _unit_name(event, directory) or unit
        yield TimelineStep(
            state=last if place == len(told) else "done",
            words=translate(language, _WORDS[event.kind], unit=unit),
            at=event.at,
        )
    known = {_WORDS[event.kind] for event in _since_reopened(told)}
    for words in STATUSES[ticket.status].ahead:
        if words not in known:
            yield TimelineStep(
                state="ahead", words=translate(language, words, unit=ticket.unit_name)
            )


def _told(events: tuple[TrackedEvent, ...]) -> Iterator[TrackedEvent]:
    """Leave out what is nobody's news, and what would be said twice in a row."""
    before = ""
    for event in events:
        words = _WORDS.get(event.kind, before)
        if words != before:
            yield event
        before = words


def _since_reopened(events: list[TrackedEvent]) -> list[TrackedEvent]:
    places = [place for place, event in enumerate(events) if event.kind == "reopened"]
    return events[places[-1] :] if places else events


def _unit_name(event: TrackedEvent, directory: Directory) -> str | None:
    unit = directory.units.get(event.unit_id) if event.unit_id else None
    return unit.name if unit else None


def _first_unit(ticket: Tracked, directory: Directory) -> str:
    """Name the unit it began with: where it never moved, the one that has it."""
    first = next((event for event in ticket.events if event.kind == "moved"), None)
    unit = directory.units.get(first.origin_id) if first and first.origin_id else None
    return unit.name if unit else ticket.unit_name


def _messages(ticket: Tracked, directory: Directory, language: str) -> Iterator[ShownMessage]:
    names = {
        "submitter": translate(language, "You"),
        "staff": ticket.unit_name,
        "system": directory.hospital.name,
    }
    for message in ticket.messages:
        writer, author = message.writer, names[message.author]
        if writer.is_unproven:
            author = translate(language, "In your name, by e-mail; not proven")
        if writer.third_person:
            author = translate(language, "Somebody else, %(who)s", who=writer.third_person)
        yield ShownMessage(
            author=author,
            ours=message.author != "submitter",
            at=message.at,
            text=message.words,
            files=message.files,
        )
