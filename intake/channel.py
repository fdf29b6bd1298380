"""What a channel is: one folder that brings reports in and takes news back out.

Each folder under `intake/channels/` has in its `__init__` a function

    def open_channel(runtime: Runtime) -> Channel | None

that reads its own settings and returns the channel, or None when they are absent. Nothing else
in the project names a channel: `intake.registry` finds the folders.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable
from uuid import UUID

from aiohttp import web

from core.desk import Desk


@runtime_checkable
class Channel(Protocol):
    """A door. `name` is its row in `channels`, the source of its tickets."""

    name: str
    reporting: str
    """How the KWTK form counts what comes this way: lisan, tulisan or media massa."""

    def mount(self, app: web.Application, desk: Desk) -> None:
        """Add routes, listeners or pollers to the application; start nothing yet.

        Listeners and pollers run as cleanup contexts of the application, on its loop.
        """


@runtime_checkable
class Sender(Protocol):
    """A channel through which news can go back."""

    async def send(self, outgoing: "Outgoing") -> str:
        """Hand a notice to the provider and return the provider's id for it.

        Raises DeliveryError with a reason of the closed vocabulary; never anything else.
        Returns only when the provider has accepted it. Called on the worker's loop.
        """


@runtime_checkable
class Receiver(Protocol):
    """A channel whose input is committed raw and answered before it is understood."""

    async def process(self, raw: "Raw", desk: Desk) -> "Processed":
        """Understand one raw message: a ticket, a follow-up, or nothing at all.

        Told the same raw message again it must come to the same ticket. DatabaseAwayError means
        later; any other exception makes the inbox try a few times and then call `give_up`.
        """

    async def give_up(self, raw: "Raw", desk: Desk) -> "Processed":
        """Make what nobody could read into a ticket with the original attached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One notice, rendered, for one recipient."""

    delivery_id: UUID
    recipient: str
    """The address in the channel's own form."""
    language: str
    template: str
    subject: str
    text: str
    html: str | None = None
    ticket_id: UUID | None = None
    ticket_number: str | None = None
    audience: str = "submitter"
    payload: Mapping[str, object] = field(default_factory=dict)
    """What the row carries for the channel itself, such as a chat's buttons."""
    created_at: datetime | None = None
    attempt: int = 1


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """One message as it came in, read back from `inbound`."""

    id: UUID
    channel: str
    external_id: str
    envelope: Mapping[str, object]
    content: bytes
    received_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Processed:
    """What became of a raw message."""

    status: str = "done"
    """`done`, `dropped` (a loop, a repeat: counted, never answered) or `quarantined`."""
    ticket_id: UUID | None = None
    message_id: UUID | None = None
    note: str | None = None
    """Why it was dropped or quarantined, in words for staff, without personal text."""
