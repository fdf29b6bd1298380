"""What becomes of words for a ticket that was merged into another."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.directory import Directory
from core.ids import uuid7
from core.lifecycle import CLOSED, RESOLVED
from core.message import Message
from core.notices import Audience
from core.record import record
from core.ticket import Ticket, TicketLink, locked

_SUBMITTER: frozenset[Audience] = frozenset({"submitter"})


async def merged_into(session: AsyncSession, ticket_id: UUID) -> UUID | None:
    """Return the ticket that this one was merged into."""
    query = (
        select(TicketLink.other_id)
        .where(TicketLink.ticket_id == ticket_id, TicketLink.kind == "merged")
        .order_by(TicketLink.updated_at.desc())
        .limit(1)
    )
    return await session.scalar(query)


async def pass_on(
    session: AsyncSession,
    said_on: Ticket,
    message: Message,
    into_id: UUID,
    *,
    directory: Directory,
    now: datetime,
) -> None:
    """Let those who work on the other ticket see what was added to a merged one.

    The words stay with their ticket; the other one gets them as an internal note, opens again if
    it was over, and its unit is told. Part of the transaction that adds the message.
    """
    into = await locked(session, into_id)
    if into is None:
        return
    was_over = into.status in (RESOLVED, CLOSED)
    note = Message(
        id=uuid7(),
        ticket_id=into.id,
        author="system",
        channel=message.channel,
        body=f"{said_on.ticket_number}:\n{message.body}",
        is_internal=True,
        received_at=message.received_at,
    )
    session.add(note)
    into.go("follow_up")
    if was_over:
        into.resolved_at = into.closed_at = None
    event = into.happened(
        "reopened" if was_over else "followed_up",
        now,
        actor="system",
        message_id=note.id,
        origin=str(said_on.id),
    )
    await session.flush()
    await record(session, into, event, directory, silent=_SUBMITTER)
