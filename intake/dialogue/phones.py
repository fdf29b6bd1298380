"""Phone numbers as people in Indonesia type them."""

from core.ground.phone_number import read

__all__ = ["looks_like_one", "read"]


def looks_like_one(typed: str) -> bool:
    """Tell whether somebody tried to type a number: digits and number signs, no words."""
    return any(mark.isdigit() for mark in typed) and not any(mark.isalpha() for mark in typed)
