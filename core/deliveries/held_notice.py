"""A notice in a worker's hands: what its row says, and the claim that holds it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from core.jobs.leasing import Held, json_of


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldNotice:
    """One delivery that this worker holds."""

    held: Held
    ticket_id: UUID | None
    event_id: UUID | None
    channel: str
    recipient_ref: str
    audience: str
    template: str
    language: str
    payload: Mapping[str, Any]
    is_again: bool
    """Whether somebody had it sent again."""
    happened_at: datetime
    """When the news happened, which may be long before it was sent again."""

    @classmethod
    def of(cls, held: Held) -> Self:
        """Read what the queue `DELIVERIES` gives with a claim."""
        return cls(held=held, **{**held.row, "payload": json_of(held.row["payload"])})
