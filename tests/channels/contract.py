"""What every channel's tests provide, so that one suite can ask the same of all of them."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
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


class Driver(Protocol):
    """Plays the outside of one channel on real sockets."""

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
    """`open_driver` of `tests/channels/NAME/driver.py`."""

    def __call__(self, runtime: Runtime) -> AbstractAsyncContextManager[Driver]:
        """Serve the channel on this runtime and hand out its driver."""
