"""What happened to a ticket, each event as a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from core.ground.base import Json
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
    "joined_in": _("Somebody else wrote about it."),
    "involved": _("It was also sent to %(unit)s, which sees it too."),
    "amended": _("%(who)s sent the report again, and it says more: %(what)s."),
    "confirmed": _("%(who)s confirmed that it is solved."),
    "withdrawn": _("%(who)s took it back."),
    "rated": _("%(who)s gave %(stars)s of 5 stars."),
    "merged": _("%(who)s merged another report into this one."),
    "linked": _("%(who)s linked it with another report."),
    "readdressed": _("%(who)s gave another address: %(channel)s."),
    "named": _("%(who)s named somebody whom it is about."),
    "original_opened": _("%(who)s opened the original of a file, and says why: %(reason)s"),
    "delivery_failed": _("A notice did not arrive (%(channel)s)."),
    "unwanted": _(
        "The person's provider reports a notice as unwanted (%(channel)s): no more go there."
    ),
    "call_needed": _("No written way is left: somebody has to call."),
    "called": _("%(who)s told it by telephone."),
    "call_tried": _("%(who)s called in vain, attempt %(attempts)s."),
    "call_given_up": _("%(who)s reached nobody by telephone; the calls end."),
}
AMENDED: Final = {
    "name": _("name"),
    "email": _("e-mail"),
    "phone": _("telephone"),
    "address": _("home address"),
    "places": _("where news goes from now on"),
    "unknown": _("wants to stay unknown"),
    "kind": _("kind of report"),
    "category": _("category"),
    "urgency": _("urgency"),
}
"""What a report sent again can bring beside words, files and its unit."""
LEFT: Final = _("another unit, which was not followed because staff work on it")
ACTORS: Final = {"submitter": _("The person"), "system": _("The system"), "staff": _("Staff")}
SOMEBODY_ELSE: Final = _("A third person")
UNPROVEN: Final = _("%(sentence)s The sender is not proven.")
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
    actor = SOMEBODY_ELSE if event.data.get("third_person") else ACTORS[event.actor]
    sentence = translate(
        language,
        message,
        who=event.name or translate(language, actor),
        to=people.get(_id(facts, "to"), translate(language, SOMEBODY)),
        origin=_unit(directory, _id(facts, "origin"), language),
        unit=_unit(directory, _id(facts, "to"), language),
        grade=translate(language, grade.text) if grade else "",
        what=_amended(event.data, language),
        reason=facts.get("reason", ""),
        stars=facts.get("stars", "?"),
        attempts=facts.get("attempts", "?"),
        channel=channel_word(directory, language, facts.get("channel", "")).text,
    )
    unproven = bool(event.data.get("unproven"))
    return translate(language, UNPROVEN, sentence=sentence) if unproven else sentence


def _amended(data: Json, language: Language) -> str:
    changed = [AMENDED[code] for code in _codes(data.get("what")) if code in AMENDED]
    left = [LEFT] if _codes(data.get("left")) else []
    return ", ".join(translate(language, message) for message in (*changed, *left))


def _codes(found: object) -> list[str]:
    return [str(code) for code in found] if isinstance(found, list) else []


def _id(facts: Mapping[str, str], name: str) -> UUID:
    return uuid_of(facts.get(name, "")) or UUID(int=0)


def _unit(directory: Directory, unit_id: UUID, language: Language) -> str:
    unit = directory.units.get(unit_id)
    return unit.name if unit else translate(language, A_UNIT)
