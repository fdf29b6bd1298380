"""A recipient who has another address now: everything still on its way goes there."""

from dataclasses import dataclass

from sqlalchemy import exists, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.ground.concealed import address_plain, spellings
from core.ground.database import transaction
from core.notices.delivery import Delivery
from core.runtime import Runtime
from core.tickets.address import TicketAddress


@dataclass(frozen=True, slots=True)
class Moved:
    """What follows when a channel says that somebody moved. Raises DatabaseAwayError."""

    runtime: Runtime

    async def follow(self, channel: str, old: str, new: str) -> None:
        """Let everything still on its way to an address, and every ticket, go to the new one."""
        secret = self.runtime.secret
        old, new = address_plain(secret, old), address_plain(secret, new)
        if old == new:
            return
        async with transaction(self.runtime.database) as session:
            for before, after in zip(spellings(secret, old), spellings(secret, new), strict=True):
                await _follow(session, channel, before, after)
        self.runtime.bell.ring("deliveries")


async def _follow(session: AsyncSession, channel: str, old: str, new: str) -> None:
    """Let what is kept under one spelling of the old address go to the same one of the new."""
    twin, other = aliased(Delivery), aliased(TicketAddress)
    moving = (
        Delivery.channel == channel,
        Delivery.recipient_ref == old,
        Delivery.status == "pending",
    )
    told_already = exists().where(
        twin.event_id == Delivery.event_id, twin.channel == channel, twin.recipient_ref == new
    )
    reached_here = (TicketAddress.channel == channel, TicketAddress.address == old)
    known_already = exists().where(
        other.ticket_id == TicketAddress.ticket_id,
        other.channel == channel,
        other.address == new,
    )
    await session.execute(
        update(Delivery)
        .where(*moving, told_already)
        .values(status="cancelled", last_error="moved: told at the new address")
    )
    await session.execute(update(Delivery).where(*moving).values(recipient_ref=new))
    await session.execute(
        update(TicketAddress).where(*reached_here, ~known_already).values(address=new)
    )
