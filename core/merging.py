"""Two tickets that belong together: one merged into the other, or both merely linked.

A merged ticket is closed and stays as it was: whoever sent it reads their own page, and nobody
reads a stranger's words. What they add later is seen by those who work on the other one.
"""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.casework import Casework
from core.desk import NotFoundError
from core.event import Event
from core.merged import merged_into
from core.ticket import Ticket, TicketLink, locked


class SameTicketError(Exception):
    """A ticket cannot be merged into itself, nor into one that was merged into it."""


WORDS: dict[str, str] = {
    "id": "Laporan ini kami tangani bersama laporan {number}, karena hal yang sama.",
    "en": "We deal with this report together with report {number}, since both are about the same.",
}
"""What the submitter is told, in their language."""


async def merge(
    casework: Casework,
    ticket_id: UUID,
    into_id: UUID,
    *,
    by: UUID | None,
    version: int | None = None,
) -> Event:
    """Close a ticket because another is about the same; its submitter hears of it.

    Where the other was itself merged, its end of the chain is meant. Raises SameTicketError, and
    what every verb of Casework raises.
    """
    async with casework.case(ticket_id, version) as case:
        into = await _end_of_chain(case.session, into_id)
        if into.id == ticket_id:
            raise SameTicketError
        sentence = WORDS.get(case.ticket.language, WORDS["id"])
        message = await case.say(sentence.format(number=into.ticket_number), by=by)
        event = await case.record(case.ticket.merge(message, into.id, by=by, at=case.now))
        case.session.add(into.staff_event("merged", case.now, by, origin=str(ticket_id)))
        await case.session.flush()
        await _connect(case.session, ticket_id, into.id, "merged")
    casework.runtime.bell.ring(str(into_id))
    return event


async def link(
    casework: Casework,
    ticket_id: UUID,
    other_id: UUID,
    *,
    by: UUID | None,
    version: int | None = None,
) -> Event:
    """Let staff see on both that two tickets belong together; neither changes otherwise.

    Raises SameTicketError, and what every verb of Casework raises.
    """
    if ticket_id == other_id:
        raise SameTicketError
    async with casework.case(ticket_id, version) as case:
        if await case.session.get(Ticket, other_id) is None:
            raise NotFoundError
        await _connect(case.session, ticket_id, other_id, "related")
        return await case.record(case.ticket.staff_event("linked", case.now, by, to=str(other_id)))


async def _end_of_chain(session: AsyncSession, ticket_id: UUID) -> Ticket:
    """Lock and return the ticket that a chain of merges ends at."""
    seen: set[UUID] = set()
    while (further := await merged_into(session, ticket_id)) is not None and further not in seen:
        seen.add(ticket_id)
        ticket_id = further
    ticket = await locked(session, ticket_id)
    if ticket is None:
        raise NotFoundError
    return ticket


async def _connect(session: AsyncSession, ticket_id: UUID, other_id: UUID, kind: str) -> None:
    statement = insert(TicketLink).values(ticket_id=ticket_id, other_id=other_id, kind=kind)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["ticket_id", "other_id"], set_={"kind": statement.excluded.kind}
        )
    )
