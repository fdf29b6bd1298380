"""A seal that says: the caller has proven to this agent who they are. Good for a call. Pure."""

from datetime import datetime
from uuid import UUID

from core.ground.seals import PROVEN_CALLER, Seals
from core.ground.secret import Secret


def sealed(secret: Secret, ticket_id: UUID, user_id: UUID, now: datetime) -> str:
    """Return the seal of a ticket for one agent."""
    return Seals(secret, PROVEN_CALLER).seal(ticket_id.bytes, now, about=str(user_id))


def opened(secret: Secret, seal: str, user_id: UUID, now: datetime) -> UUID | None:
    """Return the ticket of a seal; None where it is forged, somebody else's or too old."""
    found = Seals(secret, PROVEN_CALLER).open(seal, now, about=str(user_id))
    return UUID(bytes=found.content) if found else None
