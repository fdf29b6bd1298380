"""The staff's door: assign, move, start, reply, ask, note, escalate, resolve, close, reopen.

One verb is one transaction; it returns the event it committed. Every verb takes `by`, the member
of staff (None: the system), and `version`, the ticket's version they looked at (None: any).
"""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from core.ground import storable
from core.ground.database import transaction
from core.ground.errors import NotFoundError
from core.ground.ids import uuid7
from core.ground.secret import Secret
from core.ground.text import clean, clean_line, is_readable
from core.hospital.directory import Directory
from core.runtime import Runtime
from core.tickets.event import Event
from core.tickets.follow_up import attachments_of
from core.tickets.lifecycle import WORKING
from core.tickets.message import Message
from core.tickets.preparation import Fitting, noted
from core.tickets.recording import record
from core.tickets.subject import name_subject
from core.tickets.submission import StoredFile
from core.tickets.ticket import Ticket, locked


class ChangedMeanwhileError(Exception):
    """Somebody else changed the ticket after the version this verb was decided on."""

    def __init__(self, ticket_id: UUID, version: int) -> None:
        super().__init__(f"ticket {ticket_id} is at version {version} by now")
        self.ticket_id, self.version = ticket_id, version


class EmptyAnswerError(Exception):
    """An answer must say something, and that it is solved or ended must be said in words."""


class VanishedError(NotFoundError):
    """What a verb named beside the ticket (a unit, a person) is not there any more."""


class SaidBeforeError(Exception):
    """The same was said on the ticket before, by its key; nothing was added."""


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket under its lock, within the transaction of one verb."""

    session: AsyncSession
    ticket: Ticket
    directory: Directory
    secret: Secret = field(repr=False)
    now: datetime
    mark: str = ""  # beside what is said: what staff have to know of it

    async def record(self, event: Event) -> Event:
        """Write the event and its notices."""
        rows = (self.session, self.ticket, event, self.directory)
        return await record(*rows, secret=self.secret)

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

        With a `key` it is said once; a second time raises SaidBeforeError.
        """
        body = clean(words).strip()
        if not is_readable(body) and not files:
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
        message.remarks = noted((*fit.remarks, *filter(None, (self.mark,))), {})
        self.session.add(message)
        try:
            await self.session.flush()
        except IntegrityError as error:
            if key is not None and _is(error, asyncpg.UniqueViolationError):
                raise SaidBeforeError from error
            raise
        return message


@dataclass(frozen=True, slots=True)
class Casework:
    """What staff do to a ticket.

    Every verb raises NotFoundError, IllegalMoveError, ChangedMeanwhileError, DatabaseAwayError;
    one that names something beside the ticket VanishedError; one that takes a `key`,
    SaidBeforeError.
    """

    runtime: Runtime
    mark: str = ""

    async def find(self, number: str) -> UUID:
        """Return the id of a ticket by its number; NotFoundError where there is none."""
        async with transaction(self.runtime.database) as session:
            exact = Ticket.ticket_number == clean_line(number).upper()
            ticket_id = await session.scalar(select(Ticket.id).where(exact))
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
        words: str,
        *,
        by: UUID | None,
        files: tuple[StoredFile, ...] = (),
        version: int | None = None,
    ) -> Event:
        """Say that it is solved, and how; the submitter may say that it is not.

        Raises EmptyAnswerError without words: a file alone does not say what was done.
        """
        async with self.case(ticket_id, version) as case:
            message = await case.say(words, by=by, files=files)
            if message is None or not is_readable(message.body):
                raise EmptyAnswerError
            return await case.record(case.ticket.resolve(message, by=by, at=case.now))

    async def close(
        self, ticket_id: UUID, words: str = "", *, by: UUID | None, version: int | None = None
    ) -> Event:
        """End it. Raises EmptyAnswerError without words while somebody still owes an answer."""
        async with self.case(ticket_id, version) as case:
            message = await case.say(words, by=by)
            if message is None and case.ticket.status in WORKING:
                raise EmptyAnswerError
            return await case.record(case.ticket.close(message, by=by, at=case.now))

    async def reopen(
        self, ticket_id: UUID, *, by: UUID | None, reason: str = "", version: int | None = None
    ) -> Event:
        """Take it up again; the reason is an internal note."""
        async with self.case(ticket_id, version) as case:
            await case.say(reason, by=by, internal=True)
            return await case.record(case.ticket.reopen(by=by, at=case.now))

    async def keep_from(
        self, ticket_id: UUID, about: UUID, *, by: UUID | None, version: int | None = None
    ) -> Event:
        """Keep it from the member of staff it is about; it is theirs to work on no longer."""
        async with self.case(ticket_id, version) as case:
            await name_subject(case.session, ticket_id, about, by=by, at=case.now)
            if case.ticket.assigned_to == about:
                case.ticket.assigned_to = None
            return await case.record(case.ticket.staff_event("named", case.now, by))

    @contextlib.asynccontextmanager
    async def case(self, ticket_id: UUID, version: int | None = None) -> AsyncIterator[Case]:
        """Hold a ticket for one verb: locked, at the version looked at, committed at the end."""
        directory = await self.runtime.directory.fresh()
        try:
            async with transaction(self.runtime.database) as session:
                ticket = await locked(session, ticket_id)
                if ticket is None:
                    raise NotFoundError
                if version is not None and version != ticket.version:
                    raise ChangedMeanwhileError(ticket_id, ticket.version)
                known = (directory, self.runtime.secret, self.runtime.clock(), self.mark)
                yield Case(session, ticket, *known)
        except IntegrityError as error:
            if _is(error, asyncpg.ForeignKeyViolationError):
                raise VanishedError from error
            raise
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


def _is(error: IntegrityError, kind: type[asyncpg.PostgresError]) -> bool:
    cause = error.orig.__cause__ if error.orig is not None else None
    return isinstance(cause, kind)
