"""What a channel is: one folder that brings reports in and takes news back out.

Each folder under `intake/channels/` has in its `__init__`

    FACTS = ChannelFacts(…)
    def open_channel(runtime: Runtime) -> Channel | None

what it says of itself (`intake/channel_facts.py`), and a function that reads its own settings and
returns the channel, or None when they are absent. Nothing else in the project names a channel:
`intake.registry` finds the folders.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from aiohttp import web

from core.tickets.desk import Desk
from intake.channel_facts import ChannelFacts


@runtime_checkable
class Channel(Protocol):
    """A door. `name` is its row in `channels`, the source of its tickets."""

    name: str
    facts: ChannelFacts
    """`FACTS` of its folder."""

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
        later; with any other exception it is tried a few times, and then `give_up` is called.
        """

    async def give_up(self, raw: "Raw", desk: Desk) -> "Processed":
        """Make what nobody could read into a ticket with the original attached, or set it aside.

        What is set aside (`quarantined`) is listed by `kiss inbound`.
        """


@runtime_checkable
class Fetcher(Protocol):
    """A channel whose files are announced with a message and fetched after it was accepted."""

    async def fetch(self, ref: str) -> bytes:
        """Get a file's bytes by the channel's own name of it. Raises FetchError."""


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
