"""One case as staff see it: the ticket, what was said, what happened, what is on its way."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from core.access.scope import Reader
from core.ground.base import Json
from core.ground.concealed import address_seen
from core.ground.secret import Secret
from core.ground.waiting_files import machines_of
from core.hospital.directory import Directory, UnitEntry
from core.notices.delivery import Delivery
from core.people.staff import User
from core.reading.as_it_came import AsItCame, as_it_came, originals_of
from core.reading.file_on_case import FileOnCase, file_on_case, showing_of
from core.reading.links_on_case import LinkOnCase, links
from core.reading.ticket_on_case import TicketOnCase
from core.tickets.concealing import is_concealed, writer_shown
from core.tickets.event import Event
from core.tickets.lifecycle import WORKING
from core.tickets.message import Message
from core.tickets.recipients import usable_address
from core.tickets.shown_file import Showing
from core.tickets.submission import Address
from core.tickets.ticket import Ticket
from core.tickets.writer import Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeOnCase:
    """A notice and how far it is."""

    id: UUID
    channel: str
    recipient: str
    """Where it goes; empty where it goes to somebody without a name."""
    audience: str
    template: str
    status: str
    at: datetime
    """When it was sent, or will be tried next."""
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsOnCase:
    """Something that was said. `notices` are how it reached the submitter."""

    id: UUID
    author: str
    name: str | None
    channel: str
    words: str
    at: datetime
    is_internal: bool
    writer: Writer
    """Who wrote it, where that is not plainly the person who reported."""
    has_html: bool
    as_it_came: AsItCame | None
    """What a mail was before it was cut to these words."""
    remarks: tuple[str, ...]
    files: tuple[FileOnCase, ...]
    notices: tuple[NoticeOnCase, ...]
    kind: str | None
    """The event it was said with: `asked`, `resolved`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventOnCase:
    """A line of the history. `notices` are those of events without words."""

    kind: str
    actor: str
    name: str | None
    at: datetime
    data: Json
    notices: tuple[NoticeOnCase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case. `seen` is the newest event on it, by which a later look tells what is new."""

    ticket: TicketOnCase
    unit: UnitEntry | None
    holder: str | None
    grader: str | None
    said: tuple[WordsOnCase, ...]
    history: tuple[EventOnCase, ...]
    links: tuple[LinkOnCase, ...]
    address: Address | None
    """Where an answer goes."""
    people: Mapping[UUID, str]
    """Names of staff that the history speaks of."""
    seen: int

    @property
    def is_owed(self) -> bool:
        """Whether somebody still owes the submitter something."""
        return self.ticket.status in WORKING


async def case_view(
    session: AsyncSession, reader: Reader, directory: Directory, ticket: Ticket, secret: Secret
) -> CaseView:
    """Read everything on a ticket that the reader was allowed to find."""
    events = await _events(session, ticket.id)
    names = await _names(session, ticket, events)
    notices = await _notices(session, ticket)
    return CaseView(
        ticket=TicketOnCase.of(ticket),
        unit=directory.units.get(ticket.unit_id),
        holder=names.get(ticket.assigned_to) if ticket.assigned_to else None,
        grader=names.get(ticket.grade_set_by) if ticket.grade_set_by else None,
        said=await _said(session, ticket, events, notices, showing_of(ticket, directory, secret)),
        history=tuple(
            EventOnCase(
                kind=event.kind,
                actor=event.actor,
                name=name,
                at=event.at,
                data=event.data,
                notices=() if event.message_id else tuple(notices.get(event.id, ())),
            )
            for event, name in events
        ),
        links=await links(session, reader, ticket.id),
        address=await _address(session, directory, ticket.id),
        people=names,
        seen=max((event.seq for event, _ in events), default=0),
    )


async def since(
    session: AsyncSession, directory: Directory, ticket: Ticket, seen: int, secret: Secret
) -> tuple[tuple[EventOnCase, ...], tuple[WordsOnCase, ...]]:
    """Return what happened and what was said after the event `seen`."""
    events = [pair for pair in await _events(session, ticket.id) if pair[0].seq > seen]
    spoken = {event.message_id for event, _ in events}
    said = await _said(session, ticket, events, {}, showing_of(ticket, directory, secret))
    history = tuple(
        EventOnCase(
            kind=event.kind, actor=event.actor, name=name, at=event.at, data=event.data, notices=()
        )
        for event, name in events
    )
    return history, tuple(one for one in said if one.id in spoken)


async def _names(
    session: AsyncSession, ticket: Ticket, events: list[tuple[Event, str | None]]
) -> dict[UUID, str]:
    """Name who has it, who graded it and to whom it was ever given."""
    given = {UUID(str(event.data["to"])) for event, _ in events if event.kind == "assigned"}
    wanted = given | {each for each in (ticket.assigned_to, ticket.grade_set_by) if each}
    query = select(User.id, User.full_name).where(User.id.in_(wanted))
    return {user_id: name for user_id, name in await session.execute(query)}  # noqa: C416 - rows, not pairs


async def _events(session: AsyncSession, ticket_id: UUID) -> list[tuple[Event, str | None]]:
    query = (
        select(Event, User.full_name)
        .outerjoin(User, User.id == Event.actor_id)
        .where(Event.ticket_id == ticket_id)
        .order_by(Event.seq)
    )
    return [(event, name) for event, name in await session.execute(query)]


async def _notices(session: AsyncSession, ticket: Ticket) -> dict[UUID, list[NoticeOnCase]]:
    found: dict[UUID, list[NoticeOnCase]] = defaultdict(list)
    query = select(Delivery).where(Delivery.ticket_id == ticket.id).order_by(Delivery.seq)
    for row in await session.scalars(query):
        if row.event_id is not None:
            found[row.event_id].append(_notice(row, ticket))
    return found


def _notice(row: Delivery, ticket: Ticket) -> NoticeOnCase:
    conceals = ticket.is_anonymous and row.audience == "submitter"
    return NoticeOnCase(
        id=row.id,
        channel=row.channel,
        recipient=address_seen(row.recipient_ref, conceals=conceals),
        audience=row.audience,
        template=row.template,
        status=row.status,
        at=row.sent_at or row.next_attempt_at,
        error=row.last_error,
    )


async def _said(
    session: AsyncSession,
    ticket: Ticket,
    events: list[tuple[Event, str | None]],
    notices: dict[UUID, list[NoticeOnCase]],
    showing: Showing,
) -> tuple[WordsOnCase, ...]:
    by_message = {event.message_id: event for event, _ in events if event.message_id}
    query = (
        select(Message, User.full_name)
        .outerjoin(User, User.id == Message.author_id)
        .where(Message.ticket_id == ticket.id)
        .order_by(Message.received_at, Message.id)
        .options(selectinload(Message.attachments))
    )
    spoken = [(message, name) for message, name in await session.execute(query)]
    files = [file for message, _ in spoken for file in message.attachments]
    keys = {
        key for file in files for key in (file.file_path, file.display_path, file.clean_path) if key
    }
    kept = _Kept(
        machines=await machines_of(session, keys) if keys else {},
        originals=await originals_of(session, ticket),
        showing=showing,
        ticket=ticket,
    )
    said = []
    for message, name in spoken:
        event = by_message.get(message.id)
        told = tuple(notices.get(event.id, ())) if event and message.author != "submitter" else ()
        said.append(_one(message, name, event, told, kept))
    return tuple(said)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """Where what came with the messages of a ticket lies."""

    machines: Mapping[str, str]
    """By the key of a file that has not followed to the store."""
    originals: frozenset[UUID]
    """Messages whose mail is kept."""
    showing: Showing
    ticket: Ticket

    def machine_of(self, *keys: str) -> str | None:
        """Name the machine that alone has a file of one of these keys."""
        return next((self.machines[key] for key in keys if key in self.machines), None)


def _one(
    message: Message,
    name: str | None,
    event: Event | None,
    told: tuple[NoticeOnCase, ...],
    kept: _Kept,
) -> WordsOnCase:
    remarks, conceals = message.remarks.get("remarks"), is_concealed(kept.ticket, message)
    return WordsOnCase(
        id=message.id,
        author=message.author,
        name=name,
        channel=message.channel,
        words=message.body,
        at=message.received_at,
        is_internal=message.is_internal,
        writer=writer_shown(kept.ticket, message),
        has_html=bool(message.html) and not conceals,
        as_it_came=None if conceals else as_it_came(message, kept.originals),
        remarks=tuple(map(str, remarks)) if isinstance(remarks, list) else (),
        files=tuple(
            file_on_case(file, kept.showing.of(file, message), kept.machine_of)
            for file in message.attachments
        ),
        notices=told,
        kind=event.kind if event else None,
    )


async def _address(session: AsyncSession, directory: Directory, ticket_id: UUID) -> Address | None:
    found = await usable_address(session, ticket_id, directory)
    return Address(channel=found.channel, address=found.address) if found is not None else None
