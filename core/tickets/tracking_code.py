"""Tracking codes: the secret that opens one ticket, shown once, stored only as a hash."""

import hashlib
import re
import unicodedata

from core.ground.seals import TRACKING_CODE, sign
from core.ground.secret import Secret

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U
MISREAD = {"1": "IL", "0": "O"}
"""What people read and type in the place of a letter."""
_MISREAD = str.maketrans({typed: letter for letter, each in MISREAD.items() for typed in each})
_BETWEEN = re.compile(r"[\s\-\u00ad\u2010-\u2015\u2212\u200b-\u200d\u2060\ufeff]+")
"""What stands between the letters: white space, every dash, what nobody sees."""
LENGTH = 16  # characters of 5 bits: 80 bits in all


def code_for(secret: Secret, submission_key: str) -> str:
    """Return the code of the ticket that a submission makes, as `XXXX-XXXX-XXXX-XXXX`.

    It is derived, not drawn: the same submission told twice gets the same receipt again,
    although the code itself is stored nowhere. 80 bits, as unguessable as the server's secret.
    """
    number = int.from_bytes(sign(secret, TRACKING_CODE, submission_key.encode()), "big")
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range(75, -1, -5))
    return _grouped(letters)


def code_of(secret: Secret, submission_key: str, tracking_hash: bytes) -> str | None:
    """Return the code under whose hash a ticket stands, by whichever key of the ring made it.

    None where a key made it that is known no longer: whoever has it on paper still comes in.
    """
    made = (code_for(one, submission_key) for one in secret.each)
    return next((code for code in made if hash_of(code) == tracking_hash), None)


def read_code(typed: str) -> str | None:
    """Read what a person typed (any case, spaces, dashes, O for 0); None if it is no code."""
    plain = unicodedata.normalize("NFKC", typed[:_LONGEST]).upper().translate(_MISREAD)
    letters = _BETWEEN.sub("", plain)
    if len(letters) != LENGTH or any(letter not in ALPHABET for letter in letters):
        return None
    return _grouped(letters)


def hash_of(code: str) -> bytes:
    """Return the SHA-256 by which a code is stored and found; 80 random bits need no salt."""
    return hashlib.sha256(code.encode()).digest()


_LONGEST = 200
"""Characters that are read: no notation of a code takes more."""


def _grouped(letters: str) -> str:
    return "-".join(letters[start : start + 4] for start in range(0, LENGTH, 4))
