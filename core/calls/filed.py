"""What was filed of a page on which calls are taken down, told by the page's own id.

A page that comes back after its call was filed (Back, history, a second tab of one draft) still
has its id. Equal content is the same call. Anything else is for the agent to decide: more about
the same call, or another caller, whose call goes under `further`, the next id of the same page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.ground.text import clean
from core.hospital.channel import SPOKEN, Channel
from core.people.staff import User
from core.tickets.message import Message
from core.tickets.ticket import Ticket

MARK: Final = "form"
"""The fact of a filed call that says what its form held (`mark_of`)."""
_NOT_SAID: Final = frozenset({"read_back", "consent"})
"""What the agent ticks about the talk; no part of what the caller reports."""
_UNNAMED: Final = "unnamed"
_OF_THE_CALLER: Final = frozenset({"number", "name", "patient", "call"})
"""What is not filed of a caller who stays unknown: a digest of it would let others try numbers."""
_MOST: Final = 50
"""Calls filed one after the other from one page that comes back every time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledCall:
    """A call that was filed."""

    ticket_id: UUID
    number: str
    at: datetime
    by: UUID | None
    by_name: str | None
    words: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledPage:
    """What was filed of a page, beside what it holds now."""

    first: FiledCall | None
    """The call filed under the page's own id."""
    same: FiledCall | None
    """The one that says the same as the page does now."""
    place: UUID
    """The id under which that one was filed; else the first id that is free."""


class FiledOtherwiseError(Exception):
    """The page's call is filed already and says something else, or it is somebody else's."""

    def __init__(self, filed: FiledCall) -> None:
        super().__init__(filed.number)
        self.filed = filed


def mark_of(fields: Mapping[str, str]) -> str:
    """Return what tells whether two forms say the same. Pure."""
    left_out = _NOT_SAID | _OF_THE_CALLER if fields.get(_UNNAMED) else _NOT_SAID
    said = sorted((n, clean(t).strip()) for n, t in fields.items() if n not in left_out)
    lines = "\0".join(f"{name}={text}" for name, text in said if text)
    return sha256(lines.encode(errors="replace")).hexdigest()[:32]


def further(draft_id: UUID) -> UUID:
    """Return the id for what a page whose call is filed takes down next. Pure."""
    return uuid5(draft_id, "further")


async def filed_of(session: AsyncSession, draft_id: UUID, mark: str) -> FiledPage:
    """Look up what was filed of a page, and whether what it holds now was."""
    first, place = None, draft_id
    for _ in range(_MOST):
        filed = await _filed(session, place)
        if filed is None:
            break
        first = first or filed
        if filed.mark == mark:
            return FiledPage(first=first, same=filed, place=place)
        place = further(place)
    return FiledPage(first=first, same=None, place=place)


async def _filed(session: AsyncSession, draft_id: UUID) -> FiledCall | None:
    keys = SPOKEN.with_only_columns(Channel.name + f":{draft_id}")
    query = (
        select(Ticket, Message, User.full_name)
        .join(Message, Message.ticket_id == Ticket.id)
        .outerjoin(User, User.id == Ticket.created_by)
        .where(Message.idempotency_key.in_(keys))
    )
    found = (await session.execute(query)).first()
    if found is None:
        return None
    ticket, message, name = found
    return FiledCall(
        ticket_id=ticket.id,
        number=ticket.ticket_number,
        at=message.received_at,
        by=ticket.created_by,
        by_name=name,
        words=message.body,
        mark=str(message.remarks.get(MARK, "")),
    )
