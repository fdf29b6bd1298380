"""Hides who wrote what is on a ticket without a name: mails as they came, and rows of earlier.

A door cannot know, when a mail arrives, to which ticket it belongs, so it lies there as it came
until it was read. Then it is hidden with its envelope and its id. What an older version kept
plainly is hidden by a recurring job, so many rows in each run.
"""

import dataclasses
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from core.ground.base import Json
from core.ground.concealed import (
    address_kept,
    digest_kept,
    message_kept,
    message_plain,
    word_kept,
    word_spellings,
)
from core.ground.database import transaction
from core.ground.hidden import BYTES_MARK, MARK, is_hidden
from core.ground.secret import Secret
from core.jobs.inbound import INBOUND, Inbound
from core.jobs.set_aside import Summary
from core.notices.delivery import Delivery
from core.runtime import Runtime
from core.tickets.address import TicketAddress
from core.tickets.message import Message
from core.tickets.ticket import Ticket
from core.tickets.writer import Writer

ROWS: Final = 200
"""Rows of each table that one run hides at most."""
UNNAMED: Final = "–"
"""Stands for the name of a third person where nobody is named."""
KEPT_OF_A_MAIL: Final = ("authenticity", "automatic", "recall", "forwarded_by")
"""What is kept of a mail beside its words where nobody is named: none of it names its writer."""
_NAMES_NOBODY: Final = Message.remarks["mail"]["from"].astext == ""
_Row = TypeVar("_Row", TicketAddress, Delivery)


@dataclass(frozen=True, slots=True)
class Concealing:
    """Every verb raises DatabaseAwayError, StorageUnavailable: it is done another time."""

    runtime: Runtime

    async def message(self, inbound_id: UUID) -> None:
        """Hide a raw message that was read, if its ticket is of somebody without a name."""
        found = await self._plain(Inbound.id == inbound_id)
        if found:
            await self._hide(found[0])

    async def older(self) -> bool:
        """Hide what lies there plainly; say whether some may be left."""
        async with transaction(self.runtime.database) as session:
            rows = [await self._addresses(session), await self._notices(session)]
            rows += [await self._mails(session), await self._digests(session)]
        messages = await self._plain(None)
        for inbound_id in messages:
            await self._hide(inbound_id)
        return max(*rows, len(messages)) >= ROWS

    async def _addresses(self, session: AsyncSession) -> int:
        other = aliased(TicketAddress)
        found = list(await session.scalars(_unnamed(TicketAddress, TicketAddress.address)))
        for row in found:
            kept = address_kept(self.runtime.secret, row.address, conceals=True)
            twin = select(other.id).filter_by(
                ticket_id=row.ticket_id, channel=row.channel, address=kept
            )
            if await session.scalar(twin) is not None:  # two spellings of one mailbox
                await session.delete(row)
            else:
                row.address = kept
            await session.flush()
        return len(found)

    async def _notices(self, session: AsyncSession) -> int:
        other = aliased(Delivery)
        query = _unnamed(Delivery, Delivery.recipient_ref).where(
            Delivery.audience == "submitter", Delivery.status.not_in(("queued", "sending"))
        )
        found = list(await session.scalars(query))
        for row in found:
            kept = address_kept(self.runtime.secret, row.recipient_ref, conceals=True)
            twin = select(other.id).filter_by(
                event_id=row.event_id, channel=row.channel, recipient_ref=kept
            )
            if await session.scalar(twin) is not None:
                await session.delete(row)
            else:
                row.recipient_ref = kept
            await session.flush()
        return len(found)

    async def _mails(self, session: AsyncSession) -> int:
        """Leave of mails what `mail_concealed` leaves, and nothing of how they looked."""
        sender = Message.remarks["mail"]["from"].astext
        named = or_(sender != "", and_(sender.is_(None), Message.html.is_not(None)))
        query = select(Message).join(Ticket, Ticket.id == Message.ticket_id)
        query = query.where(Ticket.is_anonymous, Message.remarks.has_key("mail"), named)
        found = list(await session.scalars(query.limit(ROWS)))
        for message in found:
            kept = mail_concealed(message.remarks, self.runtime.secret)
            message.remarks, message.html = {**message.remarks, "mail": kept}, None
        return len(found)

    async def _digests(self, session: AsyncSession) -> int:
        """Hide digests by which a number or an address could be tried."""
        plain = func.substr(Message.content_hash, 1, len(BYTES_MARK)) != BYTES_MARK
        query = select(Message).join(Ticket, Ticket.id == Message.ticket_id)
        found = list(await session.scalars(query.where(Ticket.is_anonymous, plain).limit(ROWS)))
        for message in found:
            message.content_hash = digest_kept(self.runtime.secret, message.content_hash or b"")
        return len(found)

    async def _plain(self, which: ColumnElement[bool] | None) -> list[UUID]:
        """Return messages of tickets without a name that are read, and not hidden."""
        unnamed = exists().where(Ticket.id == Inbound.ticket_id, Ticket.is_anonymous)
        nobody = exists().where(Message.id == Inbound.message_id, _NAMES_NOBODY)
        at_rest = and_(unnamed, ~nobody, Inbound.status.not_in(INBOUND.under_way))
        query = select(Inbound.id).where(at_rest, not_(Inbound.external_id.startswith(MARK)))
        query = query.where(which) if which is not None else query
        async with transaction(self.runtime.database) as session:
            return list(await session.scalars(query.order_by(Inbound.seq).limit(ROWS)))

    async def _hide(self, inbound_id: UUID) -> None:
        async with transaction(self.runtime.database) as session:
            row = await session.get(Inbound, inbound_id)
        if row is None or is_hidden(row.external_id):
            return
        content = await self._content(row)
        if message_plain(self.runtime.secret, content) is None:
            content = message_kept(self.runtime.secret, row.envelope, content)
        path = None
        if row.raw_path is not None:
            path = (await self.runtime.storage.put_stream(_chunks(content))).key
        async with transaction(self.runtime.database) as session:
            await self._write(session, inbound_id, content, path)

    async def _write(
        self, session: AsyncSession, inbound_id: UUID, content: bytes, path: str | None
    ) -> None:
        row = await session.get(Inbound, inbound_id, with_for_update=True)
        if row is None or row.status in INBOUND.under_way or is_hidden(row.external_id):
            return
        name = word_kept(self.runtime.secret, row.external_id)
        copy = select(Inbound.id).filter_by(
            channel=row.channel, external_id=name, content_hash=row.content_hash
        )
        if await session.scalar(copy) is not None:  # it came again after the first was hidden
            name = f"{name}.{row.id}"
        row.external_id, row.envelope, row.lane = name, {}, None
        row.raw, row.raw_path = (content, None) if path is None else (None, path)
        if row.summary is not None:
            row.summary = {**Summary.read(row.summary).facts(), "who": ""}

    async def _content(self, row: Inbound) -> bytes:
        if row.raw is not None:
            return row.raw
        return b"".join([part async for part in self.runtime.storage.read(row.raw_path or "")])


def names_kept(runtime: Runtime, name: str) -> list[str]:
    """Return every form in which a sender's own name of a message may be kept."""
    return word_spellings(runtime.secret, name)


def is_concealed(ticket: Ticket, message: Message) -> bool:
    """Say whether of a mail only its words are shown, on a ticket without a name.

    A mail that names no sender may begin such a ticket; there is nobody to hide.
    """
    mail = message.remarks.get("mail")
    is_named = not isinstance(mail, dict) or mail.get("from") != ""
    return ticket.is_anonymous and is_named


def writer_shown(ticket: Ticket, message: Message) -> Writer:
    """Say who wrote a message, as far as it is shown.

    On the report of somebody without a name nobody is named: it may be their other mailbox.
    """
    writer = Writer.of(message.remarks)
    if writer.third_person is not None and is_concealed(ticket, message):
        return dataclasses.replace(writer, third_person=UNNAMED)
    return writer


def mail_concealed(remarks: Mapping[str, object], secret: Secret) -> Json:
    """Return what is kept of a mail's facts (`mail`) where nobody is named. Pure.

    Its ids lead answers to it, so they stay, hidden.
    """
    mail = remarks.get("mail")
    facts: Json = mail if isinstance(mail, dict) else {}
    kept = {name: facts[name] for name in KEPT_OF_A_MAIL if facts.get(name)}
    if isinstance(own := facts.get("message_id"), str):
        kept["message_id"] = word_kept(secret, own)
    if isinstance(answers := facts.get("answers"), list):
        kept["answers"] = [word_kept(secret, str(one)) for one in answers]
    if facts.get("third_person"):
        kept["third_person"] = UNNAMED
    return kept


def _unnamed(table: type[_Row], address: InstrumentedAttribute[str]) -> Select[_Row]:
    """Select rows of tickets without a name whose address lies there plainly."""
    query = select(table).join(Ticket, Ticket.id == table.ticket_id)
    query = query.where(Ticket.is_anonymous, not_(address.startswith(MARK)))
    return query.limit(ROWS).with_for_update(skip_locked=True, of=table)


async def _chunks(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 1 << 20):
        yield content[start : start + (1 << 20)]
