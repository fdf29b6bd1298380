"""Reads single fields of a form into values; nonsense is None, never an exception. Pure."""

from typing import Final
from uuid import UUID

from intake.language import marked as _

NO_EMAIL: Final = _("This e-mail address is not complete. Like this: name@example.org")


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
