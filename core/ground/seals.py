"""Everything that is made with the installation's secret: for what, how long, and how. Pure.

Each purpose has a key of its own, so that what was signed or sealed for one is nothing to another.
Two things are done with a key. A signature is the beginning of a digest, as long as its purpose
says: it stands beside an id in an address, or is itself the name that nobody can guess. A seal is a
value that leaves us and comes back unchanged; it holds its moment, and dies with its purpose's
time. Neither hides anything. Both are made with the secret's current key, and recognised by each
key it still knows (`core/ground/secret.py`).

How a signature is written (letters of a tracking code, of a mail address) is the affair of its
noun. What is merely compared or hashed without the secret is not here, and neither are signatures
by other people's rules (`intake/channels/phone/signing.py`).
"""

import base64
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from core.ground.secret import Secret
from core.ground.spans import is_near

Need = Literal["never", "its time", "till dropped"]
"""`its time`: until the last seal is over; `till dropped`: it goes with the key, never before."""


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
    rotated: str
    """What becomes of what a former key made, once another is the current one."""
    needs_former: Need
    """How long a former key is needed for it."""
    dropped: str = ""
    """What ends when a former key is dropped, where that is needed till then."""

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
    protects="a report: whoever has the code sees it and speaks for its author",
    needs_former="till dropped",
    rotated="a code on paper opens for ever, by its hash; links of later notices need the key",
    dropped="later notices of an old report bear no link; its code on paper still opens it")
SECOND_FACTOR: Final = Purpose(
    name="second factor", size_bytes=20, used_in="core/people/second_factor.py",
    protects="an account: what its authenticator app makes codes of",
    needs_former="till dropped",
    rotated="the app goes on; an account that is enrolled anew is on the current key",
    dropped="authenticator apps enrolled before must be enrolled anew")
BUCKET: Final = Purpose(
    name="bucket", size_bytes=32, used_in="core/ground/stored_buckets.py",
    protects="who tried from where, or was written to: counted under a name that tells neither",
    needs_former="never",
    rotated="counting begins anew")
PROVEN_CALLER: Final = Purpose(
    name="proven caller", lasts_seconds=30 * _MINUTE, used_in="intake/console/phone/seal.py",
    protects="a report read out on the telephone: its caller was recognised by this agent",
    needs_former="its time",
    rotated="opens for the rest of its time")
STAGED_FILE: Final = Purpose(
    name="staged file", lasts_seconds=2 * 3600, used_in="intake/uploads/handles.py",
    protects="a file already sent, while its form is corrected",
    needs_former="its time",
    rotated="opens for the rest of its time")
RECEIPT: Final = Purpose(
    name="web receipt", lasts_seconds=15 * _MINUTE, used_in="intake/channels/web/receipt.py",
    protects="number and promise of a report just sent, for the browser that sent it",
    needs_former="its time",
    rotated="opens for the rest of its time, with the code it was given")
SENT: Final = Purpose(
    name="web sent", lasts_seconds=2 * _DAY, used_in="intake/channels/web/receipt.py",
    protects="which reports a browser sent, and whether it saw their receipts",
    needs_former="its time",
    rotated="opens for the rest of its time")
FORM_MARK: Final = Purpose(
    name="web form mark", used_in="intake/channels/web/report_form.py",
    protects="what a browser just sent: known when it comes again, and told to nobody",
    needs_former="its time",
    rotated="known again while the browser remembers it, two days")
FORM_STAMP: Final = Purpose(
    name="web form stamp", lasts_seconds=2 * _DAY, used_in="intake/channels/web/robot_check.py",
    protects="the moment a form was shown",
    needs_former="its time",
    rotated="opens for the rest of its time")
FORM_PASS: Final = Purpose(
    name="web form pass", lasts_seconds=2 * _DAY, used_in="intake/channels/web/robot_check.py",
    protects="the second showing of a doubted form, with which it is taken",
    needs_former="its time",
    rotated="opens for the rest of its time")
REPLY_ADDRESS: Final = Purpose(
    name="mail reply", size_bytes=10, used_in="intake/channels/email/tokens.py",
    protects="a report: mail to this address is added to it",
    needs_former="till dropped",
    rotated="mail to an address given earlier still finds its report",
    dropped="mail to an old reply address finds its report by other traces, or is a new one")
BOUNCE_ADDRESS: Final = Purpose(
    name="mail bounce", size_bytes=10, used_in="intake/channels/email/tokens.py",
    protects="a notice: mail to this address says that it came back",
    needs_former="till dropped",
    rotated="a bounce still finds its notice",
    dropped="a late bounce of an old notice is not recognised")
MESSAGE_ID: Final = Purpose(
    name="mail message-id", size_bytes=10, used_in="intake/channels/email/tokens.py",
    protects="a notice: an answer that names this Message-ID belongs to its report",
    needs_former="till dropped",
    rotated="an answer to an earlier mail still finds its report",
    dropped="an answer to an old mail finds its report by other traces, or is a new one")
CONCEALED: Final = Purpose(
    name="concealed", size_bytes=32, used_in="core/ground/concealed.py",
    protects="who reported without a name: their addresses and mails lie hidden under it",
    needs_former="till dropped",
    rotated="news still finds its way; what is hidden anew is hidden with the current key",
    dropped="no news of an old anonymous report can be sent; its page is read with its code")
CHAT_KEY: Final = Purpose(
    name="web chat key", used_in="intake/channels/webchat/keys.py",
    protects="a chat in the browser: whoever has the key reads and writes there",
    needs_former="till dropped",
    rotated="the browser's chat stays open, and gets a key of today at its next page",
    dropped="a chat left open in a browser since before begins anew")
TELEGRAM_PATH: Final = Purpose(
    name="telegram path", size_bytes=32, used_in="intake/channels/telegram/settings.py",
    protects="the webhook's address, which only Telegram is told",
    needs_former="its time",
    rotated="both are open; Telegram is told the new one by itself at the start")
TELEGRAM_HEADER: Final = Purpose(
    name="telegram header", size_bytes=32, used_in="intake/channels/telegram/settings.py",
    protects="the webhook: what Telegram must send with every update",
    needs_former="its time",
    rotated="both are believed; Telegram is told the new one by itself at the start")
SEALED_FILE: Final = Purpose(
    name="sealed file", size_bytes=32, used_in="core/ground/sealed_files.py",
    protects="the originals of an anonymous person's files: whoever has the store reads none",
    needs_former="till dropped",
    rotated="originals sealed before are still opened; new ones are sealed with the current key",
    dropped="originals sealed before can no longer be opened; the cleaned copies stay")
FILE_NAME: Final = Purpose(
    name="file name", size_bytes=32, used_in="core/tickets/file_names.py",
    protects="what an anonymous person called a file, and the mark of what was in it",
    needs_former="till dropped",
    rotated="names hidden before are still read; new ones are hidden with the current key",
    dropped="a hidden name is shown as a dash")
# fmt: on

PURPOSES: Final = tuple(each for each in tuple(globals().values()) if isinstance(each, Purpose))
"""All of them."""

LONGEST: Final = 8192
"""Characters of a seal; what is longer is not ours."""
_MOMENT_BYTES: Final = 8


def sign(secret: Secret, purpose: Purpose, content: bytes) -> bytes:
    """Return the current key's signature of a content, `purpose.size_bytes` long."""
    return hmac.digest(key_of(secret, purpose), content, "sha256")[: purpose.size_bytes]


def is_signed(secret: Secret, purpose: Purpose, content: bytes, signature: bytes) -> bool:
    """Say whether a signature is that of a content, by any key of the ring.

    Neither how much of it is right nor by which key takes another time.
    """
    fits = [hmac.compare_digest(sign(one, purpose, content), signature) for one in secret.each]
    return any(fits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsealed:
    """What a seal held, and when it was made."""

    content: bytes
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Seals:
    """Seals of one purpose."""

    secret: Secret = field(repr=False)
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


def key_of(secret: Secret, purpose: Purpose) -> bytes:
    """Derive a purpose's key of the current one."""
    return secret.current.derived(purpose.name)


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
