"""The submitter's door: submit, follow up, look up, confirm, rate, withdraw.

One verb is one transaction; what a verb returned is committed.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from core.ground.database import bare_connection, transaction
from core.ground.errors import NotFoundError
from core.ground.faults import reach
from core.ground.text import clean
from core.hospital.directory import Directory
from core.notices.who_hears import Audience
from core.runtime import Runtime
from core.tickets.filing import file
from core.tickets.follow_up import Followed, FollowUp, as_submission, message_of
from core.tickets.lifecycle import CLOSED, RESOLVED
from core.tickets.link import CLOSED_LONG_AGO, TicketLink
from core.tickets.merging import merged_into, pass_on
from core.tickets.message import Message
from core.tickets.recording import record
from core.tickets.submission import Receipt, Submission
from core.tickets.ticket import Ticket, locked
from core.tickets.tracking_code import hash_of, read_code

_SUBMITTER: frozenset[Audience] = frozenset({"submitter"})


@dataclass(frozen=True, slots=True)
class Desk:
    """The one door through which channels reach the core."""

    runtime: Runtime

    async def submit(self, submission: Submission) -> Receipt:
        """File a report. Equal keys give one ticket and the same receipt, however often.

        Raises DatabaseAwayError (temporary); nothing else, for any input.
        """
        reach("submit.before")
        receipt = await file(self.runtime, submission)
        reach("submit.committed")
        if not receipt.repeated:
            self.runtime.bell.ring("deliveries", "tickets")
        return receipt

    async def submit_within(self, session: AsyncSession, submission: Submission) -> Receipt:
        """File a report as part of a transaction that the caller commits (a chat's session).

        The caller rings `deliveries` and `tickets` after its commit.
        """
        return await file(self.runtime, submission, await bare_connection(session))

    async def find(self, typed_code: str) -> UUID:
        """Return the ticket that a tracking code opens; NotFoundError for every other text."""
        code = read_code(typed_code) or ""
        async with transaction(self.runtime.database) as session:
            query = select(Ticket.id).where(Ticket.tracking_hash == hash_of(code))
            ticket_id = await session.scalar(query)
        if ticket_id is None:
            raise NotFoundError
        return ticket_id

    async def follow_up(self, ticket_id: UUID, follow_up: FollowUp) -> Followed:
        """Add words and files to a ticket; reopen it if it was resolved or closed.

        A ticket closed longer ago than the hospital's `reopen_days` stays closed: a new, linked
        ticket is filed. Equal keys add once. Raises NotFoundError, DatabaseAwayError.
        """
        try:
            async with transaction(self.runtime.database) as session:
                followed = await self.follow_up_within(session, ticket_id, follow_up)
        except IntegrityError:  # an equal follow-up was committed between our look and our insert
            async with transaction(self.runtime.database) as session:
                followed = await self.follow_up_within(session, ticket_id, follow_up)
        self.runtime.bell.ring("deliveries", "tickets", str(ticket_id))
        return followed

    async def follow_up_within(
        self, session: AsyncSession, ticket_id: UUID, follow_up: FollowUp
    ) -> Followed:
        """Do what `follow_up` does as part of a transaction that the caller commits."""
        ticket = await _find_locked(session, ticket_id)
        told = await _told_before(session, follow_up)
        if told is not None:
            return told
        directory = await self.runtime.directory.fresh()
        if self._is_long_closed(ticket, directory) and not follow_up.automatic:
            return await self._file_linked(session, ticket, follow_up)
        return await self._add(session, ticket, follow_up, directory)

    async def confirm(self, ticket_id: UUID) -> None:
        """Close a resolved ticket because the submitter says that it is solved.

        Raises NotFoundError, IllegalMoveError if it is not resolved, DatabaseAwayError.
        """
        await self._end(ticket_id, "confirm", "confirmed")

    async def confirm_within(self, session: AsyncSession, ticket_id: UUID) -> None:
        """Do what `confirm` does as part of a transaction that the caller commits."""
        await self._end_within(session, ticket_id, "confirm", "confirmed")

    async def withdraw(self, ticket_id: UUID) -> None:
        """Close a ticket because the submitter takes it back; errors as for `confirm`."""
        await self._end(ticket_id, "withdraw", "withdrawn")

    async def rate(self, ticket_id: UUID, stars: int, comment: str = "") -> None:
        """Keep how satisfied the person is, 1 to 5 stars; a later rating replaces the earlier.

        Raises NotFoundError, IllegalMoveError before the ticket is resolved, DatabaseAwayError.
        """
        async with transaction(self.runtime.database) as session:
            await self.rate_within(session, ticket_id, stars, comment)
        self.runtime.bell.ring("tickets", str(ticket_id))

    async def rate_within(
        self, session: AsyncSession, ticket_id: UUID, stars: int | None, comment: str = ""
    ) -> None:
        """Do what `rate` does as part of a transaction that the caller commits.

        Without stars only the comment is kept.
        """
        ticket = await _find_locked(session, ticket_id)
        ticket.go("rate")
        if stars is not None:
            ticket.rating = min(max(stars, 1), 5)
        ticket.rating_comment = clean(comment).strip() or ticket.rating_comment
        now = self.runtime.clock()
        event = ticket.happened("rated", now, actor="submitter", stars=ticket.rating)
        await record(session, ticket, event, await self.runtime.directory.fresh())

    async def _add(
        self, session: AsyncSession, ticket: Ticket, follow_up: FollowUp, directory: Directory
    ) -> Followed:
        now = self.runtime.clock()
        into = await merged_into(session, ticket.id) if ticket.status == CLOSED else None
        reopened = ticket.status in (RESOLVED, CLOSED) and not follow_up.automatic and into is None
        message = message_of(ticket, follow_up, directory, now)
        session.add(message)
        if into is None and not follow_up.automatic:
            ticket.go("follow_up")
        if reopened:
            ticket.resolved_at = ticket.closed_at = None
        kind = "reopened" if reopened else "followed_up"
        event = ticket.happened(kind, now, actor="submitter", message_id=message.id)
        await session.flush()
        await record(session, ticket, event, directory, silent=_SUBMITTER)
        if into is not None and not follow_up.automatic:
            await pass_on(session, ticket, message, into, directory=directory, now=now)
        return Followed(ticket_id=ticket.id, number=ticket.ticket_number, reopened=reopened)

    def _is_long_closed(self, ticket: Ticket, directory: Directory) -> bool:
        grace = timedelta(days=directory.hospital.reopen_days)
        closed_at = ticket.closed_at
        return (
            ticket.status == CLOSED
            and closed_at is not None
            and self.runtime.clock() - closed_at > grace
        )

    async def _file_linked(
        self, session: AsyncSession, ticket: Ticket, follow_up: FollowUp
    ) -> Followed:
        await session.refresh(ticket, ["addresses"])
        receipt = await self.submit_within(session, as_submission(ticket, follow_up))
        session.add(
            TicketLink(
                ticket_id=receipt.ticket_id,
                other_id=ticket.id,
                kind="related",
                reason=CLOSED_LONG_AGO,
            )
        )
        return Followed(ticket_id=receipt.ticket_id, number=receipt.number, receipt=receipt)

    async def _end(self, ticket_id: UUID, verb: str, kind: str) -> None:
        async with transaction(self.runtime.database) as session:
            await self._end_within(session, ticket_id, verb, kind)
        self.runtime.bell.ring("tickets", str(ticket_id))

    async def _end_within(
        self, session: AsyncSession, ticket_id: UUID, verb: str, kind: str
    ) -> None:
        ticket = await _find_locked(session, ticket_id)
        ticket.go(verb)
        now = ticket.closed_at = self.runtime.clock()
        event = ticket.happened(kind, now, actor="submitter")
        await record(session, ticket, event, await self.runtime.directory.fresh())


async def _find_locked(session: AsyncSession, ticket_id: UUID) -> Ticket:
    ticket = await locked(session, ticket_id)
    if ticket is None:
        raise NotFoundError
    return ticket


async def _told_before(session: AsyncSession, follow_up: FollowUp) -> Followed | None:
    query = (
        select(Ticket.id, Ticket.ticket_number)
        .join(Message, Message.ticket_id == Ticket.id)
        .where(Message.idempotency_key == follow_up.idempotency_key)
    )
    row = (await session.execute(query)).first()
    return Followed(ticket_id=row.id, number=row.ticket_number, repeated=True) if row else None
