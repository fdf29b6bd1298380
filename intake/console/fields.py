"""Reads single fields of a form into values; nonsense is None, never an exception. Pure."""

import re
from typing import Final
from uuid import UUID

EMAIL: Final = re.compile(r"[^\s@<>\"(),;:]{1,64}@[^\s@<>\"(),;:.]+(?:\.[^\s@<>\"(),;:.]+)+")


def uuid_of(text: str) -> UUID | None:
    """Read a UUID."""
    try:
        return UUID(text)
    except ValueError:
        return None


def whole(text: str) -> int | None:
    """Read a whole number that a column of four bytes holds."""
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) < 10):
        return None
    return int(plain)


def is_email(text: str) -> bool:
    """Whether a text is one plain address."""
    return len(text) <= 254 and EMAIL.fullmatch(text) is not None
