"""Everything that is made with the server's one secret: for what, how long, and how. Pure.

Each purpose has a key of its own, so that what was signed or sealed for one is nothing to another.
Two things are done with a key. A signature is the beginning of a digest, as long as its purpose
says: it stands beside an id in an address, or is itself the name that nobody can guess. A seal is a
value that leaves us and comes back unchanged; it holds its moment, and dies with its purpose's
time. Neither hides anything.

How a signature is written (letters of a tracking code, of a mail address) is the affair of its
noun. What is merely compared or hashed without the secret is not here, and neither are signatures
by other people's rules (`intake/channels/phone/signing.py`).
"""

import base64
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from core.ground.spans import is_near


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What one key is for. The name is part of the key: another name ends all that was made."""

    name: str
    protects: str
    lasts_seconds: int | None = None
    """How long a seal opens; None: a signature, as good as the secret."""
    size_bytes: int = 16
    """How much of the digest is used."""
    used_in: str
    """The one file that takes this key."""

    @property
    def lasts(self) -> timedelta:
        """How long a seal opens. Raises TypeError for a signature, which has no end."""
        if self.lasts_seconds is None:
            raise TypeError(f"{self.name} has no end")
        return timedelta(seconds=self.lasts_seconds)


_MINUTE: Final = 60
_DAY: Final = 24 * 3600

# fmt: off
TRACKING_CODE: Final = Purpose(
    name="tracking code", size_bytes=10, used_in="core/tickets/tracking_code.py",
    protects="a report: whoever has the code sees it and speaks for its author")
SECOND_FACTOR: Final = Purpose(
    name="second factor", size_bytes=20, used_in="core/people/second_factor.py",
    protects="an account: what its authenticator app makes codes of")
BUCKET: Final = Purpose(
    name="bucket", size_bytes=32, used_in="core/ground/stored_buckets.py",
    protects="who tried from where, or was written to: counted under a name that tells neither")
PROVEN_CALLER: Final = Purpose(
    name="proven caller", lasts_seconds=30 * _MINUTE, used_in="intake/console/phone/seal.py",
    protects="a report read out on the telephone: its caller was recognised by this agent")
STAGED_FILE: Final = Purpose(
    name="staged file", lasts_seconds=_DAY, used_in="intake/uploads/handles.py",
    protects="a file already sent, while its form is corrected")
RECEIPT: Final = Purpose(
    name="web receipt", lasts_seconds=15 * _MINUTE, used_in="intake/channels/web/receipt.py",
    protects="number and promise of a report just sent, for the browser that sent it")
FORM_STAMP: Final = Purpose(
    name="web form stamp", lasts_seconds=2 * _DAY, used_in="intake/channels/web/robot_check.py",
    protects="the moment a form was shown")
FORM_PASS: Final = Purpose(
    name="web form pass", lasts_seconds=2 * _DAY, used_in="intake/channels/web/robot_check.py",
    protects="the second showing of a doubted form, with which it is taken")
REPLY_ADDRESS: Final = Purpose(
    name="mail reply", size_bytes=10, used_in="intake/channels/email/tokens.py",
    protects="a report: mail to this address is added to it")
BOUNCE_ADDRESS: Final = Purpose(
    name="mail bounce", size_bytes=10, used_in="intake/channels/email/tokens.py",
    protects="a notice: mail to this address says that it came back")
MESSAGE_ID: Final = Purpose(
    name="mail message-id", size_bytes=10, used_in="intake/channels/email/tokens.py",
    protects="a notice: an answer that names this Message-ID belongs to its report")
CHAT_KEY: Final = Purpose(
    name="web chat key", used_in="intake/channels/webchat/keys.py",
    protects="a chat in the browser: whoever has the key reads and writes there")
TELEGRAM_PATH: Final = Purpose(
    name="telegram path", size_bytes=32, used_in="intake/channels/telegram/settings.py",
    protects="the webhook's address, which only Telegram is told")
TELEGRAM_HEADER: Final = Purpose(
    name="telegram header", size_bytes=32, used_in="intake/channels/telegram/settings.py",
    protects="the webhook: what Telegram must send with every update")
# fmt: on

LONGEST: Final = 8192
"""Characters of a seal; what is longer is not ours."""
_MOMENT_BYTES: Final = 8


def sign(secret: bytes, purpose: Purpose, content: bytes) -> bytes:
    """Return the signature of a content, `purpose.size_bytes` long; always the same one."""
    return hmac.digest(_key(secret, purpose), content, "sha256")[: purpose.size_bytes]


def is_signed(secret: bytes, purpose: Purpose, content: bytes, signature: bytes) -> bool:
    """Say whether a signature is that of a content; how much of it is right takes no time."""
    return hmac.compare_digest(sign(secret, purpose, content), signature)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsealed:
    """What a seal held, and when it was made."""

    content: bytes
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Seals:
    """Seals of one purpose."""

    secret: bytes = field(repr=False)
    purpose: Purpose

    def __post_init__(self) -> None:
        """Refuse a purpose without an end (TypeError): what has none is signed."""
        if self.purpose.lasts_seconds is None:
            raise TypeError(f"{self.purpose.name} has no end: sign it")

    def seal(self, content: bytes, now: datetime, *, about: str = "") -> str:
        """Return a content as a text of `A-Za-z0-9_-` that opens again together with `about`."""
        moment = int(now.timestamp() * 1000).to_bytes(_MOMENT_BYTES, "big")
        body = moment + content
        return _letters(sign(self.secret, self.purpose, _bound(about, body)) + body)

    def open(self, text: str, now: datetime, *, about: str = "") -> Unsealed | None:
        """Open a seal of ours; None for one not made within its time, and for every other text."""
        raw, size = _bytes(text), self.purpose.size_bytes
        signature, body = raw[:size], raw[size:]
        right = is_signed(self.secret, self.purpose, _bound(about, body), signature)
        if not right or _letters(raw) != text:  # base 64 can be written in two ways
            return None
        milliseconds = int.from_bytes(body[:_MOMENT_BYTES], "big")
        made_at = datetime.fromtimestamp(milliseconds / 1000, UTC)
        if not is_near(made_at, now, self.purpose.lasts):
            return None
        return Unsealed(content=body[_MOMENT_BYTES:], made_at=made_at)


def _key(secret: bytes, purpose: Purpose) -> bytes:
    """Derive a purpose's key: HMAC-SHA256, as HKDF expands a key (RFC 5869 §2.3)."""
    return hmac.digest(secret, f"kiss {purpose.name} v1\x01".encode(), "sha256")


def _bound(about: str, body: bytes) -> bytes:
    """Join two parts so that no other two parts look the same."""
    other = about.encode(errors="surrogatepass")
    return len(other).to_bytes(8, "big") + other + body


def _letters(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    if len(text) > LONGEST or not text.isascii():
        return b""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""
