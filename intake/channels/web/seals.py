"""Small values that leave us and come back unchanged: sealed, for one purpose, for a time. Pure."""

import base64
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import TypeAdapter, ValidationError

_MAC_BYTES: Final = 16
_LONGEST: Final = 4096
_CONTENT: Final = TypeAdapter(tuple[int, dict[str, str]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What a seal holds: facts, and when it was made."""

    facts: dict[str, str]
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Seals:
    """Seals of one purpose; a seal of another purpose does not open here."""

    secret: bytes
    purpose: str

    def seal(self, now: datetime, **facts: str) -> str:
        """Write facts as an opaque text of ``A-Za-z0-9_-``. They are signed, not hidden."""
        content = _CONTENT.dump_json((int(now.timestamp() * 1000), facts))
        return base64.urlsafe_b64encode(self._mac(content) + content).rstrip(b"=").decode()

    def open(self, text: str, now: datetime, within: timedelta) -> Sealed | None:
        """Read a seal made by us ``within`` the time before ``now``; None for every other text."""
        raw = _bytes(text)
        mac, content = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(content)):
            return None
        try:
            milliseconds, facts = _CONTENT.validate_json(content)
        except ValidationError:
            return None
        made_at = datetime.fromtimestamp(milliseconds / 1000, UTC)
        return Sealed(facts=facts, made_at=made_at) if now - made_at <= within else None

    def _mac(self, content: bytes) -> bytes:
        key = hmac.digest(self.secret, f"kiss web {self.purpose} v1".encode(), "sha256")
        return hmac.digest(key, content, "sha256")[:_MAC_BYTES]


def _bytes(text: str) -> bytes:
    if len(text) > _LONGEST or not text.isascii():
        return b""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""
