"""The driver in memory: the pure dialogue, with `World` as its adapter."""

from datetime import timedelta
from itertools import count

from intake.dialogue import events as happens
from intake.dialogue.events import Event
from tests.intake.dialogue.player import Outcome, SurveyOutcome, TicketOutcome
from tests.intake.dialogue.script import (
    Deed,
    Does,
    Edits,
    Follows,
    Given,
    Presses,
    Says,
    Scans,
    Sends,
    Shares,
    Staff,
)
from tests.intake.dialogue.world import UNITS, Case, World

ODD: dict[str, Event] = {
    "sticker": happens.Unsupported(kind="sticker"),
    "group": happens.GroupChat(),
    "block": happens.Blocked(),
    "unblock": happens.Unblocked(),
    "start": happens.Start(),
    "own number": happens.Contact(phone="+6281200000001", own=True),
    "other number": happens.Contact(phone="+6281200000002", own=False),
    "place": happens.Location(latitude=-6.2, longitude=106.8),
}


class MemoryDriver:
    """Drives the pure dialogue. Every step goes through the stored form of the state."""

    def __init__(self) -> None:
        self.world = World()
        self.messages = count(1)
        self.buttons: dict[str, happens.Press] = {}

    async def given(self, ticket: Given) -> None:
        case = self.world.new_case(UNITS.by_code(ticket.unit))
        case.words = ticket.words

    async def deed(self, deed: Deed) -> None:
        self.world.happen(self.event(deed))

    async def at_once(self, deeds: tuple[Deed, ...]) -> None:
        """The chat's row is locked, so one comes after the other; both saw the same buttons."""
        for event in [self.event(deed) for deed in deeds]:
            self.world.happen(event)

    async def staff(self, act: Staff) -> None:
        self.world.staff(self.number(act.ticket), act.staff, act.words)

    async def wait(self, span: timedelta) -> None:
        self.world.wait(span)

    async def restart(self) -> None:
        """Nothing lives outside of the stored state; what is left of the old world is its data."""
        self.messages = count(1_000)

    async def outcome(self) -> Outcome:
        state = self.world.state
        surveys = [
            SurveyOutcome(
                answered=len(survey.answers),
                unit=code_of(survey.unit) if survey.unit else None,
                remarks="\n".join(said.text for said in survey.said),
            )
            for survey in self.world.surveys
        ]
        return Outcome(
            tickets=tuple(ticket_outcome(case) for case in self.world.cases.values()),
            surveys=tuple(surveys),
            alarms=len(self.world.alarms),
            draft=state.draft.words if state.draft and state.draft.begun else None,
            groups_left=self.world.left,
            notices=self.world.notices,
        )

    def event(self, deed: Deed) -> Event:  # noqa: PLR0911 - one row per kind of deed
        """Turn a deed into the event a channel would make of it."""
        match deed:
            case Says():
                return happens.Text(
                    text=deed.say, message=self.message(deed.id), reply_to=self.about(deed.reply_to)
                )
            case Presses():
                return self.pressed(deed)
            case Sends():
                return happens.Media(
                    kind=deed.send,
                    ref=f"file-{next(self.messages)}",
                    size=int(deed.megabytes * 1_000_000),
                    caption=deed.caption,
                    seconds=deed.seconds,
                    group=deed.album,
                    message=self.message(deed.id),
                    reply_to=self.about(deed.reply_to),
                )
            case Edits():
                return happens.Edited(
                    message=deed.edit, text=deed.text, ticket=self.about(deed.ticket)
                )
            case Scans():
                return happens.Start(payload=f"u_{deed.scan}")
            case Follows():
                code = self.world.cases[self.number(deed.follow)].code
                return happens.Start(payload=f"t_{code}")
            case Shares():
                return ODD[deed.share]
            case Does():
                return ODD[deed.do]

    def pressed(self, deed: Presses) -> Event:
        """Press the button where it was shown last."""
        if deed.again:
            return self.buttons[deed.press]
        about = self.about(deed.about) if isinstance(deed.about, int) else deed.about
        unit = UNITS.by_code(about or "")
        wanted = unit.id if unit else about
        for say in reversed(self.world.told):
            for choice in say.choices:
                if choice.id == deed.press and wanted in (None, choice.about):
                    pressed = happens.Press(id=choice.id, about=choice.about, version=say.version)
                    self.buttons[deed.press] = pressed
                    return pressed
        raise AssertionError(f"no button {deed.press} was shown")

    def message(self, name: str | None) -> str:
        return name or f"message-{next(self.messages)}"

    def about(self, place: int | None) -> str | None:
        return self.number(place) if place else None

    def number(self, place: int) -> str:
        return list(self.world.cases)[place - 1]


def code_of(unit_id: str) -> str:
    unit = UNITS.get(unit_id)
    assert unit
    return unit.code


def ticket_outcome(case: Case) -> TicketOutcome:
    return TicketOutcome(
        number=case.ticket.number,
        code=case.code,
        unit=code_of(case.unit),
        kind=case.kind,
        words=case.words,
        status=case.ticket.status,
        files=len(case.files),
        name=case.name,
        phone=case.phone,
        anonymous=case.anonymous,
        urgent=case.urgent,
        comments=tuple(case.comments),
        edits=tuple(case.edits),
        unsaid=case.unsaid,
        retracted=len(case.retracted),
        stars=case.stars,
        opinions=tuple(case.opinions),
        confirmed=case.confirmed,
    )
