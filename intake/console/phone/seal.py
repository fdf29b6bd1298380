"""A seal that says: the caller has proven to this agent who they are. Good for a call. Pure."""

import hmac
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

GOOD_FOR: Final = timedelta(minutes=30)


def sealed(secret: bytes, ticket_id: UUID, user_id: UUID, now: datetime) -> str:
    """Return the seal of a ticket for one agent."""
    until = int((now + GOOD_FOR).timestamp())
    return f"{ticket_id}.{until}.{_mark(secret, ticket_id, user_id, until)}"


def opened(secret: bytes, seal: str, user_id: UUID, now: datetime) -> UUID | None:
    """Return the ticket of a seal; None where it is forged, somebody else's or too old."""
    try:
        ticket, until, mark = seal.split(".")
        ticket_id, ends = UUID(ticket), int(until)
    except ValueError:
        return None
    right = hmac.compare_digest(mark.encode(), _mark(secret, ticket_id, user_id, ends).encode())
    return ticket_id if right and now.timestamp() <= ends else None


def _mark(secret: bytes, ticket_id: UUID, user_id: UUID, until: int) -> str:
    signed = f"caller proven\0{ticket_id}\0{user_id}\0{until}".encode()
    return hmac.digest(secret, signed, "sha256").hex()
