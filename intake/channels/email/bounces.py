"""Where a bounce meets its ticket: a notice of ours comes back, and the core sees to the rest.

The signed address or Message-ID says which delivery it was, a table what the bounce means for it;
`core.deliveries.undelivered` ends the delivery and lets the person hear some other way.
"""

import re

from core.deliveries.undelivered import Return, Undelivered
from core.ground.errors import LOSES_ADDRESS, Reason
from core.runtime import Runtime
from intake.channel import Processed
from intake.channels.email.received_mail import ReceivedMail
from intake.channels.email.tokens import Tokens
from intake.channels.email.understanding.mail import Bounce

_MEANS: dict[str, Reason] = {
    # the bounce's reason   what it means for the delivery
    "unknown-user": Reason.UNKNOWN_RECIPIENT,
    "unknown-host": Reason.UNKNOWN_RECIPIENT,
    "moved": Reason.UNKNOWN_RECIPIENT,
    "mailbox-full": Reason.REFUSED,
    "size": Reason.REFUSED,
    "policy": Reason.REFUSED,
    "temporary": Reason.UNREACHABLE,
    "other": Reason.REFUSED,
}
_GIVEN_UP = re.compile(rb"^action:[ \t]*failed", re.IGNORECASE | re.MULTILINE)


async def take_bounce(runtime: Runtime, tokens: Tokens, arrived: ReceivedMail) -> Processed | None:
    """End the delivery that came back; None for what names no signed delivery of ours."""
    bounce = arrived.mail.bounce
    signed = (
        *map(tokens.bounced_delivery, arrived.recipients),
        tokens.delivery_of(bounce.original_message_id or "") if bounce else None,
    )
    delivery_id = next(filter(None, signed), None)
    if bounce is None or delivery_id is None:
        return None
    what = meaning_of(bounce, arrived.raw.content)
    if what is None:
        return Processed(status="dropped", note="a notice is delayed; it is still tried")
    ticket_id = await Undelivered(runtime).returned(delivery_id, what)
    return Processed(ticket_id=ticket_id, note=f"a notice came back: {what.code}")


def meaning_of(bounce: Bounce, raw: bytes) -> Return | None:
    """Return how the notice came back, or None while the other server still tries."""
    passing = (bounce.status or "").startswith("4.") or bounce.reason == "temporary"
    if passing and not bounce.hard and not _GIVEN_UP.search(raw):
        return None
    reason = Reason.UNKNOWN_RECIPIENT if bounce.hard else _MEANS[bounce.reason]
    if reason in LOSES_ADDRESS and not bounce.hard:
        reason = Reason.REFUSED
    return Return(
        reason=reason.value,
        code=f"{bounce.reason} {bounce.status or ''}".strip(),
        loses_address=reason in LOSES_ADDRESS,
    )
