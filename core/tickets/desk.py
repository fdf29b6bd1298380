"""The submitter's door: submit, follow up, look up, confirm, rate, withdraw.

One verb is one transaction; what a verb returned is committed.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from core.ground.database import DatabaseAwayError, bare_connection, transaction
from core.ground.errors import NotFoundError
from core.ground.faults import reach
from core.ground.text import clean
from core.hospital.directory import Directory
from core.notices.who_hears import Audience
from core.runtime import Runtime
from core.tickets.amending import Amending
from core.tickets.cleaning import expect_cleaning
from core.tickets.codes_in_texts import candidates, cover, typed_code
from core.tickets.filing import decide, file
from core.tickets.follow_up import (
    Followed,
    FollowUp,
    as_submission,
    goes_on,
    message_of,
    not_told_yet,
    teller,
)
from core.tickets.known_codes import known_codes, without_codes_in
from core.tickets.lifecycle import CLOSED, RESOLVED
from core.tickets.link import CLOSED_LONG_AGO, TicketLink
from core.tickets.merging import merged_into, pass_on
from core.tickets.preparation import prepare
from core.tickets.recording import record
from core.tickets.submission import Again, Receipt, Submission
from core.tickets.ticket import Ticket, locked
from core.tickets.told_again import WORDS, Verdict, differences, key_of_words, verdict
from core.tickets.tracking_code import hash_of

_SUBMITTER: frozenset[Audience] = frozenset({"submitter"})


@dataclass(frozen=True, slots=True)
class Desk:
    """The one door through which channels reach the core."""

    runtime: Runtime

    async def submit(self, submission: Submission) -> Receipt:
        """File a report. Equal keys give one ticket and the same receipt, however often.

        What a repeat says beside that becomes of it as `told_again` decides.
        Raises DatabaseAwayError (temporary); nothing else, for any input.
        """
        reach("submit.before")
        receipt = await file(self.runtime, submission)
        reach("submit.committed")
        if not receipt.is_same:
            receipt = await self._told_again_alone(submission, receipt)
        if not receipt.repeated or receipt.merged:
            rings = ("cleanings",) if submission.files else ()
            self.runtime.bell.ring("deliveries", "tickets", str(receipt.ticket_id), *rings)
        return receipt

    async def submit_within(self, session: AsyncSession, submission: Submission) -> Receipt:
        """File a report as part of a transaction that the caller commits (a chat's session).

        The caller rings `deliveries` and `tickets` after its commit.
        """
        receipt = await file(self.runtime, submission, await bare_connection(session))
        return receipt if receipt.is_same else await self._told_again(session, submission, receipt)

    async def find(self, typed: str) -> UUID:
        """Return the ticket that a tracking code opens; NotFoundError for every other text."""
        code = typed_code(typed) or ""
        async with transaction(self.runtime.database) as session:
            query = select(Ticket.id).where(Ticket.tracking_hash == hash_of(code))
            ticket_id = await session.scalar(query)
        if ticket_id is None:
            raise NotFoundError
        return ticket_id

    async def codes_in(self, *texts: str) -> tuple[str, ...]:
        """Return the tracking codes in these texts that open a ticket. Raises DatabaseAwayError."""
        if not candidates(texts):
            return ()
        async with transaction(self.runtime.database) as session:
            return tuple(await known_codes(session, texts))

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
        rings = ("cleanings",) if follow_up.files else ()
        self.runtime.bell.ring("deliveries", "tickets", str(ticket_id), *rings)
        return followed

    async def follow_up_within(
        self, session: AsyncSession, ticket_id: UUID, follow_up: FollowUp
    ) -> Followed:
        """Do what `follow_up` does as part of a transaction that the caller commits."""
        ticket = await _find_locked(session, ticket_id)
        follow_up = await without_codes_in(session, follow_up)
        told = await teller(session, follow_up.channel, follow_up.key)
        if told not in (None, ticket.id) and not await goes_on(session, ticket.id, told):
            follow_up = replace(follow_up, key=f"{follow_up.key}@{ticket.id}")  # another ticket's
            told = await teller(session, follow_up.channel, follow_up.key)
        if told == ticket.id:
            more = await self._not_told_yet(session, told, follow_up)
            if more is not None:
                return await self.follow_up_within(session, told, more)
            return Followed(ticket_id=told, number=ticket.ticket_number, repeated=True)
        directory = await self.runtime.directory.fresh()
        is_new = self._is_long_closed(ticket, directory) and not follow_up.automatic
        if is_new or told is not None:
            return await self._file_linked(session, ticket, follow_up)
        return await self._add(session, ticket, follow_up, directory)

    async def _not_told_yet(
        self, session: AsyncSession, ticket_id: UUID, follow_up: FollowUp
    ) -> FollowUp | None:
        if follow_up.again is not Again.MERGE:
            return None
        return await not_told_yet(session, ticket_id, follow_up, self.runtime.secret)

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
        comment = cover(comment, await known_codes(session, [comment]))
        ticket.rating_comment = clean(comment).strip() or ticket.rating_comment
        now = self.runtime.clock()
        event = ticket.happened("rated", now, actor="submitter", stars=ticket.rating)
        await record(
            session, ticket, event, await self.runtime.directory.fresh(), secret=self.runtime.secret
        )

    async def _told_again_alone(self, submission: Submission, first: Receipt) -> Receipt:
        try:
            async with transaction(self.runtime.database) as session:
                return await self._told_again(session, submission, first)
        except (IntegrityError, NotFoundError) as error:  # what it refers to was just deleted
            raise DatabaseAwayError from error

    async def _told_again(
        self, session: AsyncSession, submission: Submission, first: Receipt
    ) -> Receipt:
        """Do with a repeat that says something else what `told_again` decides."""
        submission = await without_codes_in(session, submission)
        directory, now = await self.runtime.directory.fresh(), self.runtime.clock()
        told = prepare(submission, directory, self.runtime.settings.phone_region)
        filing = decide(told, directory, now)
        ticket = await _find_locked(session, first.ticket_id)
        amending = Amending(session, ticket, filing, now, self.runtime.secret)
        known = await amending.known()
        differs = differences(known, told, filing.route, directory, hides=submission.anonymous)
        decided = verdict(differs, submission.again)
        if decided is Verdict.SAME:
            return replace(first, is_same=True)
        own = replace(submission, key=key_of_words(submission.key, told.words))
        if WORDS in differs and await teller(session, own.channel, own.key) is not None:
            return await self.submit_within(session, own)  # these words have become a report before
        if decided is Verdict.LEFT:
            return replace(first, differs=differs)
        if decided is Verdict.ANOTHER:
            return await self.submit_within(session, own)
        await amending.amend(known, differs)
        unit = directory.units.get(amending.ticket.unit_id)
        receipt = replace(first, unit_name=unit.name) if unit else first
        if (more := amending.said(known, differs, submission)) is not None:
            followed = await self.follow_up_within(session, first.ticket_id, more)
            receipt = followed.receipt or receipt
        return replace(receipt, repeated=True, is_same=False, differs=differs, merged=True)

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
        codes = follow_up.writer.codes()
        event = ticket.happened(kind, now, actor="submitter", message_id=message.id, **codes)
        await session.flush()
        await expect_cleaning(session, ticket.id, now)
        await record(
            session, ticket, event, directory, silent=_SUBMITTER, secret=self.runtime.secret
        )
        if into is not None and not follow_up.automatic:
            await pass_on(
                session,
                ticket,
                message,
                into,
                directory=directory,
                secret=self.runtime.secret,
                now=now,
            )
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
        receipt = await self.submit_within(
            session, as_submission(ticket, follow_up, self.runtime.secret)
        )
        if not receipt.repeated:
            link = {"kind": "related", "reason": CLOSED_LONG_AGO}
            session.add(TicketLink(ticket_id=receipt.ticket_id, other_id=ticket.id, **link))
        return Followed(
            ticket_id=receipt.ticket_id,
            number=receipt.number,
            repeated=receipt.repeated,
            receipt=receipt,
        )

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
        await record(
            session, ticket, event, await self.runtime.directory.fresh(), secret=self.runtime.secret
        )


async def _find_locked(session: AsyncSession, ticket_id: UUID) -> Ticket:
    ticket = await locked(session, ticket_id)
    if ticket is None:
        raise NotFoundError
    return ticket
