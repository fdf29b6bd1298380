"""What the listener hands over: who sent which bytes to whom, by which way."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.ground.base import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One accepted mail: its SMTP envelope (RFC 5321 §2.3.1) and its content."""

    sender: str
    """Reverse path; "" for the null sender `<>`."""
    recipients: tuple[str, ...]
    content: bytes
    peer: str
    helo: str
    protocol: str
    """smtp or lmtp."""
    tls: bool

    def envelope(self) -> Json:
        """Return everything but the content, as `inbound.envelope` keeps it."""
        return {
            "sender": self.sender,
            "recipients": list(self.recipients),
            "peer": self.peer,
            "helo": self.helo,
            "protocol": self.protocol,
            "tls": self.tls,
        }


Accept = Callable[[Letter], Awaitable[None]]
"""Commits a letter; returns only when it is durable. Every exception becomes a 451 or 452."""

Knows = Callable[[str], Awaitable[bool]]
"""Says whether a recipient (lower case) is one of our mailboxes."""
