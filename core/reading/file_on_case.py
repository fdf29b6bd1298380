"""A file of a case as staff see it: the cleaned copy, where an anonymous person sent it."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from core.ground.secret import Secret
from core.hospital.directory import Directory
from core.tickets.message import TicketAttachment
from core.tickets.shown_file import Showing, ShownFile
from core.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOnCase:
    """A file; `is_open` says whether it may be looked at, `reason` why not."""

    id: UUID
    name: str
    size: int
    is_open: bool
    is_picture: bool
    reason: str | None
    waiting_on: str | None
    """The machine that alone has it until it has followed to the store."""
    has_original: bool
    """Whether there is more than is shown: a supervisor may open it and says why."""


def file_on_case(
    file: TicketAttachment, seen: ShownFile, machine_of: Callable[..., str | None]
) -> FileOnCase:
    """Say of a file what its ticket's page says; `machine_of` names where a key still waits."""
    return FileOnCase(
        id=file.id,
        name=seen.name,
        size=seen.size,
        is_open=seen.is_open,
        is_picture=file.status == "stored" and bool(seen.display_path),
        reason=seen.reason,
        waiting_on=machine_of(seen.path, seen.display_path or ""),
        has_original=seen.has_original,
    )


def showing_of(ticket: Ticket, directory: Directory, secret: Secret) -> Showing:
    """Say how the files of a ticket are shown to staff: in the hospital's language."""
    language = directory.hospital.language
    return Showing(is_anonymous=ticket.is_anonymous, language=language, secret=secret)
