"""What may be kept but not read: under a key, the same always the same way. Pure.

What is hidden can still be looked for and compared, because equal texts are hidden equally
(AES-SIV, RFC 5297); whoever has the table without the secret reads nothing in it. It carries the
id of the key it is hidden under: after a rotation a text has a form of each key of the ring, and
whoever looks for it asks for all of them.
"""

import base64
import contextlib
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from core.ground.seals import Purpose, key_of
from core.ground.secret import Secret

MARK: Final = "hidden:"
"""How a hidden text begins; no address of any channel does."""
_ID_END: Final = ":"
BYTES_MARK: Final = b"\x00hidden\x00"
"""How hidden bytes begin; a NUL begins no mail and no update."""


def hide(secret: Secret, purpose: Purpose, text: str) -> str:
    """Return a text that only the secret reads; the same one for the same text and current key."""
    sealed = AESSIV(key_of(secret, purpose)).encrypt(text.encode(errors="surrogatepass"), None)
    letters = base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()
    return f"{MARK}{secret.current.id}{_ID_END}{letters}"


def hidden_forms(secret: Secret, purpose: Purpose, text: str) -> tuple[str, ...]:
    """Return every form under which a text may stand hidden: one of each key, today's first."""
    return tuple(hide(one, purpose, text) for one in secret.each)


def hide_bytes(secret: Secret, purpose: Purpose, content: bytes) -> bytes:
    """Return bytes that only the secret reads; the same ones for the same bytes and key."""
    return BYTES_MARK + AESSIV(key_of(secret, purpose)).encrypt(content, [BYTES_MARK])


def reveal_bytes(secret: Secret, purpose: Purpose, content: bytes) -> bytes | None:
    """Return what `hide_bytes` hid; None for bytes that are not hidden. Raises ValueError."""
    if not content.startswith(BYTES_MARK):
        return None
    sealed = content.removeprefix(BYTES_MARK)
    for one in secret.each:
        with contextlib.suppress(InvalidTag, ValueError):
            return AESSIV(key_of(one, purpose)).decrypt(sealed, [BYTES_MARK])
    raise ValueError("hidden under another secret")


def is_hidden(text: str) -> bool:
    """Say whether a text was hidden."""
    return text.startswith(MARK)


def reveal(secret: Secret, purpose: Purpose, text: str) -> str:
    """Return what was hidden; a text that is not comes back as it is. Raises ValueError."""
    if not is_hidden(text):
        return text
    key_id, _, letters = text.removeprefix(MARK).partition(_ID_END)
    theirs = [one for one in secret.each if one.current.id == key_id]
    if not theirs:
        raise ValueError("hidden under another secret")
    try:
        raw = base64.b64decode(letters + "=" * (-len(letters) % 4), altchars=b"-_", validate=True)
        content = AESSIV(key_of(theirs[0], purpose)).decrypt(raw, None)
    except (InvalidTag, ValueError) as error:
        raise ValueError("hidden under another secret") from error
    return content.decode(errors="surrogatepass")
