"""How the calls about one piece of news went so far, as the history of its ticket has it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.calls.callback import Callback
from core.tickets.event import Event

NOTED: Final = ("called", "call_tried", "call_given_up")
"""What the ticket's history says of calls: told, tried in vain, given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedOutcome:
    """How one call went, who wrote it down, and when."""

    outcome: str
    by: UUID | None
    at: datetime


async def outcomes_of(session: AsyncSession, callback_id: UUID) -> list[NotedOutcome]:
    """List how the calls for a call-back went, the first one first; news without a ticket: none."""
    row = await session.get(Callback, callback_id)
    if row is None or row.ticket_id is None:
        return []
    query = (
        select(Event)
        .where(
            Event.ticket_id == row.ticket_id,
            Event.kind.in_(NOTED),
            Event.data["deliveries"].contains([str(row.delivery_id)]),
        )
        .order_by(Event.seq)
    )
    return [
        NotedOutcome(outcome=str(event.data["outcome"]), by=event.actor_id, at=event.at)
        for event in await session.scalars(query)
    ]
