"""Read side of the telephone desk: what rings and waits, a call begun, and what is read out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from core.access.scope import Reader
from core.calls.draft import UnfinishedCall, draft_of, drafts_of
from core.calls.ringing import Ring, rings, rung
from core.ground.database import transaction
from core.ground.text import clean
from core.hospital.unit import Unit
from core.reading.call_list import due
from core.runtime import Runtime
from core.tickets.follow_up import FollowUp
from core.tickets.message import Message
from core.tickets.ticket import Ticket
from core.tickets.tracking_code import code_of

_SAME_CALL = timedelta(minutes=30)
"""How long equal words of one agent may be the same call: as long as its caller stays proven."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskNews:
    """What rings just now, and how many people wait to be called."""

    rings: tuple[Ring, ...]
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskWork:
    """Somebody's unfinished calls, and how many people wait to be called."""

    drafts: tuple[UnfinishedCall, ...]
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What a call begins with: a draft, else the number that rang; neither for a new one."""

    draft: UnfinishedCall | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOut:
    """What is read out at the end of a call. `code` None: the ticket has another one by now."""

    number: str
    unit: str
    language: str
    due_at: datetime
    code: str | None


@dataclass(frozen=True, slots=True)
class CallDesk:
    """Every question raises DatabaseAwayError."""

    runtime: Runtime

    async def news(self, reader: Reader) -> DeskNews:
        """Read what the desk's line tells."""
        now = self.runtime.clock()
        async with transaction(self.runtime.database) as session:
            return DeskNews(
                rings=await rings(session, now), waiting=await due(session, reader, now)
            )

    async def work(self, reader: Reader) -> DeskWork:
        """Read what is left to do; old drafts of everybody are forgotten on the way."""
        now = self.runtime.clock()
        async with transaction(self.runtime.database) as session:
            return DeskWork(
                drafts=await drafts_of(session, reader.user_id, now),
                waiting=await due(session, reader, now),
            )

    async def begun(self, user_id: UUID, draft_id: UUID | None, ring_id: UUID | None) -> Begun:
        """Say what a call begins with; what is forgotten or somebody else's begins a new one."""
        async with transaction(self.runtime.database) as session:
            draft = await draft_of(session, draft_id, user_id) if draft_id else None
            if draft is not None:
                return Begun(draft=draft)
            return Begun(number=await rung(session, ring_id) if ring_id else None)

    async def told_before(
        self, ticket_id: UUID, told: FollowUp, *, of_page: str, of_agent: str
    ) -> str | None:
        """Say what makes words doubtful that are about to be added; a repeat is not.

        `page`: something else was added under the page's key. `agent`: the same agent added the
        very same words to the report just now, from another page.
        """
        since = self.runtime.clock() - _SAME_CALL
        under = Message.idempotency_key.startswith
        same = select(Message.idempotency_key).where(
            Message.ticket_id == ticket_id,
            Message.body == clean(told.words).strip(),
            Message.received_at > since,
            under(f"{of_agent}:", autoescape=True),
        )
        page = select(Message.idempotency_key).where(
            Message.ticket_id == ticket_id, under(f"{of_page}:", autoescape=True)
        )
        async with transaction(self.runtime.database) as session:
            of_this_page = set(await session.scalars(page))
            equal = await session.scalar(same.limit(1))
        if told.idempotency_key in of_this_page:
            return None
        return "page" if of_this_page else "agent" if equal else None

    async def read_out(self, user_id: UUID, key: str) -> ReadOut | None:
        """Return what to read out of a call that somebody took down themselves, by its key.

        The code is derived anew and stored nowhere.
        """
        query = (
            select(Ticket, Unit.name)
            .join(Message, Message.ticket_id == Ticket.id)
            .join(Unit, Unit.id == Ticket.unit_id)
            .where(Message.idempotency_key == key, Ticket.created_by == user_id)
        )
        async with transaction(self.runtime.database) as session:
            found = (await session.execute(query)).first()
        if found is None:
            return None
        ticket, unit = found
        return ReadOut(
            number=ticket.ticket_number,
            unit=unit,
            language=ticket.language,
            due_at=ticket.sla_deadline,
            code=code_of(self.runtime.secret, key, ticket.tracking_hash),
        )
