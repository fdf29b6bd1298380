"""Tracking codes: the secret that opens one ticket, shown once, stored only as a hash."""

import hashlib

from core.ground.seals import TRACKING_CODE, sign

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})
_LENGTH = 16  # characters of 5 bits: 80 bits in all


def code_for(secret: bytes, submission_key: str) -> str:
    """Return the code of the ticket that a submission makes, as `XXXX-XXXX-XXXX-XXXX`.

    It is derived, not drawn: the same submission told twice gets the same receipt again,
    although the code itself is stored nowhere. 80 bits, as unguessable as the server's secret.
    """
    number = int.from_bytes(sign(secret, TRACKING_CODE, submission_key.encode()), "big")
    letters = "".join(_ALPHABET[number >> shift & 31] for shift in range(75, -1, -5))
    return "-".join(letters[start : start + 4] for start in range(0, _LENGTH, 4))


def read_code(typed: str) -> str | None:
    """Read what a person typed (any case, spaces, dashes, O for 0); None if it is no code."""
    letters = "".join(typed.upper().translate(_MISREAD).replace("-", " ").split())
    if len(letters) != _LENGTH or any(letter not in _ALPHABET for letter in letters):
        return None
    return "-".join(letters[start : start + 4] for start in range(0, _LENGTH, 4))


def hash_of(code: str) -> bytes:
    """Return the SHA-256 by which a code is stored and found; 80 random bits need no salt."""
    return hashlib.sha256(code.encode()).digest()
