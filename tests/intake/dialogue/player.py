"""Plays a script against a driver, and compares what came of it with what was expected.

The driver is the system under test: `memory.py` drives the pure dialogue; another one may send
updates to a running system over real sockets. The hospital is that of `world.UNITS`.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from tests.intake.dialogue.script import (
    AtOnce,
    Deed,
    Expected,
    Given,
    Restarts,
    Script,
    Staff,
    SurveyExpected,
    TicketExpected,
    Waits,
)

_PLACEHOLDER = re.compile(r"\{(number|code):(\d+)\}")


@dataclass(frozen=True, kw_only=True)
class TicketOutcome:
    """A ticket as its unit sees it. `unit` is the unit's code."""

    number: str
    code: str
    unit: str
    kind: str
    words: str
    status: str
    files: int = 0
    name: str | None = None
    phone: str | None = None
    anonymous: bool = True
    urgent: bool = False
    comments: tuple[str, ...] = ()
    edits: tuple[str, ...] = ()
    unsaid: int = 0
    retracted: int = 0
    stars: int | None = None
    opinions: tuple[str, ...] = ()
    confirmed: bool = False


@dataclass(frozen=True, kw_only=True)
class SurveyOutcome:
    """A satisfaction survey as it was filed."""

    answered: int
    unit: str | None
    remarks: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """All that came of a conversation; tickets in the order in which they were opened."""

    tickets: tuple[TicketOutcome, ...] = ()
    surveys: tuple[SurveyOutcome, ...] = ()
    alarms: int = 0
    draft: str | None = None
    groups_left: int = 0
    notices: bool = True


class Driver(Protocol):
    """The system under test, as one person, its staff and its clock move it."""

    async def given(self, ticket: Given) -> None:
        """File a ticket through another channel."""

    async def deed(self, deed: Deed) -> None:
        """Let the person do something, and wait until it is answered."""

    async def at_once(self, deeds: tuple[Deed, ...]) -> None:
        """Let several things reach the system in the same moment."""

    async def staff(self, act: Staff) -> None:
        """Let staff act on a ticket, and the news reach the person."""

    async def wait(self, span: timedelta) -> None:
        """Move the clock; what was due happens."""

    async def restart(self) -> None:
        """End all processes and begin anew."""

    async def outcome(self) -> Outcome:
        """Tell what has come of it so far."""


async def play(script: Script, driver: Driver) -> Outcome:
    """Play a whole script and return what came of it."""
    for ticket in script.given:
        await driver.given(ticket)
    for step in script.steps:
        match step:
            case Waits():
                await driver.wait(step.span)
            case Restarts():
                await driver.restart()
            case Staff():
                await driver.staff(step)
            case AtOnce(at_once=deeds):
                await driver.at_once(tuple([await filled(deed, driver) for deed in deeds]))
            case _:
                await driver.deed(await filled(step, driver))
    return await driver.outcome()


async def filled(deed: Deed, driver: Driver) -> Deed:
    """Put numbers and codes of tickets in the place of their marks."""
    words = getattr(deed, "say", "")
    if not _PLACEHOLDER.search(words):
        return deed
    tickets = (await driver.outcome()).tickets
    said = _PLACEHOLDER.sub(lambda mark: getattr(tickets[int(mark[2]) - 1], mark[1]), words)
    return deed.model_copy(update={"say": said})


@dataclass
class Differences:
    """What is otherwise than expected, as sentences."""

    found: list[str] = field(default_factory=list)

    def equal(self, what: str, expected: object, got: object) -> None:
        if expected != got:
            self.found.append(f"{what}: expected {expected!r}, got {got!r}")

    def named(self, what: str, expected: object, got: object) -> None:
        if expected is not None:
            self.equal(what, expected, got)

    def contains(self, what: str, texts: tuple[str, ...], got: str) -> None:
        self.found += [f"{what}: {text!r} is not in {got!r}" for text in texts if text not in got]


def differences(expected: Expected, got: Outcome) -> list[str]:
    """Compare; an empty list means that all came as expected."""
    found = Differences()
    found.equal("number of tickets", len(expected.tickets), len(got.tickets))
    for place, (want, ticket) in enumerate(zip(expected.tickets, got.tickets, strict=False), 1):
        _compare_ticket(found, f"ticket {place}", want, ticket)
    found.equal("number of surveys", len(expected.surveys), len(got.surveys))
    for wanted, survey in zip(expected.surveys, got.surveys, strict=False):
        _compare_survey(found, wanted, survey)
    found.equal("alarms", expected.alarms, got.alarms)
    found.equal("groups left", expected.groups_left, got.groups_left)
    found.equal("notices", expected.notices, got.notices)
    if expected.draft is None:
        found.equal("draft", None, got.draft)
    else:
        found.contains("draft", expected.draft, got.draft or "")
    return found.found


def _compare_ticket(
    found: Differences, what: str, want: TicketExpected, got: TicketOutcome
) -> None:
    found.contains(f"{what} words", want.words, got.words)
    everywhere = "\n".join((got.words, *got.comments, *got.edits))
    found.found += [f"{what}: {text!r} is there" for text in want.without if text in everywhere]
    found.contains(f"{what} comments", want.comments, "\n".join(got.comments))
    found.contains(f"{what} words and comments", want.everything, everywhere)
    found.named(f"{what} number of comments", want.added, len(got.comments))
    found.equal(f"{what} comments of unsaid report", want.unsaid, got.unsaid)
    found.contains(f"{what} edits", want.edits, "\n".join(got.edits))
    found.contains(f"{what} opinions", want.opinions, "\n".join(got.opinions))
    found.equal(f"{what} retracted", want.retracted, got.retracted)
    for name in (
        "unit", "kind", "files", "name", "phone", "anonymous", "urgent", "status", "stars",
        "confirmed",
    ):  # fmt: skip
        found.named(f"{what} {name}", getattr(want, name), getattr(got, name))


def _compare_survey(found: Differences, want: SurveyExpected, got: SurveyOutcome) -> None:
    found.equal("answered elements", want.answered, got.answered)
    found.named("survey unit", want.unit, got.unit)
    found.contains("survey remarks", want.remarks, got.remarks)
