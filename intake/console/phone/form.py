"""The call as a value: read from fields, checked, made a Submission. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Final, Self
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from core.calls.call import WAYS
from core.calls.draft import PAGE, Pages, UnfinishedCall
from core.calls.filed import mark_of
from core.calls.hours import WINDOWS
from core.calls.taking import TakenCall
from core.deadlines.by_grade import GRADES
from core.ground.phone_number import read
from core.ground.text import is_readable
from core.hospital.directory import Directory
from core.tickets.submission import (
    FOR_WHOM,
    KINDS,
    LANGUAGES,
    LIMITS,
    Again,
    Submission,
    Submitter,
)
from core.triage.emergency import screen
from intake.console.fields import uuid_of
from intake.console.phone.place_finder import place_of
from intake.language import marked as _
from intake.language import translate
from intake.uploads.receive import Received

CHANNEL: Final = "phone"
"""The channel whose inward door this desk is: `intake/channels/phone` sends its news."""
SPOKEN_WAYS: Final = frozenset({"phone", "walk_in"})
"""Ways in which the person is there and can be asked whether they agree."""
REPORTING: Final = {
    "phone": "lisan",
    "walk_in": "lisan",
    "paper": "tulisan",
    "press": "media massa",
}

NO_STORY: Final = _("Write down what happened; a few words are enough.")
NO_NUMBER: Final = _("This is no complete telephone number. It may also be left empty.")
NO_CONSENT: Final = _(
    "Name and number are kept only with the caller's consent: tick it, or choose “unnamed”."
)
NO_CALL: Final = _("Without a number nobody can call back.")
NOT_YET: Final = _("This moment is still to come.")
NO_MOMENT: Final = _("Day and time, please; or leave it empty.")
_CHOICES: Final[Mapping[str, frozenset[str]]] = {
    "way": frozenset(WAYS),
    "language": frozenset(LANGUAGES),
    "for_whom": frozenset(FOR_WHOM),
    "kind": frozenset(KINDS),
    "grade": frozenset(GRADES),
    "call": frozenset({"no", *WINDOWS}),
}
"""Fields that hold one of ours; anything else is as if nothing had been chosen."""
_URGENT, _USUAL = 5, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CallForm:
    """What an agent has typed so far."""

    id: UUID
    page: str = ""
    """The page it is typed in, by an id of its own."""
    took: str = ""
    """The page whose draft this one went on with."""
    way: str = "phone"
    language: str = "id"
    danger: str = ""
    number: str = ""
    unnamed: str = ""
    name: str = ""
    for_whom: str = "self"
    patient: str = ""
    story: str = ""
    place: str = ""
    occurred: str = ""
    received: str = ""
    wish: str = ""
    kind: str = "complaint"
    category: str = ""
    grade: str = ""
    read_back: str = ""
    consent: str = ""
    call: str = "no"

    @classmethod
    def blank(cls, call_id: UUID, **facts: str) -> Self:
        """Begin a call."""
        return cls(id=call_id, page=str(uuid4()), **facts)

    @classmethod
    def of(cls, draft_id: UUID, kept: Mapping[str, object]) -> Self:
        """Make the form of what was kept or sent; nonsense becomes the default."""
        found = {
            name: text
            for name in NAMES
            if isinstance(text := kept.get(name), str) and text in _CHOICES.get(name, {text})
        }
        return cls(id=draft_id, **found)

    @classmethod
    def taken_up(cls, draft: UnfinishedCall) -> Self:
        """Go on with a draft, in a page of its own."""
        took = draft.fields.get(PAGE)
        form = cls.of(draft.id, draft.fields)
        return replace(form, page=str(uuid4()), took=took if isinstance(took, str) else "")

    @classmethod
    def read(cls, received: Received) -> Self:
        """Read a form that was sent."""
        sent = {name: received.text(name).strip() for name in NAMES if name in received.fields}
        form = cls.of(uuid_of(received.text("id")) or uuid4(), sent)
        page, took = (uuid_of(received.text(name)) for name in ("page", "took"))
        return replace(form, page=str(page or ""), took=str(took or ""))

    def facts(self) -> dict[str, str]:
        """Return the fields as a draft keeps them."""
        return {name: str(getattr(self, name)) for name in NAMES}

    @property
    def pages(self) -> Pages:
        """Whose draft it is: this page's, or that of the one it went on with."""
        return Pages(own=self.page, took=self.took)

    @property
    def is_worth_keeping(self) -> bool:
        """Whether somebody typed anything."""
        return any((self.number, self.name, self.story, self.place, self.wish, self.patient))

    @property
    def is_unnamed(self) -> bool:
        """Whether the caller stays unknown."""
        return bool(self.unnamed)

    def e164(self, region: str) -> str | None:
        """Return the number as it is kept, or None."""
        return read(self.number, region)

    def moment(self, text: str, zone: str) -> datetime | None:
        """Read a moment of the hospital's day (HTML `datetime-local`)."""
        try:
            return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
        except ValueError:
            return None

    def problems(self, *, region: str, zone: str, now: datetime) -> dict[str, str]:
        """Say what must be mended, as message ids by field, in the order of the page."""
        found = {}
        number = self.e164(region)
        if self.number and not number and not self.is_unnamed:
            found["number"] = NO_NUMBER
        if not is_readable(self.story):
            found["story"] = NO_STORY
        for name in ("occurred", "received"):
            typed = getattr(self, name)
            moment = self.moment(typed, zone)
            if typed and moment is None:
                found[name] = NO_MOMENT
            elif moment is not None and moment > now:
                found[name] = NOT_YET
        if self.way in SPOKEN_WAYS and self._is_known and not self.consent:
            found["consent"] = NO_CONSENT
        if self.call != "no" and not self.is_unnamed and not number:
            found["call"] = NO_CALL
        return found

    @property
    def _is_known(self) -> bool:
        return bool(self.name or self.number) and not self.is_unnamed

    @property
    def wants_call(self) -> bool:
        """Whether news may be told by telephone."""
        return self.call != "no" and not self.is_unnamed

    @property
    def is_urgent(self) -> bool:
        """Whether the caller says, or the words say, that somebody is in danger."""
        return self.danger == "yes" or screen(self.story).alarm

    def submission(self, directory: Directory, *, region: str, by: UUID) -> Submission:
        """Make the report."""
        zone = directory.hospital.zone
        place = place_of(directory, self.place)
        submitter = Submitter(
            name=self.name or None,
            phone=self.e164(region) or self.number or None,
        )
        return Submission(
            channel=CHANNEL,
            key=str(self.id),
            words=self.words,
            kind=self.kind,
            language=self.language,
            received_at=self.moment(self.received, zone) if self.way == "paper" else None,
            occurred_at=self.moment(self.occurred, zone),
            qr_token=place.qr_token if place else None,
            unit_id=place.unit.id if place and not place.qr_token else None,
            category=self.category or None,
            submitter=Submitter() if self.is_unnamed else submitter,
            anonymous=self.is_unnamed,
            for_whom=self.for_whom,
            call_back=self.wants_call,
            acknowledged=True,
            urgency=_URGENT if self.is_urgent else _USUAL,
            remarks=self._remarks(directory),
            facts={"way": self.way, "proposed_grade": self.grade or None},
            entered_by=by,
            reporting=REPORTING[self.way],
            again=Again.LEAVE,  # the agent is asked
        )

    @property
    def taken(self) -> TakenCall:
        """What is kept of the call beside the report."""
        return TakenCall(
            draft_id=self.id,
            mark=mark_of(self.facts()),
            pages=self.pages,
            way=self.way,
            patient=None if self.is_unnamed else self.patient or None,
            proposed_grade=self.grade or None,
            read_back=bool(self.read_back),
            consents=bool(self.consent) and self.way in SPOKEN_WAYS,
            call_window=self.call if self.wants_call else None,
            unnamed_number=self.number if self.is_unnamed else "",
            danger=self.story if self.is_urgent else None,
        )

    def details(self, language: str) -> tuple[str, ...]:
        """Write for staff who called, where that is told again and the report has it already."""
        if self.is_unnamed:
            return ()
        told = {NAME_TOLD: self.name, NUMBER_TOLD: self.number}
        return tuple(translate(language, s, told=t) for s, t in told.items() if t)

    @property
    def words(self) -> str:
        """The report in the caller's words, with what they wish for."""
        if not self.wish:
            return self.story
        wish = translate(self.language, "What they wish for: %(wish)s", wish=self.wish)
        return f"{self.story}\n\n{wish}"

    def _remarks(self, directory: Directory) -> tuple[str, ...]:
        """Write for staff what has no place of its own on a ticket."""
        language = directory.hospital.language
        place = place_of(directory, self.place)
        told = []
        if self.danger == "yes":
            told.append(translate(language, "⚠ The caller said that somebody is in danger."))
        if self.place and not (place and place.exact):
            told.append(translate(language, "Place as told: %(place)s", place=self.place))
        if self.patient and not self.is_unnamed:
            told.append(translate(language, "About: %(name)s", name=self.patient[: LIMITS["name"]]))
        if self.grade:
            grade = translate(language, GRADE_NAMES[self.grade])
            told.append(translate(language, "Proposed risk: %(grade)s", grade=grade))
        return tuple(told)


NAME_TOLD: Final = _("Name as told: %(told)s")
NUMBER_TOLD: Final = _("Telephone as told: %(told)s")
GRADE_NAMES: Final = {"red": _("Red"), "yellow": _("Yellow"), "green": _("Green")}
NAMES: Final = tuple(
    field.name for field in fields(CallForm) if field.name not in {"id", "page", "took"}
)
