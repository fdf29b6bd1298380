"""The original of an anonymous person's file, opened by a supervisor who says why.

That it was opened, by whom and why, stands in the ticket's history and in the audit.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from core.access.lookup import attachment_for, ticket_for
from core.access.scope import Reader
from core.audit.trail import note_read
from core.ground.database import transaction
from core.ground.text import clean_line
from core.reading.cases import FileToOpen
from core.runtime import Runtime
from core.tickets.file_names import revealed
from core.tickets.message import Message
from core.tickets.shown_file import Showing
from core.tickets.ticket import locked

LEAST_REASON: Final = 10
"""Characters of a reason."""
LONGEST_REASON: Final = 500


class NoReasonError(Exception):
    """Nothing was said that could be a reason."""


@dataclass(frozen=True, slots=True)
class Originals:
    """Every verb raises DatabaseAwayError."""

    runtime: Runtime

    async def open(
        self, reader: Reader, number: str, file_id: UUID, reason: str
    ) -> FileToOpen | None:
        """Return the original of a file that is shown cleaned; None for every other one.

        Raises NoReasonError.
        """
        secret, now = self.runtime.secret, self.runtime.clock()
        why = clean_line(reason)[:LONGEST_REASON]
        async with transaction(self.runtime.database) as session:
            found = await ticket_for(session, reader, number)
            file = await attachment_for(session, reader, file_id, now)
            if found is None or file is None or file.ticket_id != found.id:
                return None
            message = await session.get(Message, file.message_id) if file.message_id else None
            showing = Showing(is_anonymous=found.is_anonymous, language="id", secret=secret)
            if not showing.of(file, message).has_original:
                return None
            if len(why) < LEAST_REASON:
                raise NoReasonError
            ticket = await locked(session, found.id) or found
            event = ticket.happened(
                "original_opened",
                now,
                actor="staff",
                actor_id=reader.user_id,
                file=str(file.id),
                reason=why,
            )
            session.add(event)
            note_read(
                session,
                reader.user_id,
                "attachment",
                now,
                ticket_id=ticket.id,
                attachment_id=str(file.id),
                original=True,
                reason=why,
            )
            opened = FileToOpen(
                path=file.file_path,
                is_sealed=file.sealed_key is not None,
                name=revealed(secret, file.file_name),
                mime_type=file.mime_type,
                display_path="",
            )
        self.runtime.bell.ring("tickets", str(found.id))
        return opened
