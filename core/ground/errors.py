"""Errors that more than one room speaks of: not found, not delivered, not fetched."""

from datetime import timedelta
from enum import StrEnum


class NotFoundError(Exception):
    """There is no such ticket for whoever asks; a wrong code and a missing ticket look alike."""


class Reason(StrEnum):
    """Why a delivery failed: the whole vocabulary, with what follows from it."""

    UNREACHABLE = "unreachable"  # no connection, or a fault of theirs
    THROTTLED = "throttled"  # too fast; wait as told
    UNCLEAR = "unclear"  # no answer: it may have arrived
    REFUSED = "refused"  # they will never take this message
    BLOCKED = "blocked"  # the recipient does not want us
    UNKNOWN_RECIPIENT = "unknown_recipient"  # there is no such address
    MOVED = "moved"  # the recipient has another address now
    MISCONFIGURED = "misconfigured"  # our credentials or settings are wrong


RETRYABLE = frozenset(
    {Reason.UNREACHABLE, Reason.THROTTLED, Reason.UNCLEAR, Reason.MOVED, Reason.MISCONFIGURED}
)
"""Worth another attempt: the fault is passing, or an operator can mend it."""

LOSES_ADDRESS = frozenset({Reason.BLOCKED, Reason.UNKNOWN_RECIPIENT})
"""The address is of no use any more: mark it, and try the next one."""


class DeliveryError(Exception):
    """A notice could not be handed over.

    `detail` holds codes and words of the protocol, never addresses, tokens or the notice's text:
    staff read it on the ticket.
    """

    def __init__(
        self,
        reason: Reason,
        detail: str = "",
        *,
        retry_after: timedelta | None = None,
        new_address: str | None = None,
    ) -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail
        self.retry_after = retry_after
        self.new_address = new_address

    @property
    def retryable(self) -> bool:
        """Whether another attempt makes sense."""
        return self.reason in RETRYABLE


class FetchError(Exception):
    """The channel did not hand over a file. `gone`: it never will. `reason` is a code, no words."""

    def __init__(self, reason: str, *, gone: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.gone = gone
