"""One mail as it came: bytes and envelope, and the fingerprint that all its copies share.

Message-ID alone is not enough to know a mail again (some senders use one for many mails), nor are
the bytes (each way adds its own Received lines): Message-ID, From, Date and body count together.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.ground.base import Json

_HEAD_BYTES = 256 * 1024
_END_OF_HEAD = re.compile(rb"\r?\n[ \t]*\r?\n")
_FIELD = re.compile(
    rb"^(message-id|from|date)[ \t]{0,20}:(.*(?:\r?\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE
)
_ID = re.compile(r"<?([!-;=?-~]{3,250})>?")  # printable ASCII without angle brackets


@dataclass(frozen=True, slots=True, kw_only=True)
class RawMail:
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


Accept = Callable[[RawMail], Awaitable[None]]
"""Commits a mail; returns only when it is durable. Every exception becomes a 451 or 452."""

Knows = Callable[[str], Awaitable[bool]]
"""Says whether a recipient (lower case) is one of our mailboxes."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`digest` is equal for every copy of one mail, whichever way it came."""

    message_id: str | None
    digest: str

    @property
    def external_id(self) -> str:
        """The id under which the raw mail is stored: the sender's own where it is usable."""
        return self.message_id or self.digest


def fingerprint(raw: bytes) -> Fingerprint:
    """Take the fingerprint of raw bytes. Linear; never raises."""
    end = _END_OF_HEAD.search(raw, 0, _HEAD_BYTES)
    head, body = (raw[: end.start()], raw[end.end() :]) if end else (raw[:_HEAD_BYTES], raw)
    fields = {b"message-id": b"", b"from": b"", b"date": b""}
    for found in _FIELD.finditer(head):
        name = found[1].lower()
        fields[name] = fields[name] or b" ".join(found[2].split())
    parts = (*fields.values(), body.strip())
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    own = _ID.fullmatch(fields[b"message-id"].decode("ascii", "replace"))
    return Fingerprint(own[1] if own and "@" in own[1] else None, digest.hexdigest())
