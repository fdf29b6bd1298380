"""Invented reports: files them in the past and plays what staff did with them."""

import dataclasses
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from uuid import UUID

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from core.administration.staff import Staff
from core.hospital.contact import EMAIL
from core.hospital.declaration import introduce
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from core.tickets.submission import Address, Submission, Submitter

Verb = Literal["assign", "start", "reply", "ask", "note", "escalate", "resolve", "close", "reopen"]


class RehearsedStep(BaseModel):
    """What somebody did so many hours after the report."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    verb: Verb
    by: str
    after: float
    to: str | None = None
    words: str | None = None
    reason: str | None = None


class RehearsedReport(BaseModel):
    """What somebody wrote so many hours ago."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: str
    words: str
    hours_ago: float
    kind: str = "complaint"
    language: str = "id"
    qr: str | None = None
    unit: str | None = None
    category: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    anonymous: bool = False
    steps: tuple[RehearsedStep, ...] = ()


def read_reports(path: Path) -> tuple[RehearsedReport, ...]:
    """Read a file of reports."""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    return TypeAdapter(tuple[RehearsedReport, ...]).validate_python(found)


async def rehearse(runtime: Runtime, reports: tuple[RehearsedReport, ...]) -> list[str]:
    """File reports and play their steps; return the numbers of those that were new."""
    await introduce(runtime.database, {report.channel for report in reports})
    numbers = [await _play(runtime, index, report) for index, report in enumerate(reports)]
    return [number for number in numbers if number]


async def _play(runtime: Runtime, index: int, report: RehearsedReport) -> str | None:
    began = runtime.clock() - timedelta(hours=report.hours_ago)
    mail = (await runtime.directory.fresh()).taking(EMAIL)
    receipt = await Desk(_at(runtime, began)).submit(_submission(index, report, mail))
    if receipt.repeated:
        return None
    for step in report.steps:
        moment = min(began + timedelta(hours=step.after), runtime.clock())
        await _do(_at(runtime, moment), receipt.ticket_id, step)
    return receipt.number


async def _do(runtime: Runtime, ticket_id: UUID, step: RehearsedStep) -> None:
    staff, work = Staff(runtime), Casework(runtime)
    by = await staff.find(step.by)
    match step.verb:
        case "assign":
            await work.assign(ticket_id, await staff.find(step.to or step.by), by=by)
        case "start":
            await work.start(ticket_id, by=by)
        case "escalate" | "reopen":
            await getattr(work, step.verb)(ticket_id, by=by, reason=step.reason or "")
        case "reply" | "ask" | "note" | "resolve" | "close":
            await getattr(work, step.verb)(ticket_id, step.words or "", by=by)


def _submission(index: int, report: RehearsedReport, mail: str | None) -> Submission:
    return Submission(
        channel=report.channel,
        key=f"demo-{index}",
        words=report.words,
        kind=report.kind,
        language=report.language,
        qr_token=report.qr,
        unit_code=report.unit,
        category=report.category,
        submitter=Submitter(name=report.name, email=report.email, phone=report.phone),
        anonymous=report.anonymous,
        addresses=(Address(channel=mail, address=report.email),) if mail and report.email else (),
    )


def _at(runtime: Runtime, moment: datetime) -> Runtime:
    """Return the same core at another moment."""

    def clock() -> datetime:
        return moment

    return dataclasses.replace(runtime, clock=clock, database=runtime.database.at(clock))
