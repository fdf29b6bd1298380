"""A notice that will not arrive: history, the next address, a call back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.deliveries.held_notice import HeldNotice
from core.ground.base import Json
from core.ground.database import transaction
from core.ground.errors import LOSES_ADDRESS, DeliveryError
from core.ground.ids import uuid7
from core.hospital.directory_store import DirectoryStore
from core.jobs.leasing import Jobs, Settled
from core.jobs.retry_schedule import FailureOutcome
from core.notices.delivery import DELIVERIES, Delivery
from core.notices.who_hears import RECEIPT_IN, goes
from core.runtime import Runtime
from core.tickets.address import TicketAddress
from core.tickets.event import Event
from core.tickets.lifecycle import WORKING
from core.tickets.recipients import usable_address
from core.tickets.ticket import locked

FAILED_EVENT, CALL_EVENT, COMPLAINED_EVENT = "delivery_failed", "call_needed", "unwanted"
"""What staff read in the ticket's history."""

_RETURNABLE = frozenset({"sending", "sent"})
"""A bounce may overtake the mark that the notice was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """How a notice failed. `code` is the provider's status, never words of a person."""

    reason: str
    """`unknown_recipient` or `blocked` lose the address; `refused` keeps it."""
    code: str
    loses_address: bool


@dataclass(frozen=True, slots=True)
class Undelivered:
    """What becomes of a notice that came back. Raises DatabaseAwayError."""

    runtime: Runtime

    async def returned(self, delivery_id: UUID, what: Return) -> UUID | None:
        """End a delivery that came back, and see to it that the person hears some other way.

        Told again it changes nothing. One that is about no ticket, such as the desk's alarm, is
        failed all the same. Returns the ticket, or None where there is none.
        """
        now = self.runtime.clock()
        async with transaction(self.runtime.database) as session:
            about = select(Delivery.ticket_id).where(Delivery.id == delivery_id)
            ticket_id = await session.scalar(about)
            if ticket_id is not None and await locked(session, ticket_id) is None:
                return None
            delivery = await session.get(Delivery, delivery_id, with_for_update=True)
            if delivery is None or delivery.status not in _RETURNABLE:
                return ticket_id
            delivery.status, delivery.lease_until = "failed", None
            delivery.last_error = f"returned: {what.reason} {what.code}".rstrip()
            await ended(session, self.runtime.directory, delivery, what, now)
        self.runtime.bell.ring("deliveries", "tickets", str(ticket_id))
        return ticket_id

    async def complained(self, delivery_id: UUID, what: str) -> UUID | None:
        """Send nothing more to an address whose owner says that our notice is unwanted.

        The notice itself did arrive. `what` is the provider's word for it, such as `abuse`. Staff
        read it in the history, and that somebody has to call where no other address is left. Told
        again it changes nothing. Returns the ticket, or None where there is no such delivery.
        """
        now = self.runtime.clock()
        async with transaction(self.runtime.database) as session:
            delivery = await session.get(Delivery, delivery_id)
            ticket_id = delivery.ticket_id if delivery is not None else None
            ticket = await locked(session, ticket_id) if ticket_id is not None else None
            if delivery is None or ticket is None:
                return None
            about = {"delivery_id": str(delivery_id)}
            told = select(Event.id).where(
                Event.ticket_id == ticket.id,
                Event.kind == COMPLAINED_EVENT,
                Event.data.contains(about),
            )
            if await session.scalar(told.limit(1)) is not None:
                return ticket.id
            facts = {**about, "channel": delivery.channel, "audience": delivery.audience}
            session.add(_happened(ticket.id, COMPLAINED_EVENT, {**facts, "feedback": what}, now))
            await session.flush()
            gone = Return(reason="unwanted", code=what, loses_address=True)
            await _lose_address(session, delivery, gone, now)
            known = await self.runtime.directory.get()
            if ticket.status in WORKING and not await usable_address(session, ticket.id, known):
                await call_back(session, ticket.id, delivery.event_id, now)
        self.runtime.bell.ring("tickets", str(ticket_id))
        return ticket_id

    async def given_up(
        self, notice: HeldNotice, error: DeliveryError, outcome: FailureOutcome
    ) -> bool:
        """End a notice that could not be handed over, as `failed` or `dead`.

        The person hears some other way. False where somebody else claimed it since.
        """
        what = Return(
            reason=error.reason.value,
            code=error.detail,
            loses_address=error.reason in LOSES_ADDRESS,
        )
        ended_as = Settled(status=outcome.status, error=outcome.error)
        async with transaction(self.runtime.database) as session:
            if notice.ticket_id is not None:  # first, as every verb does: events stay in order
                await locked(session, notice.ticket_id)
            jobs = Jobs(self.runtime, DELIVERIES)
            if not await jobs.settle_within(session, notice.held, ended_as):
                return False
            delivery = await session.get_one(Delivery, notice.held.id)
            await ended(session, self.runtime.directory, delivery, what, self.runtime.clock())
        self.runtime.bell.ring("deliveries", "tickets", str(notice.ticket_id))
        return True


async def ended(
    session: AsyncSession,
    directory: DirectoryStore,
    delivery: Delivery,
    what: Return,
    now: datetime,
) -> None:
    """See to it that staff know and the submitter hears some other way.

    Part of the transaction that wrote the delivery's last status, under the ticket's lock.
    """
    if delivery.ticket_id is None:
        return
    session.add(_happened(delivery.ticket_id, FAILED_EVENT, _facts(delivery, what), now))
    await session.flush()
    await _lose_address(session, delivery, what, now)
    if delivery.audience == "submitter" or delivery.template in RECEIPT_IN:
        await _try_elsewhere(session, directory, delivery, delivery.ticket_id, now)


async def call_back(
    session: AsyncSession, ticket_id: UUID, event_id: UUID | None, now: datetime
) -> None:
    """Say in the ticket's history that somebody has to call: no written way is left."""
    session.add(_happened(ticket_id, CALL_EVENT, {"event_id": str(event_id)}, now))
    await session.flush()


def _facts(delivery: Delivery, what: Return) -> Json:
    return {
        "delivery_id": str(delivery.id),
        "channel": delivery.channel,
        "audience": delivery.audience,
        "template": delivery.template,
        "status": delivery.status,
        "reason": what.reason,
        "detail": what.code,
    }


async def _lose_address(
    session: AsyncSession, delivery: Delivery, what: Return, now: datetime
) -> None:
    address = await _address(session, delivery)
    if address is not None and what.loses_address and address.blocked_at is None:
        address.blocked_at, address.blocked_reason = now, what.reason
        await session.flush()


async def _try_elsewhere(
    session: AsyncSession,
    directory: DirectoryStore,
    delivery: Delivery,
    ticket_id: UUID,
    now: datetime,
) -> None:
    """Send the same news to the best address that was not tried with it.

    Where none is left, somebody has to see to it.
    """
    known = await directory.get()
    following = await usable_address(session, ticket_id, known, untold=delivery.event_id)
    if following is None and delivery.channel not in known.spoken:
        await call_back(session, ticket_id, delivery.event_id, now)
    if following is None:
        return
    template = RECEIPT_IN.get(delivery.template, delivery.template)
    if not goes(template, spoken=following.channel in known.spoken):
        return
    await session.execute(
        insert(Delivery)
        .values(
            ticket_id=ticket_id,
            event_id=delivery.event_id,
            channel=following.channel,
            recipient_ref=following.address,
            audience="submitter",
            template=template,
            language=delivery.language,
            next_attempt_at=now,
        )
        .on_conflict_do_nothing()
    )


async def _address(session: AsyncSession, delivery: Delivery) -> TicketAddress | None:
    query = select(TicketAddress).where(
        TicketAddress.ticket_id == delivery.ticket_id,
        TicketAddress.channel == delivery.channel,
        TicketAddress.address == delivery.recipient_ref,
    )
    return await session.scalar(query)


def _happened(ticket_id: UUID, kind: str, facts: Json, now: datetime) -> Event:
    return Event(id=uuid7(), ticket_id=ticket_id, kind=kind, actor="system", data=facts, at=now)
