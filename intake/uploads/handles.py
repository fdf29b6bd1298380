"""Signed handles that carry a stored file from one rendering of a form to the next.

When a form comes back with an error, its files are stored already. Each is written into the
page as a hidden handle, so that nobody sends 30 MB twice over a bad line. A handle works only
together with the form's own idempotency key: it opens nobody else's file.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import TypeAdapter

from intake.uploads.arrival import ReceivedFile

LIFETIME = timedelta(hours=24)
HANDLE_CHARACTERS = 8192  # longer ones are not ours
_PURPOSE = b"kiss staged file v1"
_MAC_BYTES = 16
_STAGED = TypeAdapter(tuple[int, ReceivedFile])


@dataclass(frozen=True, slots=True, kw_only=True)
class Handles:
    """Signs and opens handles with a key derived from the installation's secret."""

    secret: bytes

    def sign(self, file: ReceivedFile, form: str, now: datetime) -> str:
        """Return an opaque text of `A-Za-z0-9_-`, good for `LIFETIME` within the same form."""
        expires = int((now + LIFETIME).timestamp())
        content = _STAGED.dump_json((expires, file))
        return _text(self._mac(content, form) + content)

    def open(self, handle: str, form: str, now: datetime) -> ReceivedFile | None:
        """Return the file, or None if the handle is forged, another form's or too old."""
        content = _bytes(handle)
        mac, content = content[:_MAC_BYTES], content[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(content, form)):
            return None
        expires, file = _STAGED.validate_json(content)
        return file if now < datetime.fromtimestamp(expires, UTC) else None

    def _mac(self, content: bytes, form: str) -> bytes:
        key = hmac.digest(self.secret, _PURPOSE, "sha256")
        bound = hashlib.sha256(form.encode(errors="replace")).digest()
        return hmac.digest(key, bound + content, "sha256")[:_MAC_BYTES]


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(
            text[:HANDLE_CHARACTERS] + "=" * (-len(text) % 4), altchars=b"-_", validate=True
        )
    except ValueError:
        return b""
