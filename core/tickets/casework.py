"""The staff's door: assign, move, start, reply, ask, note, escalate, resolve, close, reopen.

One verb is one transaction; it returns the event it committed. Every verb takes `by`, the member
of staff (None: the system), and `version`, the ticket's version they looked at (None: any).
"""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.ground import storable
from core.ground.database import transaction
from core.ground.errors import NotFoundError
from core.ground.ids import uuid7
from core.ground.text import clean, clean_line
from core.hospital.directory import Directory
from core.runtime import Runtime
from core.tickets.event import Event
from core.tickets.follow_up import attachments_of
from core.tickets.message import Message
from core.tickets.preparation import Fitting, noted
from core.tickets.recording import record
from core.tickets.submission import StoredFile
from core.tickets.ticket import Ticket, locked


class ChangedMeanwhileError(Exception):
    """Somebody else changed the ticket after the version this verb was decided on."""

    def __init__(self, ticket_id: UUID, version: int) -> None:
        super().__init__(f"ticket {ticket_id} is at version {version} by now")
        self.ticket_id, self.version = ticket_id, version


class EmptyAnswerError(Exception):
    """An answer must say something."""


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket under its lock, within the transaction of one verb."""

    session: AsyncSession
    ticket: Ticket
    directory: Directory
    now: datetime

    async def record(self, event: Event) -> Event:
        """Write the event and its notices."""
        return await record(self.session, self.ticket, event, self.directory)

    async def say(
        self,
        words: str,
        *,
        by: UUID | None,
        internal: bool = False,
        files: tuple[StoredFile, ...] = (),
        key: str | None = None,
    ) -> Message | None:
        """Add what staff said; None when there is nothing in it.

        With a `key` it is said once; a second time the database refuses (IntegrityError).
        """
        body = clean(words).strip()
        if not body and not files:
            return None
        fit = Fitting(self.directory)
        message = Message(
            id=uuid7(),
            ticket_id=self.ticket.id,
            author="staff" if by else "system",
            author_id=by,
            channel=self.ticket.source,
            body=body,
            is_internal=internal,
            idempotency_key=None if key is None else storable.name(key),
            received_at=self.now,
        )
        message.attachments = attachments_of(self.ticket.id, fit.files(files), uploaded_by=by)
        message.remarks = noted(tuple(fit.remarks), {})
        self.session.add(message)
        await self.session.flush()
        return message


@dataclass(frozen=True, slots=True)
class Casework:
    """What staff do to a ticket.

    Every verb raises NotFoundError, IllegalMoveError, ChangedMeanwhileError, DatabaseAwayError.
    """

    runtime: Runtime

    async def find(self, number: str) -> UUID:
        """Return the id of a ticket by its number; NotFoundError where there is none."""
        async with transaction(self.runtime.database) as session:
            query = select(Ticket.id).where(Ticket.ticket_number == clean_line(number).upper())
            ticket_id = await session.scalar(query)
        if ticket_id is None:
            raise NotFoundError
        return ticket_id

    async def assign(
        self, ticket_id: UUID, to: UUID, *, by: UUID | None, version: int | None = None
    ) -> Event:
        """Give it to a member of staff."""
        async with self.case(ticket_id, version) as case:
            return await case.record(case.ticket.assign(to, by=by, at=case.now))

    async def move(
        self,
        ticket_id: UUID,
        to: UUID,
        *,
        by: UUID | None,
        reason: str,
        version: int | None = None,
    ) -> Event:
        """Hand it to another unit, with a sentence for its staff.

        The deadline stays: it was promised to the person.
        """
        async with self.case(ticket_id, version) as case:
            why = clean(reason).strip()
            return await case.record(case.ticket.move(to, by=by, at=case.now, reason=why))

    async def start(self, ticket_id: UUID, *, by: UUID | None, version: int | None = None) -> Event:
        """Begin to work on it."""
        async with self.case(ticket_id, version) as case:
            return await case.record(case.ticket.start(by=by, at=case.now))

    async def reply(
        self,
        ticket_id: UUID,
        words: str,
        *,
        by: UUID | None,
        files: tuple[StoredFile, ...] = (),
        key: str | None = None,
        version: int | None = None,
    ) -> Event:
        """Answer the submitter, through the door they came in by."""
        return await self._answer(
            "reply", ticket_id, words, by=by, files=files, version=version, key=key
        )

    async def ask(
        self,
        ticket_id: UUID,
        words: str,
        *,
        by: UUID | None,
        files: tuple[StoredFile, ...] = (),
        version: int | None = None,
    ) -> Event:
        """Ask the submitter for something that is missing."""
        return await self._answer("ask", ticket_id, words, by=by, files=files, version=version)

    async def note(
        self,
        ticket_id: UUID,
        words: str,
        *,
        by: UUID | None,
        files: tuple[StoredFile, ...] = (),
        key: str | None = None,
        version: int | None = None,
    ) -> Event:
        """Write something only staff will ever see."""
        async with self.case(ticket_id, version) as case:
            case.ticket.go("note")
            message = await case.say(words, by=by, internal=True, files=files, key=key)
            return await case.record(case.ticket.staff_event("noted", case.now, by, message))

    async def escalate(
        self, ticket_id: UUID, *, by: UUID | None, reason: str = "", version: int | None = None
    ) -> Event:
        """Raise it to those above the unit; the reason is an internal note."""
        async with self.case(ticket_id, version) as case:
            await case.say(reason, by=by, internal=True)
            return await case.record(case.ticket.escalate(by=by, at=case.now))

    async def resolve(
        self,
        ticket_id: UUID,
        words: str = "",
        *,
        by: UUID | None,
        files: tuple[StoredFile, ...] = (),
        version: int | None = None,
    ) -> Event:
        """Say that it is solved, and how; the submitter may say that it is not."""
        async with self.case(ticket_id, version) as case:
            message = await case.say(words, by=by, files=files)
            return await case.record(case.ticket.resolve(message, by=by, at=case.now))

    async def close(
        self, ticket_id: UUID, words: str = "", *, by: UUID | None, version: int | None = None
    ) -> Event:
        """End it."""
        async with self.case(ticket_id, version) as case:
            message = await case.say(words, by=by)
            return await case.record(case.ticket.close(message, by=by, at=case.now))

    async def reopen(
        self, ticket_id: UUID, *, by: UUID | None, reason: str = "", version: int | None = None
    ) -> Event:
        """Take it up again; the reason is an internal note."""
        async with self.case(ticket_id, version) as case:
            await case.say(reason, by=by, internal=True)
            return await case.record(case.ticket.reopen(by=by, at=case.now))

    @contextlib.asynccontextmanager
    async def case(self, ticket_id: UUID, version: int | None = None) -> AsyncIterator[Case]:
        """Hold a ticket for one verb: locked, at the version looked at, committed at the end."""
        directory = await self.runtime.directory.fresh()
        async with transaction(self.runtime.database) as session:
            ticket = await locked(session, ticket_id)
            if ticket is None:
                raise NotFoundError
            if version is not None and version != ticket.version:
                raise ChangedMeanwhileError(ticket_id, ticket.version)
            yield Case(session, ticket, directory, self.runtime.clock())
        self.runtime.bell.ring("deliveries", "tickets", str(ticket_id))

    async def _answer(
        self,
        verb: str,
        ticket_id: UUID,
        words: str,
        *,
        by: UUID | None,
        files: tuple[StoredFile, ...],
        version: int | None,
        key: str | None = None,
    ) -> Event:
        async with self.case(ticket_id, version) as case:
            message = await case.say(words, by=by, files=files, key=key)
            if message is None:
                raise EmptyAnswerError
            return await case.record(case.ticket.answer(verb, message, by=by, at=case.now))
