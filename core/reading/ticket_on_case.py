"""A ticket as staff read it: its row at one moment, named as the columns are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from core.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketOnCase:
    """What pages show of a ticket, and the `version` that a verb is decided on."""

    id: UUID
    ticket_number: str
    version: int
    type: str
    title: str
    status: str
    source: str
    language: str
    unit_id: UUID
    assigned_to: UUID | None
    submitter_name: str | None
    submitter_email: str | None
    submitter_phone: str | None
    is_anonymous: bool
    for_whom: str | None
    received_at: datetime
    occurred_at: datetime | None
    first_response_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    waiting_since: datetime | None
    sla_deadline: datetime
    sla_reason: str
    routing_reason: str
    risk_grade: str | None
    grade_set_at: datetime | None
    rating: int | None
    rating_comment: str | None

    @classmethod
    def of(cls, ticket: Ticket) -> Self:
        """Read a row."""
        return cls(
            id=ticket.id,
            ticket_number=ticket.ticket_number,
            version=ticket.version,
            type=ticket.type,
            title=ticket.title,
            status=ticket.status,
            source=ticket.source,
            language=ticket.language,
            unit_id=ticket.unit_id,
            assigned_to=ticket.assigned_to,
            submitter_name=ticket.submitter_name,
            submitter_email=ticket.submitter_email,
            submitter_phone=ticket.submitter_phone,
            is_anonymous=ticket.is_anonymous,
            for_whom=ticket.for_whom,
            received_at=ticket.received_at,
            occurred_at=ticket.occurred_at,
            first_response_at=ticket.first_response_at,
            resolved_at=ticket.resolved_at,
            closed_at=ticket.closed_at,
            waiting_since=ticket.waiting_since,
            sla_deadline=ticket.sla_deadline,
            sla_reason=ticket.sla_reason,
            routing_reason=ticket.routing_reason,
            risk_grade=ticket.risk_grade,
            grade_set_at=ticket.grade_set_at,
            rating=ticket.rating,
            rating_comment=ticket.rating_comment,
        )
