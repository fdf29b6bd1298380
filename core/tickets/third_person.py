"""Words about a ticket by somebody who is not of it: kept for staff, by name, trusted with nothing.

They wrote in the same conversation, and that proves nothing about them. So the words are shown to
staff and not on the reporter's page; they move no status and end no waiting; nobody is answered.
The unit is told that they are there.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from core.ground.database import transaction
from core.ground.errors import NotFoundError
from core.runtime import Runtime
from core.tickets.cleaning import expect_cleaning
from core.tickets.follow_up import Followed, FollowUp, message_of
from core.tickets.known_codes import without_codes_in
from core.tickets.merging import merged_into
from core.tickets.message import Message
from core.tickets.recording import record
from core.tickets.ticket import Ticket, locked


@dataclass(frozen=True, slots=True)
class ThirdPersons:
    """Keeps what third persons write."""

    runtime: Runtime

    async def wrote(self, ticket_id: UUID, words: FollowUp) -> Followed:
        """Keep a third person's words on a ticket, once for their key, and tell its unit.

        Of a merged ticket the one it ended in has them. Raises NotFoundError, DatabaseAwayError.
        """
        try:
            followed = await self._wrote(ticket_id, words)
        except IntegrityError:  # an equal one was committed between our look and our insert
            followed = await self._wrote(ticket_id, words)
        rings = ("cleanings",) if words.files else ()
        self.runtime.bell.ring("deliveries", "tickets", str(followed.ticket_id), *rings)
        return followed

    async def _wrote(self, ticket_id: UUID, words: FollowUp) -> Followed:
        directory, now = await self.runtime.directory.fresh(), self.runtime.clock()
        async with transaction(self.runtime.database) as session:
            kept = await _kept_before(session, words)
            if kept is not None:
                return kept
            ticket = await locked(session, await merged_into(session, ticket_id) or ticket_id)
            if ticket is None:
                raise NotFoundError
            words = await without_codes_in(session, words)
            message = message_of(ticket, words, directory, now)
            message.author, message.is_internal = "system", True
            session.add(message)
            event = ticket.happened(
                "joined_in", now, actor="system", message_id=message.id, **words.writer.codes()
            )
            await session.flush()
            await expect_cleaning(session, ticket.id, now)
            await record(session, ticket, event, directory, secret=self.runtime.secret)
            return Followed(ticket_id=ticket.id, number=ticket.ticket_number)


async def _kept_before(session: AsyncSession, words: FollowUp) -> Followed | None:
    query = (
        select(Ticket.id, Ticket.ticket_number)
        .join(Message, Message.ticket_id == Ticket.id)
        .where(Message.idempotency_key == words.idempotency_key)
    )
    row = (await session.execute(query)).first()
    return Followed(ticket_id=row.id, number=row.ticket_number, repeated=True) if row else None
