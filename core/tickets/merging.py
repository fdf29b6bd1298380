"""Two tickets that belong together: one merged into the other, or both merely linked.

A merged ticket is closed and stays as it was: whoever sent it reads their own page, and nobody
reads a stranger's words. What they add later is seen by those who work on the other one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Text, cast, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.ground.database import transaction
from core.ground.errors import NotFoundError
from core.ground.ids import uuid7
from core.ground.secret import Secret
from core.hospital.directory import Directory
from core.notices.who_hears import Audience
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.event import Event
from core.tickets.lifecycle import CLOSED, RESOLVED
from core.tickets.link import TicketLink
from core.tickets.message import Message
from core.tickets.recording import record
from core.tickets.ticket import Ticket, locked
from core.tickets.writer import Writer


class SameTicketError(Exception):
    """A ticket cannot be merged into itself, nor into one that was merged into it."""


Words = Callable[[str, str], str]
"""What the submitter is told: from their language and the other report's number to a sentence."""
_SUBMITTER: frozenset[Audience] = frozenset({"submitter"})

LONGEST_CHAIN: Final = 50
"""Merges followed one after the other; nobody merges so often, but a loop of ours must end."""


@dataclass(frozen=True, slots=True)
class Merging:
    """What joins two tickets; `by` and `version` as for every verb of Casework."""

    runtime: Runtime

    async def merge(
        self,
        ticket_id: UUID,
        into_id: UUID,
        *,
        by: UUID | None,
        words: Words,
        version: int | None = None,
    ) -> Event:
        """Close a ticket because another is about the same; its submitter hears of it, in `words`.

        Where the other was itself merged, its end of the chain is meant. Raises SameTicketError,
        and what every verb of Casework raises.
        """
        async with Casework(self.runtime).case(ticket_id, version) as case:
            into = await _end_of_chain(case.session, into_id)
            if into.id == ticket_id:
                raise SameTicketError
            message = await case.say(words(case.ticket.language, into.ticket_number), by=by)
            event = await case.record(case.ticket.merge(message, into.id, by=by, at=case.now))
            case.session.add(into.staff_event("merged", case.now, by, origin=str(ticket_id)))
            await case.session.flush()
            await _connect(case.session, ticket_id, into.id, "merged")
        self.runtime.bell.ring(str(into_id))
        return event

    async def link(
        self,
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
        async with Casework(self.runtime).case(ticket_id, version) as case:
            await _kept(case.session, other_id)
            await _connect(case.session, ticket_id, other_id, "related")
            return await case.record(
                case.ticket.staff_event("linked", case.now, by, to=str(other_id))
            )

    async def relate(self, ticket_id: UUID, other_id: UUID, reason: str) -> None:
        """Let staff see that two tickets may belong together, and why; told twice it is one link.

        Nobody did it, no event says so, and what links them already stays. Raises NotFoundError
        where one of them was erased meanwhile, DatabaseAwayError.
        """
        row = {"ticket_id": ticket_id, "other_id": other_id, "kind": "related", "reason": reason}
        async with transaction(self.runtime.database) as session:
            for one in sorted((ticket_id, other_id)):
                await _kept(session, one)
            await session.execute(insert(TicketLink).values(**row).on_conflict_do_nothing())


async def _end_of_chain(session: AsyncSession, ticket_id: UUID) -> Ticket:
    """Lock and return the ticket that a chain of merges ends at."""
    ticket = await locked(session, await merged_into(session, ticket_id) or ticket_id)
    if ticket is None:
        raise NotFoundError
    return ticket


async def _kept(session: AsyncSession, ticket_id: UUID) -> None:
    """Let nobody erase a ticket before this transaction ends. Raises NotFoundError."""
    query = (
        select(Ticket.id).where(Ticket.id == ticket_id).with_for_update(read=True, key_share=True)
    )
    if await session.scalar(query) is None:
        raise NotFoundError


async def _connect(session: AsyncSession, ticket_id: UUID, other_id: UUID, kind: str) -> None:
    statement = insert(TicketLink).values(ticket_id=ticket_id, other_id=other_id, kind=kind)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["ticket_id", "other_id"],
            set_={name: statement.excluded[name] for name in ("kind", "updated_at")},
        )
    )


async def merged_into(session: AsyncSession, ticket_id: UUID) -> UUID | None:
    """Return the ticket at the living end of a chain of merges; None where this one is in none.

    A ticket that was opened again after it was merged goes its own way from then on: chains end
    there. A ring, and a chain longer than LONGEST_CHAIN, ends where it was followed to.
    """
    seen, end = {ticket_id}, ticket_id
    while (further := await _next_of(session, end)) is not None and further not in seen:
        seen.add(further)
        end = further
        if len(seen) > LONGEST_CHAIN:
            break
    return end if end != ticket_id else None


async def _next_of(session: AsyncSession, ticket_id: UUID) -> UUID | None:
    """Return what a ticket was merged into, if that is how it ended the last time it ended."""
    query = (
        select(Event.kind, Event.data)
        .where(Event.ticket_id == ticket_id, Event.kind.in_(("closed", "reopened")))
        .order_by(Event.seq.desc())
        .limit(1)
    )
    last = (await session.execute(query)).first()
    into = str(last.data.get("into", "")) if last is not None and last.kind == "closed" else ""
    link = select(TicketLink.other_id).where(
        TicketLink.ticket_id == ticket_id,
        TicketLink.kind == "merged",
        cast(TicketLink.other_id, Text) == into,
    )
    return await session.scalar(link) if into else None


async def pass_on(
    session: AsyncSession,
    said_on: Ticket,
    message: Message,
    into_id: UUID,
    *,
    directory: Directory,
    secret: Secret,
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
    wrote = Writer.of(message.remarks)
    own_name = None if said_on.is_anonymous else said_on.submitter_name
    who = wrote.third_person or own_name
    named = f"{who} ({said_on.ticket_number})" if who else said_on.ticket_number
    writer = Writer(third_person=named, is_unproven=wrote.is_unproven)
    note = Message(
        id=uuid7(),
        ticket_id=into.id,
        author="system",
        channel=message.channel,
        body=f"{said_on.ticket_number}:\n{message.body}",
        is_internal=True,
        received_at=message.received_at,
        remarks=writer.facts(),
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
        **writer.codes(),
    )
    await session.flush()
    await record(session, into, event, directory, secret=secret, silent=_SUBMITTER)
