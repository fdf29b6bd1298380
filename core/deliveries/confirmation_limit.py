"""Nobody's mailbox can be filled through us: confirmations to an unconfirmed address are few.

Whoever files reports with a stranger's address gets their tickets; the stranger gets a few
confirmations at once and then one more now and again (`CONFIRMATIONS`). What is held back is only
the notice of receipt, whose facts the page has shown already.
"""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.deliveries.held_notice import HeldNotice
from core.ground.database import transaction
from core.ground.rate_limits import CONFIRMATIONS
from core.ground.stored_buckets import Bucket, take
from core.runtime import Runtime
from core.tickets.address import TicketAddress

WHY = "quiet: this unconfirmed address was told of several reports a moment ago"


async def may_send(runtime: Runtime, notice: HeldNotice) -> bool:
    """Say whether a notice may go out; only first confirmations to strangers are counted."""
    if notice.template != "received" or notice.held.attempts > 1 or notice.is_again:
        return True
    bucket = Bucket(CONFIRMATIONS, (notice.channel, notice.recipient_ref.strip().lower()))
    async with transaction(runtime.database) as session:
        if await _is_confirmed(session, notice):
            return True
        return await take(session, runtime.secret, bucket, runtime.clock()) is None


async def _is_confirmed(session: AsyncSession, notice: HeldNotice) -> bool:
    confirmed_at = await session.scalar(
        select(TicketAddress.confirmed_at).where(
            TicketAddress.ticket_id == notice.ticket_id,
            TicketAddress.channel == notice.channel,
            TicketAddress.address == notice.recipient_ref,
        )
    )
    return confirmed_at is not None
