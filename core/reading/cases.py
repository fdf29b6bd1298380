"""Cases, asked as the pages of a ticket ask: found, opened, looked at again, its mails and files.

A ticket that the reader may not know and one that never was are both None.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.access.lookup import attachment_for, reader_of, ticket_for, whole_ticket_for
from core.access.proof import standing_of
from core.access.scope import Reader
from core.access.writing import AgentStanding
from core.audit.trail import note_read
from core.ground.database import transaction
from core.hospital.directory import Directory
from core.notices.delivery import Delivery
from core.reading.as_it_came import Original, as_it_came, original_of
from core.reading.case import CaseView, EventOnCase, WordsOnCase, case_view, since
from core.reading.colleagues import Colleague, colleagues
from core.reading.file_on_case import showing_of
from core.reading.queues import QueueReader
from core.reading.ticket_on_case import TicketOnCase
from core.review.series import NUMBER, watch
from core.runtime import Runtime
from core.tickets import presence
from core.tickets.concealing import is_concealed
from core.tickets.message import Message, TicketAttachment
from core.tickets.presence import Beside
from core.tickets.shown_file import ShownFile, with_twin
from core.tickets.subject import subjects_of
from core.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedCase:
    """A case that somebody has before them."""

    case: CaseView
    beside: tuple[Beside, ...]
    """Who else is at it."""
    able: tuple[Colleague, ...]
    """Who may be given it."""
    about: frozenset[UUID]
    """Members of staff whom it is about."""
    in_series: bool
    """Whether the reader has opened so many that a supervisor is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSince:
    """A case as it stands, and what happened and was said after the reader looked."""

    case: CaseView
    happened: tuple[EventOnCase, ...]
    said: tuple[WordsOnCase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileToOpen:
    """A file in storage. `display_path` is our own drawing of a picture, empty for other kinds."""

    path: str
    is_sealed: bool
    """Whether what lies there is opened on its way (`core/ground/sealed_files.py`)."""
    name: str
    mime_type: str
    display_path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTicket:
    """A ticket that somebody may know of, and what they have of it."""

    ticket: TicketOnCase
    standing: AgentStanding
    in_series: bool = False
    """Whether they have opened so many that a supervisor is told."""

    @property
    def is_whole(self) -> bool:
        """Whether they may see all of it."""
        return self.standing is not AgentStanding.UNPROVEN


@dataclass(frozen=True, slots=True)
class Cases:
    """Every question raises DatabaseAwayError.

    All but `known` and `glance` are about tickets of which the reader may see everything.
    """

    runtime: Runtime

    async def find(self, reader: Reader, number: str) -> TicketOnCase | None:
        """Return a ticket by its exact number."""
        async with transaction(self.runtime.database) as session:
            ticket = await self._whole(session, reader, number)
        return TicketOnCase.of(ticket) if ticket is not None else None

    async def known(self, reader: Reader, number: str) -> KnownTicket | None:
        """Return a ticket that the reader may know of, with what they have of it."""
        async with transaction(self.runtime.database) as session:
            return await self._known(session, reader, number)

    async def glance(self, reader: Reader, number: str) -> KnownTicket | None:
        """Return what `known` does; that somebody looked whose caller is unproven is audited."""
        async with transaction(self.runtime.database) as session:
            known = await self._known(session, reader, number)
            if known is None or known.is_whole:
                return known
            me, now = reader.user_id, self.runtime.clock()
            note_read(session, me, "ticket", now, ticket_id=known.ticket.id, by=NUMBER)
            return replace(known, in_series=await watch(session, self.runtime, me))

    async def standing(self, user_id: UUID, ticket_id: UUID) -> AgentStanding:
        """Say what a member of staff has of a ticket, by the roles they have now."""
        directory = await self.runtime.directory.fresh()
        async with transaction(self.runtime.database) as session:
            reader = await reader_of(session, user_id, directory)
            return await standing_of(session, reader, ticket_id, self.runtime.clock())

    async def _known(
        self, session: AsyncSession, reader: Reader, number: str
    ) -> KnownTicket | None:
        ticket = await ticket_for(session, reader, number)
        if ticket is None:
            return None
        standing = await standing_of(session, reader, ticket.id, self.runtime.clock())
        return KnownTicket(ticket=TicketOnCase.of(ticket), standing=standing)

    async def _whole(self, session: AsyncSession, reader: Reader, number: str) -> Ticket | None:
        return await whole_ticket_for(session, reader, number, self.runtime.clock())

    async def open(self, desk: QueueReader, number: str) -> OpenedCase | None:
        """Read everything on a ticket; that it was read is written down, and who looks at it."""
        me, now = desk.reader.user_id, desk.now
        async with transaction(self.runtime.database) as session:
            ticket = await self._whole(session, desk.reader, number)
            if ticket is None:
                return None
            case = await case_view(
                session, desk.reader, desk.directory, ticket, self.runtime.secret
            )
            note_read(session, me, "ticket", now, ticket_id=ticket.id)
            await presence.look(session, ticket.id, me, now)
            in_series = await watch(session, self.runtime, me)
            return OpenedCase(
                case=case,
                in_series=in_series,
                beside=await presence.beside(session, ticket.id, me, now),
                able=await colleagues(session, desk.directory, {ticket.unit_id}, ticket.id),
                about=await subjects_of(session, ticket.id),
            )

    async def view(self, reader: Reader, directory: Directory, number: str) -> CaseView | None:
        """Read everything on a ticket that the reader has before them already."""
        async with transaction(self.runtime.database) as session:
            ticket = await self._whole(session, reader, number)
            secret = self.runtime.secret
            return await case_view(session, reader, directory, ticket, secret) if ticket else None

    async def since(
        self, reader: Reader, directory: Directory, number: str, seen: int
    ) -> CaseSince | None:
        """Read a case anew, and apart from it what is newer than the event `seen`."""
        async with transaction(self.runtime.database) as session:
            ticket = await self._whole(session, reader, number)
            if ticket is None:
                return None
            secret = self.runtime.secret
            happened, said = await since(session, directory, ticket, seen, secret)
            case = await case_view(session, reader, directory, ticket, secret)
        return CaseSince(case=case, happened=happened, said=said)

    async def mail(self, reader: Reader, number: str, message_id: UUID) -> str | None:
        """Return the styled side of a mail of a ticket, as it came: hostile HTML."""
        async with transaction(self.runtime.database) as session:
            ticket = await self._whole(session, reader, number)
            message = await session.get(Message, message_id) if ticket else None
            if ticket is None or message is None or message.ticket_id != ticket.id:
                return None
            return None if is_concealed(ticket, message) else message.html

    async def text(self, reader: Reader, number: str, message_id: UUID) -> str | None:
        """Return all the readable text of a mail of a ticket."""
        async with transaction(self.runtime.database) as session:
            ticket = await self._whole(session, reader, number)
            message = await session.get(Message, message_id) if ticket else None
            if ticket is None or message is None or message.ticket_id != ticket.id:
                return None
            came = None if is_concealed(ticket, message) else as_it_came(message)
            return came.whole if came else None

    async def original(self, reader: Reader, number: str, message_id: UUID) -> Original | None:
        """Return a mail of a ticket itself; that it was opened is written down."""
        async with transaction(self.runtime.database) as session:
            ticket = await self._whole(session, reader, number)
            found = await original_of(session, ticket, message_id) if ticket else None
            if ticket is None or found is None:
                return None
            now, opened = self.runtime.clock(), str(message_id)
            note_read(
                session, reader.user_id, "attachment", now, ticket_id=ticket.id, message_id=opened
            )
            return found

    async def file(self, reader: Reader, file_id: UUID) -> FileToOpen | None:
        """Return a file that may be opened; that it was is written down."""
        async with transaction(self.runtime.database) as session:
            file = await attachment_for(session, reader, file_id, self.runtime.clock())
            seen = await self._seen(session, file) if file is not None else None
            may_be_seen = seen is not None and (seen.is_open or seen.display_path)
            if file is None or seen is None or file.status != "stored" or not may_be_seen:
                return None
            note_read(
                session,
                reader.user_id,
                "attachment",
                self.runtime.clock(),
                ticket_id=file.ticket_id,
                attachment_id=str(file.id),
            )
            return FileToOpen(
                path=seen.path,
                is_sealed=seen.is_sealed,
                name=seen.name,
                mime_type=seen.mime_type,
                display_path=seen.display_path or "",
            )

    async def _seen(self, session: AsyncSession, file: TicketAttachment) -> ShownFile:
        """Say what of a file is handed out; of one that others sent anonymously the same bytes."""
        ticket = await session.get_one(Ticket, file.ticket_id)
        message = await session.get(Message, file.message_id) if file.message_id else None
        directory, secret = await self.runtime.directory.fresh(), self.runtime.secret
        showing = showing_of(ticket, directory, secret)
        return await with_twin(session, secret, showing.of(file, message))

    async def has_notice(self, ticket_id: UUID, delivery_id: UUID) -> bool:
        """Say whether a notice is one of a ticket's."""
        query = select(Delivery.id).where(
            Delivery.id == delivery_id, Delivery.ticket_id == ticket_id
        )
        async with transaction(self.runtime.database) as session:
            return await session.scalar(query) is not None
