"""A caller proves who they are: by the code of their report, or by two facts on it.

A wrong one is counted, so that nothing can be guessed; each right one is in the audit, and is what
lets the agent write on the ticket for the length of a call (`core.access.proof`).
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.access.lookup import ticket_for
from core.access.proof import CODE, FACTS
from core.access.scope import Reader, findable
from core.audit.trail import note_change, note_read
from core.calls.facts import KnownFacts, ToldFacts, proves
from core.ground import email_address
from core.ground.database import transaction
from core.ground.rate_limits import PROOFS_OF_AGENT, PROOFS_OF_TICKET
from core.ground.stored_buckets import Bucket, forgive, take_each
from core.hospital.channel import SPOKEN
from core.runtime import Runtime
from core.tickets.address import TicketAddress
from core.tickets.codes_in_texts import typed_code
from core.tickets.ticket import Ticket
from core.tickets.tracking_code import hash_of


class TooManyProofsError(Exception):
    """So many were wrong that no further one is looked at for a while."""


@dataclass(frozen=True, slots=True)
class Proving:
    """The two ways. Each raises TooManyProofsError, DatabaseAwayError."""

    runtime: Runtime

    async def by_code(self, reader: Reader, typed: str) -> UUID | None:
        """Return the ticket of a tracking code that the caller told; None where it opens none."""
        tries = await self._counted(reader, CODE)
        theirs = Ticket.tracking_hash == hash_of(typed_code(typed) or "")
        async with transaction(self.runtime.database) as session:
            ticket = await session.scalar(select(Ticket).where(theirs, findable(reader)))
            if ticket is None:
                self._failed(session, reader, None, CODE)
                return None
            return await self._proven(session, reader, ticket, CODE, tries)

    async def by_facts(self, reader: Reader, number: str, told: ToldFacts) -> UUID | None:
        """Return the ticket of a number, to a caller who told two facts on it and no wrong one."""
        tries = await self._counted(reader, number.strip().upper())
        zone = (await self.runtime.directory.fresh()).hospital.zone
        async with transaction(self.runtime.database) as session:
            ticket = await ticket_for(session, reader, number)
            known = await _known(session, ticket, zone) if ticket is not None else KnownFacts()
            if ticket is None or not proves(told, known):
                self._failed(session, reader, ticket, FACTS)
                return None
            return await self._proven(session, reader, ticket, FACTS, tries)

    async def _counted(self, reader: Reader, what: str) -> Bucket:
        """Count a try before it is looked at; return the bucket that a right one fills again."""
        me, now = str(reader.user_id), self.runtime.clock()
        tries = Bucket(PROOFS_OF_TICKET, (me, what))
        buckets = (tries, Bucket(PROOFS_OF_AGENT, (me,)))
        full = await take_each(self.runtime.database, self.runtime.secret, buckets, now)
        if full is not None:
            self.runtime.refusals.note(full.limit)
            raise TooManyProofsError
        return tries

    def _failed(
        self, session: AsyncSession, reader: Reader, ticket: Ticket | None, by: str
    ) -> None:
        now, about = self.runtime.clock(), ticket.id if ticket is not None else None
        note_change(session, reader.user_id, "caller.not_proven", now, subject_id=about, by=by)

    async def _proven(
        self, session: AsyncSession, reader: Reader, ticket: Ticket, by: str, tries: Bucket
    ) -> UUID:
        now: datetime = self.runtime.clock()
        note_read(session, reader.user_id, "ticket", now, ticket_id=ticket.id, by=by)
        await forgive(session, self.runtime.secret, tries)
        return ticket.id


async def _known(session: AsyncSession, ticket: Ticket, zone: str) -> KnownFacts:
    """Read what stands on a ticket that can be asked for."""
    spoken = TicketAddress.channel.in_(SPOKEN)
    query = select(spoken, TicketAddress.address).where(TicketAddress.ticket_id == ticket.id)
    telephones = {ticket.submitter_phone} if ticket.submitter_phone else set()
    emails = {ticket.submitter_email} if ticket.submitter_email else set()
    for is_spoken, address in await session.execute(query):
        if is_spoken:
            telephones.add(address)
        elif "@" in address:
            emails.add(address)
    return KnownFacts(
        telephones=frozenset(telephones),
        emails=frozenset(map(email_address.mailbox, emails)),
        name=ticket.submitter_name,
        day=ticket.occurred_at.astimezone(ZoneInfo(zone)).date() if ticket.occurred_at else None,
        is_anonymous=ticket.is_anonymous,
    )
