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

from core.jobs.set_aside import Summary
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

        Told the same raw message again it must come to the same ticket. One that a person decided
        on (`Raw.verdict`) is filed as they say, whatever would set it aside. DatabaseAwayError
        means later; with any other exception it is tried a few times, then `give_up` is called.
        """

    async def give_up(self, raw: "Raw", desk: Desk) -> "Processed":
        """Make what nobody could read into a ticket with the original attached, or set it aside.

        What is set aside (`quarantined`) waits on the review desk; one with a verdict is filed.
        """


@runtime_checkable
class Previewer(Protocol):
    """A receiver that shows what was set aside to whoever decides about it."""

    async def preview(self, raw: "Raw") -> "Preview":
        """Read one message: text alone, nothing filed, nothing fetched.

        Bounded in time and memory like `process`. Raises PreviewError where it cannot be read.
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
class Verdict:
    """What a person decided of a message that was set aside."""

    kind: str
    """`report`, or `join` with the ticket to add it to."""
    decided_at: datetime
    by: str | None
    """The person's name; None: the command line."""
    arrived_at: datetime
    """When the message arrived, before it waited."""
    ticket_id: UUID | None = None
    """None for `join`, too, where the ticket was erased since: it becomes a report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """One message as it came in, read back from `inbound`."""

    id: UUID
    channel: str
    external_id: str
    envelope: Mapping[str, object]
    content: bytes
    received_at: datetime
    """When it arrived; with a verdict, when it was decided: every clock counts from here."""
    attempts: int
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Processed:
    """What became of a raw message."""

    status: str = "done"
    """`done`, `dropped` (a loop, a repeat, a code alone: nothing to file) or `quarantined`."""
    ticket_id: UUID | None = None
    message_id: UUID | None = None
    note: str | None = None
    """Why it was dropped or quarantined, in words for staff, without personal text."""
    reason: str | None = None
    """Why it was quarantined, a code of `core/jobs/set_aside.py`."""
    summary: Summary | None = None
    """What the review desk shows of what was quarantined."""


class PreviewError(Exception):
    """A message cannot be read within its limits: whoever decides may download it as it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A message as somebody reads it who decides about it: nothing in it is active."""

    address: str = ""
    """Where news would go, in the channel's own form: for finding tickets, never shown."""
    sender: str = ""
    """Who it is from, as staff may read it; empty where there is nothing to show."""
    sender_name: str = ""
    recipients: tuple[str, ...] = ()
    subject: str = ""
    sent_at: str = ""
    """The moment that the message names, in its own words."""
    words: str = ""
    files: tuple[tuple[str, int], ...] = ()
    """Name and bytes of each file; none of them is kept."""
    sources: tuple[tuple[str, str], ...] = ()
    """Kind and address of what can be trusted, as far as the message names it."""


class NotYetError(Exception):
    """A raw message is to be read later, after one that came before it; it counts no attempt."""
