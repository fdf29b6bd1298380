"""Nobody's mailbox can be filled through us: confirmations to an unconfirmed address are few.

Whoever files reports with a stranger's address gets their tickets; the stranger gets at most
BURST confirmations at once and one more every SPACING. What is held back is only the notice of
receipt, whose facts the page has shown already.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

from sqlalchemy import select

from core.ground.database import borrowed, transaction
from core.runtime import Runtime
from core.tickets.address import TicketAddress
from notifier.delivery_rows import Claimed

BURST = 5
SPACING = timedelta(minutes=12)
WHY = "quiet: this unconfirmed address was told of several reports a moment ago"

_TAKE = """
INSERT INTO send_rate AS r (key, next_at) VALUES ($1, $2::timestamptz + $3)
    ON CONFLICT (key) DO UPDATE SET next_at = greatest(r.next_at, $2) + $3
 WHERE r.next_at <= $2::timestamptz + $3 * $4::int
RETURNING key
"""

_FORGET = "DELETE FROM send_rate WHERE next_at < $1"


async def may_send(runtime: Runtime, claimed: Claimed) -> bool:
    """Say whether a notice may go out; only first confirmations to strangers are counted."""
    if claimed.template != "received" or claimed.attempts > 1:
        return True
    if claimed.ticket_id is None or await _is_confirmed(runtime, claimed):
        return True
    return await _take(runtime, _key(runtime.secret, claimed), runtime.clock())


async def forget(runtime: Runtime) -> None:
    """Remove the lanes that may send again anyway."""
    async with borrowed(runtime.database) as connection:
        await connection.execute(_FORGET, runtime.clock())


async def _is_confirmed(runtime: Runtime, claimed: Claimed) -> bool:
    async with transaction(runtime.database) as session:
        confirmed_at = await session.scalar(
            select(TicketAddress.confirmed_at).where(
                TicketAddress.ticket_id == claimed.ticket_id,
                TicketAddress.channel == claimed.channel,
                TicketAddress.address == claimed.recipient_ref,
            )
        )
    return confirmed_at is not None


async def _take(runtime: Runtime, key: str, now: datetime) -> bool:
    async with borrowed(runtime.database) as connection:
        taken = await connection.fetchval(_TAKE, key, now, SPACING, BURST - 1)
    return taken is not None


def _key(secret: bytes, claimed: Claimed) -> str:
    """Name the address without holding it."""
    address = f"{claimed.channel}:{claimed.recipient_ref.strip().lower()}"
    return "confirm:" + hmac.digest(secret, address.encode(), hashlib.sha256).hex()[:32]
