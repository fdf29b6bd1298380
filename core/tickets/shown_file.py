"""A file as everybody but a supervisor with a reason sees it.

Of an anonymous report that is the cleaned copy under a neutral name, in every page, list, answer
and command; until there is one, and where there can be none, the file is locked.
"""

from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.ground.secret import Secret
from core.tickets.file_names import hidden_as, neutral_name, revealed
from core.tickets.message import Message, TicketAttachment

_DRAWN: Final = "image/jpeg"
BEING_CLEANED: Final = "being_cleaned"
"""Why a file is not here yet: a reason of `intake/uploads/reasons.py`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFile:
    """What is shown of a file, and what is handed out for it."""

    name: str
    size: int
    mime_type: str
    path: str
    """Key in storage of what is handed out."""
    is_sealed: bool
    """Whether that is sealed, and is to be opened on its way."""
    display_path: str | None
    is_open: bool
    reason: str | None
    """Why it is not open, as a code."""
    has_original: bool
    """Whether a supervisor may open what is not handed out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """How the files of one ticket are shown: in which language, and whether it is anonymous."""

    is_anonymous: bool
    language: str
    secret: Secret = field(repr=False)

    def of(self, file: TicketAttachment, message: Message | None) -> ShownFile:
        """Say what is shown of a file of a message; what staff add is nobody's secret."""
        is_theirs = message is None or message.author != "staff"
        if self.is_anonymous and is_theirs:
            return _cleaned(file, self.language)
        return ShownFile(
            name=revealed(self.secret, file.file_name),
            size=file.file_size,
            mime_type=file.mime_type,
            path=file.file_path,
            is_sealed=file.sealed_key is not None,
            display_path=file.display_path,
            is_open=file.status == "stored" and bool(file.file_path),
            reason=file.reason,
            has_original=False,
        )


def _cleaned(file: TicketAttachment, language: str) -> ShownFile:
    drawn = file.display_path if file.clean_reason is None else None
    path = file.clean_path or drawn  # what was drawn when it came holds nothing but pixels
    is_there = file.status == "stored" and bool(path)
    locked = file.reason if file.status != "stored" else file.clean_reason or BEING_CLEANED
    mime_type = file.clean_mime or (_DRAWN if drawn else file.mime_type)
    return ShownFile(
        name=neutral_name(mime_type, file.position, language),
        size=file.file_size if file.clean_size is None else file.clean_size,
        mime_type=mime_type,
        path=path or "",
        is_sealed=False,
        display_path=file.display_path,
        is_open=is_there,
        reason=None if is_there else locked,
        has_original=file.status == "stored" and bool(file.file_path),
    )


async def with_twin(session: AsyncSession, secret: Secret, seen: ShownFile) -> ShownFile:
    """Return a file as it is to be read: of equal bytes sent anonymously only those are kept.

    Their plain copy is gone, which somebody else may have sent at the same time.
    """
    if seen.is_sealed or not seen.path:
        return seen
    query = select(TicketAttachment.file_path).where(
        TicketAttachment.sealed_key.in_(hidden_as(secret, seen.path))
    )
    twin = await session.scalar(query.limit(1))
    return replace(seen, path=twin, is_sealed=True) if twin else seen
