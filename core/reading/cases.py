"""Cases, asked as the pages of a ticket ask: found, opened, looked at again, its mails and files.

A ticket that the reader may not know and one that never was are both None.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.access.lookup import attachment_for, ticket_for
from core.access.scope import Reader
from core.audit.trail import note_read
from core.ground.database import transaction
from core.hospital.directory import Directory
from core.notices.delivery import Delivery
from core.reading.case import CaseView, EventOnCase, WordsOnCase, case_view, since
from core.reading.colleagues import Colleague, colleagues
from core.reading.queues import QueueReader
from core.reading.ticket_on_case import TicketOnCase
from core.runtime import Runtime
from core.tickets import presence
from core.tickets.message import Message
from core.tickets.presence import Beside
from core.tickets.subject import subjects_of


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
    name: str
    mime_type: str
    display_path: str


@dataclass(frozen=True, slots=True)
class Cases:
    """Every question raises DatabaseAwayError."""

    runtime: Runtime

    async def find(self, reader: Reader, number: str) -> TicketOnCase | None:
        """Return a ticket by its exact number."""
        async with transaction(self.runtime.database) as session:
            ticket = await ticket_for(session, reader, number)
        return TicketOnCase.of(ticket) if ticket is not None else None

    async def open(self, desk: QueueReader, number: str) -> OpenedCase | None:
        """Read everything on a ticket; that it was read is written down, and who looks at it."""
        me, now = desk.reader.user_id, desk.now
        async with transaction(self.runtime.database) as session:
            ticket = await ticket_for(session, desk.reader, number)
            if ticket is None:
                return None
            case = await case_view(session, desk.reader, desk.directory, ticket)
            note_read(session, me, "ticket", now, ticket_id=ticket.id)
            await presence.look(session, ticket.id, me, now)
            return OpenedCase(
                case=case,
                beside=await presence.beside(session, ticket.id, me, now),
                able=await colleagues(session, desk.directory, {ticket.unit_id}, ticket.id),
                about=await subjects_of(session, ticket.id),
            )

    async def view(self, reader: Reader, directory: Directory, number: str) -> CaseView | None:
        """Read everything on a ticket that the reader has before them already."""
        async with transaction(self.runtime.database) as session:
            ticket = await ticket_for(session, reader, number)
            return await case_view(session, reader, directory, ticket) if ticket else None

    async def since(
        self, reader: Reader, directory: Directory, number: str, seen: int
    ) -> CaseSince | None:
        """Read a case anew, and apart from it what is newer than the event `seen`."""
        async with transaction(self.runtime.database) as session:
            ticket = await ticket_for(session, reader, number)
            if ticket is None:
                return None
            happened, said = await since(session, ticket.id, seen)
            case = await case_view(session, reader, directory, ticket)
        return CaseSince(case=case, happened=happened, said=said)

    async def mail(self, reader: Reader, number: str, message_id: UUID) -> str | None:
        """Return the styled side of a mail of a ticket, as it came: hostile HTML."""
        async with transaction(self.runtime.database) as session:
            ticket = await ticket_for(session, reader, number)
            if ticket is None:
                return None
            query = select(Message.html).where(Message.id == message_id)
            html: str | None = await session.scalar(query.where(Message.ticket_id == ticket.id))
            return html

    async def file(self, reader: Reader, file_id: UUID) -> FileToOpen | None:
        """Return a file that may be opened; that it was is written down."""
        async with transaction(self.runtime.database) as session:
            file = await attachment_for(session, reader, file_id)
            if file is None or file.status != "stored" or not file.file_path:
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
                path=file.file_path,
                name=file.file_name,
                mime_type=file.mime_type,
                display_path=file.display_path or "",
            )

    async def has_notice(self, ticket_id: UUID, delivery_id: UUID) -> bool:
        """Say whether a notice is one of a ticket's."""
        query = select(Delivery.id).where(
            Delivery.id == delivery_id, Delivery.ticket_id == ticket_id
        )
        async with transaction(self.runtime.database) as session:
            return await session.scalar(query) is not None
