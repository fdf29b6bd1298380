"""What a notice tells: the facts of its ticket, and what was said with its event."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.ground.database import transaction
from core.ground.masking import Place, masked
from core.ground.text import clean
from core.hospital.directory import Directory, HospitalEntry
from core.hospital.unit import Unit
from core.runtime import Runtime
from core.tickets.concealing import writer_shown
from core.tickets.event import Event
from core.tickets.message import Message, TicketAttachment
from core.tickets.ticket import Ticket
from core.tickets.tracking_code import code_of
from core.tickets.writer import PLAIN, Writer

COVERED: Final = "••••-••••-••••-••••"
"""Stands for a tracking code where staff look on: it opens the person's page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """The facts of one notice."""

    hospital: HospitalEntry
    number: str
    kind: str
    unit: str
    due_at: datetime
    received_at: datetime
    closed_at: datetime | None
    answer: str
    """What staff said with the event, for the submitter; empty where nothing was said."""
    report: str
    """What the submitter said last, or at first, for staff alone: the submitter's words never
    go to an address, which may be a stranger's."""
    who: str | None
    """Who wrote the report that is told: the submitter's name for staff, None where they are
    unknown or want to be; or a third person's."""
    source: str
    files: int
    """How many files came with the words."""
    writer: Writer = PLAIN
    """Who said it, where that is not plainly the submitter."""
    track_url: str | None
    """The link that opens the ticket, where its code can be derived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Saying:
    """What was said, with as many files."""

    author: str
    body: str
    is_internal: bool
    files: int
    writer: Writer = PLAIN


async def read_facts(runtime: Runtime, ticket_id: UUID, event_id: UUID) -> NoticeFacts:
    """Read what a notice of an event tells. Raises DatabaseAwayError."""
    directory = await runtime.directory.fresh()
    async with transaction(runtime.database) as session:
        query = (
            select(Message)
            .join(Event, Event.message_id == Message.id)
            .where(Event.id == event_id, Event.ticket_id == ticket_id)
        )
        message = await session.scalar(query)
        said = await _saying(session, message) if message is not None else None
        return await _facts(session, runtime, directory, ticket_id, said)


async def foretell(runtime: Runtime, ticket_id: UUID, words: str, *, files: int = 0) -> NoticeFacts:
    """Read what a notice would tell, did staff say these words now; nothing is kept of them.

    The tracking code in its link is covered. Raises DatabaseAwayError.
    """
    directory = await runtime.directory.fresh()
    body = clean(words).strip()
    said = _Saying(author="staff", body=body, is_internal=False, files=files)
    async with transaction(runtime.database) as session:
        told = await _facts(session, runtime, directory, ticket_id, said)
    if told.track_url is None:
        return told
    return replace(told, track_url=_link(runtime, COVERED))


async def _facts(
    session: AsyncSession,
    runtime: Runtime,
    directory: Directory,
    ticket_id: UUID,
    said: _Saying | None,
) -> NoticeFacts:
    """Put together what is known of a ticket and what was said on it.

    A notice leaves the house: numbers that name a person are covered in what it quotes.
    """
    ticket, unit_name = (await session.execute(_ticket(ticket_id))).one()
    first_key = await session.scalar(_first_key(ticket_id))
    answer = said.body if said is not None and _is_answer(said) else ""
    is_theirs = said is not None and said.author == "submitter"
    report = said.body if said is not None and is_theirs else ticket.description
    own_name = None if ticket.is_anonymous else ticket.submitter_name
    writer = said.writer if said is not None else PLAIN
    return NoticeFacts(
        hospital=directory.hospital,
        number=ticket.ticket_number,
        kind=ticket.type,
        unit=unit_name,
        due_at=ticket.sla_deadline,
        received_at=ticket.received_at,
        closed_at=ticket.closed_at,
        answer=masked(answer, Place.PERSON, directory.telephones),
        report=masked(report, Place.STAFF, directory.telephones),
        who=(writer.third_person if is_theirs else None) or own_name,
        source=ticket.source,
        files=said.files if said is not None else 0,
        writer=writer,
        track_url=_track_url(runtime, ticket, first_key),
    )


def _ticket(ticket_id: UUID) -> Select[Ticket, str]:
    return (
        select(Ticket, Unit.name)
        .join(Unit, Unit.id == Ticket.unit_id)
        .where(Ticket.id == ticket_id)
    )


def _first_key(ticket_id: UUID) -> Select[str | None]:
    return (
        select(Message.idempotency_key)
        .where(Message.ticket_id == ticket_id, Message.idempotency_key.is_not(None))
        .order_by(Message.created_at, Message.id)
        .limit(1)
    )


def _is_answer(said: _Saying) -> bool:
    return said.author != "submitter" and not said.is_internal


async def _saying(session: AsyncSession, message: Message) -> _Saying:
    query = select(func.count()).where(TicketAttachment.message_id == message.id)
    return _Saying(
        author=message.author,
        body=message.body,
        is_internal=message.is_internal,
        files=await session.scalar(query) or 0,
        writer=writer_shown(await session.get_one(Ticket, message.ticket_id), message),
    )


def _track_url(runtime: Runtime, ticket: Ticket, first_key: str | None) -> str | None:
    """Derive the code anew; it is right only if its hash is the one the ticket holds."""
    code = code_of(runtime.secret, first_key or "", ticket.tracking_hash)
    return None if code is None else _link(runtime, code)


def _link(runtime: Runtime, code: str) -> str:
    return f"{runtime.settings.public_url.rstrip('/')}/t/{code}"
