"""What a bounce means for the notice that came back. Pure: a table of reasons."""

import re

from core.deliveries.undelivered import Return
from core.ground.errors import LOSES_ADDRESS, Reason
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
