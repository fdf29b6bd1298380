"""Nobody's mailbox can be filled through us: confirmations to an unconfirmed address are few.

Whoever files reports with a stranger's address gets their tickets; the stranger gets a few
confirmations at once and then one more now and again, whichever way the address is spelled, and so
does a whole domain, behind which one person may read every mailbox. What is held back is only the
notice of receipt, whose facts the page has shown already; staff see that it was not sent.
"""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.deliveries.held_notice import HeldNotice
from core.ground.concealed import address_plain
from core.ground.database import transaction
from core.ground.rate_limits import (
    CONFIRMATIONS,
    CONFIRMATIONS_IN_ALL,
    CONFIRMATIONS_OF_TICKET,
    CONFIRMATIONS_TO_DOMAIN,
)
from core.ground.stored_buckets import Bucket, take
from core.hospital.contact import EMAIL
from core.hospital.counted_sender import counted_as, domain_behind
from core.runtime import Runtime
from core.tickets.address import TicketAddress

WHY = "quiet: this unconfirmed address was told of several reports a moment ago"


async def may_send(runtime: Runtime, notice: HeldNotice) -> bool:
    """Say whether a notice may go out; only first confirmations to strangers are counted."""
    if notice.template != "received" or notice.held.attempts > 1 or notice.is_again:
        return True
    buckets = await _buckets(runtime, notice)
    async with transaction(runtime.database) as session:
        if await _is_confirmed(session, notice):
            return True
        for bucket in buckets:
            if await take(session, runtime.secret, bucket, runtime.clock()) is not None:
                runtime.refusals.note(bucket.limit)
                return False
    return True


async def _buckets(runtime: Runtime, notice: HeldNotice) -> tuple[Bucket, ...]:
    """Name what it is counted by, the narrow ones first: a flood uses up nobody else's share."""
    channel = (await runtime.directory.fresh()).channels.get(notice.channel)
    takes = channel.takes if channel else None
    address = address_plain(runtime.secret, notice.recipient_ref)
    whose = counted_as(takes, address, runtime.settings.phone_region)
    domain = domain_behind(address) if takes == EMAIL else None
    return (
        Bucket(CONFIRMATIONS, (notice.channel, whose)),
        Bucket(CONFIRMATIONS_OF_TICKET, (str(notice.ticket_id),)),
        *((Bucket(CONFIRMATIONS_TO_DOMAIN, (domain,)),) if domain else ()),
        Bucket(CONFIRMATIONS_IN_ALL, ()),
    )


async def _is_confirmed(session: AsyncSession, notice: HeldNotice) -> bool:
    confirmed_at = await session.scalar(
        select(TicketAddress.confirmed_at).where(
            TicketAddress.ticket_id == notice.ticket_id,
            TicketAddress.channel == notice.channel,
            TicketAddress.address == notice.recipient_ref,
        )
    )
    return confirmed_at is not None
