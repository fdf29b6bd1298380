"""What happened to a ticket, each event as a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from core.hospital.directory import Directory
from core.reading.case import EventOnCase, NoticeOnCase
from intake.console.fields import uuid_of
from intake.console.labels import GRADES, channel_word
from intake.language import Language, translate
from intake.language import marked as _

SENTENCES: Final = {
    "received": _("The report arrived."),
    "assigned": _("%(who)s gave it to %(to)s."),
    "moved": _("%(who)s moved it from %(origin)s to %(unit)s."),
    "started": _("%(who)s began to work on it."),
    "replied": _("%(who)s answered."),
    "asked": _("%(who)s asked something back."),
    "noted": _("%(who)s wrote an internal note."),
    "graded": _("%(who)s set the risk: %(grade)s."),
    "escalated": _("%(who)s raised it to those above."),
    "resolved": _("%(who)s said that it is solved."),
    "closed": _("%(who)s closed it."),
    "reopened": _("%(who)s opened it again."),
    "followed_up": _("%(who)s added something."),
    "confirmed": _("%(who)s confirmed that it is solved."),
    "withdrawn": _("%(who)s took it back."),
    "rated": _("%(who)s gave %(stars)s of 5 stars."),
    "merged": _("%(who)s merged another report into this one."),
    "linked": _("%(who)s linked it with another report."),
    "readdressed": _("%(who)s gave another address: %(channel)s."),
    "named": _("%(who)s named somebody whom it is about."),
    "delivery_failed": _("A notice did not arrive (%(channel)s)."),
    "call_needed": _("No written way is left: somebody has to call."),
    "called": _("%(who)s told it by telephone."),
    "call_tried": _("%(who)s called in vain, attempt %(attempts)s."),
    "call_given_up": _("%(who)s reached nobody by telephone; the calls end."),
}
ACTORS: Final = {"submitter": _("The person"), "system": _("The system"), "staff": _("Staff")}
SOMEBODY: Final = _("somebody")
A_UNIT: Final = _("another unit")


@dataclass(frozen=True, slots=True, kw_only=True)
class HistorySentence:
    """A line of the history as it is shown."""

    text: str
    at: datetime
    notices: tuple[NoticeOnCase, ...]


def sentences(
    history: tuple[EventOnCase, ...],
    people: Mapping[UUID, str],
    directory: Directory,
    language: Language,
) -> tuple[HistorySentence, ...]:
    """Write the history, the oldest first."""
    return tuple(
        HistorySentence(
            text=_sentence(event, people, directory, language), at=event.at, notices=event.notices
        )
        for event in history
    )


def _sentence(
    event: EventOnCase, people: Mapping[UUID, str], directory: Directory, language: Language
) -> str:
    message = SENTENCES.get(event.kind)
    if message is None:
        return event.kind
    facts = {name: str(value) for name, value in event.data.items()}
    grade = GRADES.get(facts.get("to", ""))
    return translate(
        language,
        message,
        who=event.name or translate(language, ACTORS[event.actor]),
        to=people.get(_id(facts, "to"), translate(language, SOMEBODY)),
        origin=_unit(directory, _id(facts, "origin"), language),
        unit=_unit(directory, _id(facts, "to"), language),
        grade=translate(language, grade.text) if grade else "",
        stars=facts.get("stars", "?"),
        attempts=facts.get("attempts", "?"),
        channel=channel_word(directory, language, facts.get("channel", "")).text,
    )


def _id(facts: Mapping[str, str], name: str) -> UUID:
    return uuid_of(facts.get(name, "")) or UUID(int=0)


def _unit(directory: Directory, unit_id: UUID, language: Language) -> str:
    unit = directory.units.get(unit_id)
    return unit.name if unit else translate(language, A_UNIT)
