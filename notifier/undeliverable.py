"""What follows when a notice could not be handed over: it is given up, or it follows its reader."""

from sqlalchemy import exists, select, update
from sqlalchemy.orm import aliased

from core.deliveries.undelivered import Return, ended
from core.ground.database import transaction
from core.ground.errors import LOSES_ADDRESS, DeliveryError
from core.jobs.retry_schedule import FailureOutcome
from core.notices.delivery import Delivery
from core.runtime import Runtime
from core.tickets.address import TicketAddress
from core.tickets.ticket import locked
from notifier.delivery_rows import Claimed


async def give_up(
    runtime: Runtime, claimed: Claimed, error: DeliveryError, outcome: FailureOutcome
) -> bool:
    """End a delivery as failed or dead and see to it that the person hears some other way.

    One transaction; False where somebody else claimed the delivery since.
    """
    what = Return(
        reason=error.reason.value,
        code=error.detail,
        loses_address=error.reason in LOSES_ADDRESS,
    )
    mine = select(Delivery).where(
        Delivery.id == claimed.id,
        Delivery.attempts == claimed.attempts,
        Delivery.status == "sending",
    )
    now = runtime.clock()
    async with transaction(runtime.database) as session:
        if claimed.ticket_id is not None:  # first, as every verb does: events stay in order
            await locked(session, claimed.ticket_id)
        delivery = await session.scalar(mine.with_for_update())
        if delivery is None:
            return False
        delivery.status, delivery.last_error = outcome.status, outcome.error
        delivery.lease_until = None
        await ended(session, runtime.directory, delivery, what, now)
    runtime.bell.ring("deliveries", "tickets", str(claimed.ticket_id))
    return True


async def follow(runtime: Runtime, channel: str, old: str, new: str) -> None:
    """Let everything still on its way to an address, and every ticket, go to the new one."""
    twin, other = aliased(Delivery), aliased(TicketAddress)
    moving = (
        Delivery.channel == channel,
        Delivery.recipient_ref == old,
        Delivery.status == "pending",
    )
    told_already = exists().where(
        twin.event_id == Delivery.event_id, twin.channel == channel, twin.recipient_ref == new
    )
    known_already = exists().where(
        other.ticket_id == TicketAddress.ticket_id,
        other.channel == channel,
        other.address == new,
    )
    async with transaction(runtime.database) as session:
        await session.execute(
            update(Delivery)
            .where(*moving, told_already)
            .values(status="cancelled", last_error="moved: told at the new address")
        )
        await session.execute(update(Delivery).where(*moving).values(recipient_ref=new))
        await session.execute(
            update(TicketAddress)
            .where(TicketAddress.channel == channel, TicketAddress.address == old, ~known_already)
            .values(address=new)
        )
    runtime.bell.ring("deliveries")
