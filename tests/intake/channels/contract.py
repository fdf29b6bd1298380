"""What every channel's tests provide, so that one suite can ask the same of all of them."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Literal, Protocol

from core.ground.errors import Reason
from core.runtime import Runtime
from intake.channel import Channel

Verdict = Literal["accepted", "later", "refused"]
"""What the sender was told: we have it; try again; never."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the sender was told, with everything they could read."""

    verdict: Verdict
    text: str = ""


def typed(words: str) -> str:
    """Return words as a person's program sends them: a lone surrogate has no bytes in UTF-8.

    Browsers and libraries put U+FFFD in its place (Web IDL, USVString).
    """
    return words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@dataclass(frozen=True, kw_only=True)
class Traits:
    """What is special about a channel: `TRAITS` of `tests/intake/channels/NAME/driver.py`.

    The module says it for the suite to choose its tests by, its driver's `traits` repeat it.
    """

    sends: bool = True
    """Whether news goes out to a provider; its driver is then a SendingDriver."""
    alarms: bool = False
    """Whether somebody is there to be told at once that they may be in danger."""
    of_nothing: tuple[Verdict, tuple[str, ...]] = ("refused", ())
    """What becomes of no words at all: what the sender is told, and the words of the tickets."""
    drops: str = ""
    """Signs that cannot be in its messages at all, and are left out."""
    says_otherwise: Mapping[Reason, Reason] = field(default_factory=dict)
    """Reasons of ours for which its provider knows only another."""
    names_a_pause: bool = False
    """Whether its provider says how long to wait; the driver's says seven seconds."""


class Driver(Protocol):
    """Plays the outside of one channel on real sockets."""

    traits: Traits
    channel: Channel
    secrets: tuple[str, ...]
    """Tokens and passwords that must never be logged."""

    async def report(self, key: str, words: str) -> Answer:
        """Send a report the way a person's client does; an equal key is the same sending."""

    async def reply(self, key: str, words: str) -> Answer:
        """Answer the ticket that the last report made, the way a person would."""

    async def settle(self) -> None:
        """Return when everything accepted so far is understood."""


class SendingDriver(Driver, Protocol):
    """A driver of a channel that takes news out, with a fake provider behind a socket."""

    recipient: str

    def provider_says(self, reason: Reason | None) -> None:
        """Let the provider refuse the next notice for this reason; None: accept."""

    def received(self) -> list[str]:
        """Return the texts the provider accepted, in order."""


class OpenDriver(Protocol):
    """`open_driver` of `tests/intake/channels/NAME/driver.py`."""

    def __call__(self, runtime: Runtime) -> AbstractAsyncContextManager[Driver]:
        """Serve the channel on this runtime and hand out its driver."""
