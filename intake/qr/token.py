"""The two names of a poster: a secret-sized token for its QR and a short code for fingers.

A token says which poster was scanned and nothing about a person. A typed code carries a check
character, so that one wrong key press never lands in another unit; the database's function
`generate_qr_code` gives it.
"""

import re
import secrets
import unicodedata
from string import ascii_letters, digits
from typing import Final

TOKEN_LIMIT: Final = 62
"""Longest token: Telegram takes 64 characters after ``?start=`` and ``u_`` is ours."""

TOKEN_FLOOR: Final = 22
"""Shortest token: 22 characters of 64 are the first to hold 128 bits."""

CODE_LIMIT: Final = 20
CODE_FLOOR: Final = 3
"""Longest and shortest typed code, in letters and digits: a fresh token is longer."""

_TOKEN_LETTERS: Final = ascii_letters + digits
_TOKEN: Final = re.compile(rf"[A-Za-z0-9_-]{{{TOKEN_FLOOR},{TOKEN_LIMIT}}}", re.ASCII)
_SEPARATORS: Final = re.compile(r"[\s.,_/\-\u2010-\u2015\u2212]+")
_CODE: Final = re.compile(rf"[A-Z0-9]{{{CODE_FLOOR},{CODE_LIMIT}}}", re.ASCII)
_ALIKE: Final = str.maketrans("OI", "01")


def fresh_token() -> str:
    """Draw a token of 130 bits from the system's generator.

    Letters and digits alone: a link that ends in ``-`` or ``_`` is cut short by many readers.
    """
    return "".join(secrets.choice(_TOKEN_LETTERS) for _ in range(TOKEN_FLOOR))


def is_token(text: str) -> bool:
    """Tell whether ``text`` has the shape of a token, before any database is asked."""
    return _TOKEN.fullmatch(text) is not None


def normalise_code(text: str) -> str | None:
    """Reduce what a person typed to the form codes are compared in, or None if it is no code.

    Case, spaces, dashes and dots do not matter; O reads as 0 and I as 1. The stored code goes
    through here too: ``melati 7t`` and ``MELATI-7T`` are equal. A fresh token is never a code.
    """
    if len(text) > 4 * CODE_LIMIT:
        return None
    joined = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text).upper())
    return joined.translate(_ALIKE) if _CODE.fullmatch(joined) else None
