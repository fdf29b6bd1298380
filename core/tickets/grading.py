"""Grading: a person says how great the risk of a complaint is; order and deadline follow."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.deadlines.by_grade import GRADES, by_grade
from core.runtime import Runtime
from core.tickets.casework import Case, Casework
from core.tickets.event import Event


class NoSuchGradeError(Exception):
    """A grade is red, yellow or green."""


@dataclass(frozen=True, slots=True)
class Grading:
    """What is done about the risk; `by` and `version` as for every verb of Casework."""

    runtime: Runtime

    async def grade(
        self,
        ticket_id: UUID,
        wanted: str,
        *,
        by: UUID | None,
        version: int | None = None,
    ) -> Event:
        """Set the risk grade. Raises NoSuchGradeError, and what every verb of Casework raises.

        Until the first answer the deadline is reckoned anew from the arrival: never later than was
        promised to the person, and never later than the grade allows. After it the deadline stands
        as it was met or missed.
        """
        if wanted not in GRADES:
            raise NoSuchGradeError(wanted)
        async with Casework(self.runtime).case(ticket_id, version) as case:
            event = case.ticket.grade(wanted, by=by, at=case.now)
            if case.ticket.first_response_at is None:
                await _reckon(case, wanted)
            return await case.record(event)


async def _reckon(case: Case, wanted: str) -> None:
    ticket, promised = case.ticket, await _promised_hours(case)
    if promised is None:
        return
    due = by_grade(ticket.received_at, promised, wanted, case.directory.hospital.language)
    if due.due_at != ticket.sla_deadline:
        ticket.sla_deadline, ticket.sla_reason = due.due_at, due.reason


async def _promised_hours(case: Case) -> int | None:
    """Return the hours promised at the door, as the first event has them."""
    query = select(Event.data).where(Event.ticket_id == case.ticket.id, Event.kind == "received")
    facts = await case.session.scalar(query) or {}
    hours = facts.get("hours")
    return hours if isinstance(hours, int) else None
