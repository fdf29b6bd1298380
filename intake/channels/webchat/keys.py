"""The key to a chat: whoever has it may read and write there. Pure.

The chat's id is no secret (it stands on tickets as their address); the key is, and is stored
nowhere: the server's own secret makes it from the id and recognises it.
"""

import base64
import re
from uuid import UUID

from core.ground.seals import CHAT_KEY, is_signed, sign
from core.ground.secret import Secret

_FORM = re.compile(r"[A-Za-z0-9_-]{43}")


def key_of(secret: Secret, chat: UUID) -> str:
    """Return the key of a chat: 43 characters of `A-Za-z0-9_-`."""
    raw = chat.bytes + sign(secret, CHAT_KEY, chat.bytes)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def chat_of(secret: Secret, key: str) -> UUID | None:
    """Return the chat that a key opens; None for every other text."""
    if not _FORM.fullmatch(key):
        return None
    raw = base64.urlsafe_b64decode(key + "=")
    chat, signature = raw[:16], raw[16:]
    return UUID(bytes=chat) if is_signed(secret, CHAT_KEY, chat, signature) else None
