"""How the exchange signs what it tells: HMAC-SHA256 over its time and the body. Pure.

    X-Kiss-Timestamp: 1763866800            seconds since 1970
    X-Kiss-Signature: sha256=<hex of HMAC(secret, timestamp + "." + body)>

A signature is good for WINDOW before and after its time; what is repeated within it rings once.
"""

import hmac
from datetime import datetime, timedelta
from typing import Final

from core.ground.same_secret import same_secret

TIMESTAMP: Final = "X-Kiss-Timestamp"
SIGNATURE: Final = "X-Kiss-Signature"
WINDOW: Final = timedelta(minutes=5)
_SCHEME: Final = "sha256="


def sign(secret: str, body: bytes, timestamp: str) -> str:
    """Return the signature of a body sent at a time."""
    signed = timestamp.encode() + b"." + body
    return _SCHEME + hmac.digest(secret.encode(), signed, "sha256").hex()


def is_signed(secret: str, body: bytes, *, timestamp: str, signature: str, now: datetime) -> bool:
    """Say whether a body was signed with the secret, and lately; never raises."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    fresh = abs(now.timestamp() - int(timestamp)) <= WINDOW.total_seconds()
    right = same_secret(signature, sign(secret, body, timestamp))
    return fresh and right
