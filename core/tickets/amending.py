"""Adds to a ticket what a repeat of its report says beside words and files.

What staff did meanwhile stays: news goes to the address the person left now, but a report that
somebody works on is not taken from them because its form names another unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.ground.concealed import address_kept, address_plain
from core.ground.secret import Secret
from core.hospital.contact import compared
from core.hospital.directory import Directory
from core.notices.delivery import Delivery
from core.notices.who_hears import Audience
from core.tickets.address import TicketAddress
from core.tickets.cleaning import expect_cleaning
from core.tickets.event import Event
from core.tickets.file_names import marks_of
from core.tickets.filing import LAST, Filing
from core.tickets.follow_up import FollowUp
from core.tickets.lifecycle import possible
from core.tickets.message import Message, TicketAttachment
from core.tickets.priority import priority_of
from core.tickets.recording import record
from core.tickets.submission import Submission
from core.tickets.ticket import Ticket
from core.tickets.told_again import (
    CONTACTS,
    FILES,
    PLACES,
    UNIT,
    UNKNOWN,
    WORDS,
    Known,
    key_of_words,
    new_files,
    new_places,
)

_SUBMITTER: Final[frozenset[Audience]] = frozenset({"submitter"})
_SAID: Final = frozenset({WORDS, FILES})


@dataclass(frozen=True, slots=True)
class Amending:
    """One ticket under its lock, and what a repeat of its report says."""

    session: AsyncSession
    ticket: Ticket
    filing: Filing
    now: datetime
    secret: Secret = field(repr=False)

    async def known(self) -> Known:
        """Read what was told of the ticket so far."""
        ticket = self.ticket
        return Known(
            words=frozenset(await self._bodies()),
            files=frozenset(await self._file_names()),
            contacts={name: getattr(ticket, f"submitter_{name}") for name in CONTACTS},
            places=frozenset(map(self._place, await self._addresses())),
            is_anonymous=ticket.is_anonymous,
            kind=ticket.type,
            category_id=ticket.category_id,
            urgency=ticket.urgency_level,
            unit_id=await self._unit_told(),
        )

    async def amend(self, known: Known, differs: Sequence[str]) -> None:
        """Add all of it but words and files; the history says what, and what stayed as it was."""
        ticket, named = self.ticket, [what for what in differs if what not in _SAID]
        if not named:
            return
        self._take_facts(named)
        if UNKNOWN in named:
            await self._forget()
        await self._keep_addresses()
        if PLACES in named:
            await self._put_first(new_places(known, self.filing.submission, self._directory))
        moved = UNIT in named and await self._is_untouched() and "move" in possible(ticket.status)
        left = [UNIT] if UNIT in named and not moved else []
        changed = [what for what in named if what != UNIT]
        if changed or left:
            event = ticket.happened("amended", self.now, actor="submitter", what=changed, left=left)
            is_news = PLACES in changed and not self.filing.submission.acknowledged
            await self._record(event, frozenset() if is_news else _SUBMITTER)
        if moved:
            await self._move()

    def said(self, known: Known, differs: Sequence[str], submission: Submission) -> FollowUp | None:
        """Make a follow-up of the words and files that were not told before; None: there are none.

        `submission` is the repeat as it came.
        """
        if not _SAID & set(differs):
            return None
        told, is_said = self.filing.submission, WORDS in differs
        words, files = told.words if is_said else "", new_files(known, told.files)
        return FollowUp(
            channel=submission.channel,
            key=key_of_words(submission.key, words, () if is_said else files),
            words=words,
            html=told.html if is_said else None,
            files=files,
            received_at=submission.received_at,
            remarks=submission.remarks,
            facts=submission.facts,
        )

    @property
    def _directory(self) -> Directory:
        return self.filing.directory

    def _take_facts(self, named: Sequence[str]) -> None:
        ticket, told = self.ticket, self.filing.submission
        for name in CONTACTS:
            if name in named:
                setattr(ticket, f"submitter_{name}", getattr(told.submitter, name))
                ticket.is_anonymous = False  # by what they typed now, and by nothing else
        if "kind" in named:
            ticket.type = told.kind
        if "category" in named:
            ticket.category_id = self.filing.route.category_id
        if "urgency" in named:
            ticket.urgency_level = told.urgency
            ticket.priority = priority_of(told.urgency, ticket.risk_grade)

    async def _forget(self) -> None:
        """Keep nothing of who they are; only an address they give even so stays."""
        ticket = self.ticket
        ticket.is_anonymous = True
        for name in CONTACTS:
            setattr(ticket, f"submitter_{name}", None)
        ticket.ip_address = ticket.user_agent = None
        await self.session.execute(
            delete(TicketAddress).where(
                TicketAddress.ticket_id == ticket.id,
                TicketAddress.channel.in_(self._directory.spoken),
            )
        )
        await self.session.flush()
        await expect_cleaning(self.session, ticket.id, self.now)

    async def _keep_addresses(self) -> None:
        """Keep every address as it is kept on a ticket with, or without, a name."""
        news = select(Delivery).where(
            Delivery.ticket_id == self.ticket.id, Delivery.audience == "submitter"
        )
        for row in await self._addresses():
            row.address = self._kept(row.address)
        for delivery in await self.session.scalars(news):
            delivery.recipient_ref = self._kept(delivery.recipient_ref)
        await self.session.flush()

    def _kept(self, address: str) -> str:
        plain = address_plain(self.secret, address)
        return address_kept(self.secret, plain, conceals=self.ticket.is_anonymous)

    async def _put_first(self, ranks: tuple[int, ...]) -> None:
        """Let news go to the new addresses from now on; what is spoken stays behind the rest."""
        there = await self._addresses()
        for rank in reversed(ranks):
            new, spoken = self.filing.submission.addresses[rank], self._directory.spoken
            is_spoken = new.channel in spoken
            beside = [one.rank for one in there if (one.channel in spoken) is is_spoken]
            row = TicketAddress(
                ticket_id=self.ticket.id,
                channel=new.channel,
                address=self._kept(new.address),
                rank=min(beside, default=LAST if is_spoken else 1) - 1,
                confirmed_at=self.filing.received_at if new.confirmed else None,
            )
            self.session.add(row)
            there = [*there, row]

    async def _move(self) -> None:
        ticket, way, origin = self.ticket, self.filing.route, self.ticket.unit_id
        ticket.go("move")
        ticket.unit_id, ticket.assigned_to, ticket.routing_reason = way.unit.id, None, way.reason
        event = ticket.happened(
            "moved", self.now, actor="submitter", origin=str(origin), to=str(way.unit.id)
        )
        await self._record(event, _SUBMITTER)

    async def _record(self, event: Event, silent: frozenset[Audience]) -> None:
        await record(
            self.session, self.ticket, event, self._directory, silent=silent, secret=self.secret
        )

    async def _is_untouched(self) -> bool:
        query = select(Event.id).where(Event.ticket_id == self.ticket.id, Event.actor == "staff")
        return await self.session.scalar(query.limit(1)) is None

    async def _unit_told(self) -> UUID:
        """Return the unit the person's own words led to last, wherever staff have moved it."""
        query = select(Event).where(Event.ticket_id == self.ticket.id, Event.kind == "moved")
        unit_id = None
        for event in await self.session.scalars(query.order_by(Event.seq)):
            if event.actor == "submitter":
                unit_id = UUID(str(event.data["to"]))
            elif unit_id is None:
                unit_id = UUID(str(event.data["origin"]))
        return unit_id or self.ticket.unit_id

    async def _addresses(self) -> list[TicketAddress]:
        query = select(TicketAddress).where(TicketAddress.ticket_id == self.ticket.id)
        return list(await self.session.scalars(query))

    async def _bodies(self) -> list[str]:
        query = select(Message.body).where(
            Message.ticket_id == self.ticket.id, Message.author == "submitter"
        )
        return list(await self.session.scalars(query))

    async def _file_names(self) -> list[str]:
        query = select(TicketAttachment).where(TicketAttachment.ticket_id == self.ticket.id)
        return [
            mark
            for file in await self.session.scalars(query)
            for mark in marks_of(self.secret, file)
        ]

    def _place(self, address: TicketAddress) -> tuple[str, str]:
        channel = self._directory.channels.get(address.channel)
        plain = address_plain(self.secret, address.address)
        return address.channel, compared(channel.takes if channel else None, plain)
