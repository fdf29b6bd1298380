"""What follows when a notice cannot be delivered: history, the next address, a call back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.database import transaction
from core.delivery import Delivery
from core.directory import Directory
from core.event import Event
from core.ids import uuid7
from core.record import usable_address
from core.runtime import Runtime
from core.ticket import Ticket, TicketAddress
from intake.channel import LOSES_ADDRESS, DeliveryError
from notifier.ledger import Claimed
from notifier.patience import Outcome

KIND = "delivery_failed"
"""The kind of the event that staff see on the ticket."""


async def give_up(
    runtime: Runtime, claimed: Claimed, error: DeliveryError, outcome: Outcome
) -> bool:
    """End a delivery as failed or dead and see to it that the person hears some other way.

    One transaction; False where somebody else claimed the delivery since.
    """
    now = runtime.clock()
    directory = await runtime.directory.fresh()
    async with transaction(runtime.database) as session:
        if claimed.ticket_id is not None:  # first, as every verb does: events stay in order
            await session.execute(
                select(Ticket.id).where(Ticket.id == claimed.ticket_id).with_for_update()
            )
        if not await _end(session, claimed, outcome, now):
            return False
        if claimed.ticket_id is not None:
            await _tell_staff(session, claimed, error, outcome, now)
            if claimed.audience == "submitter":
                await _try_elsewhere(session, claimed, error, directory, now)
    runtime.bell.ring("deliveries", "tickets", *filter(None, [str(claimed.ticket_id or "")]))
    return True


async def follow(runtime: Runtime, channel: str, old: str, new: str) -> None:
    """Let everything still on its way to an address, and every ticket, go to the new one."""
    now = runtime.clock()
    twin, later = aliased(Delivery), aliased(TicketAddress)
    async with transaction(runtime.database) as session:
        told_already = exists().where(
            twin.event_id == Delivery.event_id,
            twin.channel == channel,
            twin.recipient_ref == new,
        )
        moving = (Delivery.channel == channel, Delivery.recipient_ref == old)
        await session.execute(
            update(Delivery)
            .where(*moving, Delivery.status == "pending", told_already)
            .values(status="cancelled", last_error="moved: told at the new address", updated_at=now)
        )
        await session.execute(
            update(Delivery)
            .where(*moving, Delivery.status == "pending")
            .values(recipient_ref=new, updated_at=now)
        )
        known_already = exists().where(
            later.ticket_id == TicketAddress.ticket_id,
            later.channel == channel,
            later.address == new,
        )
        await session.execute(
            update(TicketAddress)
            .where(TicketAddress.channel == channel, TicketAddress.address == old, ~known_already)
            .values(address=new, updated_at=now)
        )


async def call_back(session: AsyncSession, ticket_id: UUID, event_id: UUID, now: datetime) -> None:
    """Ask the phone desk to call: no written way to the person is left.

    The event `call_needed` is what the phone desk's list is made of.
    """
    session.add(
        Event(
            id=uuid7(),
            ticket_id=ticket_id,
            kind="call_needed",
            actor="system",
            data={"event_id": str(event_id)},
            at=now,
        )
    )
    await session.flush()


async def _end(session: AsyncSession, claimed: Claimed, outcome: Outcome, now: datetime) -> bool:
    ended = await session.scalar(
        update(Delivery)
        .where(
            Delivery.id == claimed.id,
            Delivery.attempts == claimed.attempts,
            Delivery.status == "sending",
        )
        .values(status=outcome.status, last_error=outcome.error, lease_until=None, updated_at=now)
        .returning(Delivery.id)
    )
    return ended is not None


async def _tell_staff(
    session: AsyncSession,
    claimed: Claimed,
    error: DeliveryError,
    outcome: Outcome,
    now: datetime,
) -> None:
    session.add(
        Event(
            id=uuid7(),
            ticket_id=claimed.ticket_id,
            kind=KIND,
            actor="system",
            data={
                "delivery_id": str(claimed.id),
                "channel": claimed.channel,
                "audience": claimed.audience,
                "template": claimed.template,
                "status": outcome.status,
                "reason": error.reason.value,
                "detail": error.detail,
            },
            at=now,
        )
    )
    await session.flush()


async def _try_elsewhere(
    session: AsyncSession,
    claimed: Claimed,
    error: DeliveryError,
    directory: Directory,
    now: datetime,
) -> None:
    """Block the address where it is of no use any more, and send the same news to the next one."""
    ticket_id, event_id = claimed.ticket_id, claimed.event_id
    if ticket_id is None or event_id is None:
        return
    address = await session.scalar(
        select(TicketAddress).where(
            TicketAddress.ticket_id == ticket_id,
            TicketAddress.channel == claimed.channel,
            TicketAddress.address == claimed.recipient_ref,
        )
    )
    if address is not None and error.reason in LOSES_ADDRESS:
        address.blocked_at, address.blocked_reason = now, error.reason.value
        await session.flush()
    following = await usable_address(
        session,
        ticket_id,
        directory,
        after_rank=address.rank if address is not None else -1,
    )
    if following is None:
        await call_back(session, ticket_id, event_id, now)
        return
    await session.execute(
        insert(Delivery)
        .values(
            ticket_id=ticket_id,
            event_id=event_id,
            channel=following.channel,
            recipient_ref=following.address,
            audience=claimed.audience,
            template=claimed.template,
            language=claimed.language,
            next_attempt_at=now,
        )
        .on_conflict_do_nothing()
    )
