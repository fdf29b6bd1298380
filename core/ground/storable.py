"""What PostgreSQL can hold of values from outside: names, moments, and what goes as JSON. Pure.

Nothing here raises, whatever the value. Running text is made fit by `core.ground.text.clean`.
"""

import hashlib
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from core.ground.text import clean, clean_line, is_storable

LONGEST_NAME: Final = 500
"""Characters of a name; an entry of an index holds 2700 bytes at most."""
EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
"""Between them every moment can be shown in every zone, and means something."""
_DEEPEST: Final = 20
"""Levels of a value that goes as JSON; what is deeper is told as text."""
_BIGINT: Final = 2**63


def name(text: str) -> str:
    """Return a name fit for an index, still telling it from every other.

    What can be stored stays to the letter. Of any other name a digest of all of it is part.
    """
    if len(text) <= LONGEST_NAME and is_storable(text):
        return text
    digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
    return f"{clean_line(text[:LONGEST_NAME])[: LONGEST_NAME - len(digest)]}{digest}"


def moment(at: datetime) -> datetime | None:
    """Return a moment in UTC, which is where one without a zone is taken to be.

    None where it lies before EARLIEST or not before LATEST.
    """
    try:
        utc = at.replace(tzinfo=UTC) if at.utcoffset() is None else at.astimezone(UTC)
    except OverflowError:  # within a day of the first or last year that Python knows
        return None
    return utc if EARLIEST <= utc < LATEST else None


def mapping(values: Mapping[str, object]) -> dict[str, object]:
    """Return an object of JSON with what can be held of each value, however deep or odd it is."""
    return _object(values, 0)


def _object(values: Mapping[str, object], depth: int) -> dict[str, object]:
    held: dict[str, object] = {}
    for key, value in values.items():
        held[_free(clean(str(key)), held)] = _value(value, depth + 1)
    return held


def _free(key: str, taken: Mapping[str, object]) -> str:
    """Tell keys apart that differ by what cannot be held of them."""
    while key in taken:
        key += "\N{PRIME}"
    return key


def _value(value: object, depth: int) -> object:
    match value:
        case None | bool():
            return value
        case int() | float():
            return _number(value)
        case Mapping() if depth < _DEEPEST:
            return _object(value, depth)
        case list() | tuple() | set() | frozenset() if depth < _DEEPEST:
            return [_value(part, depth + 1) for part in value]
        case Mapping() | list() | tuple() | set() | frozenset():
            return "…"
    return clean(str(value))


def _number(value: float) -> object:
    """Return a number, as text where JSON or PostgreSQL know none so large."""
    if isinstance(value, int):
        return value if -_BIGINT <= value < _BIGINT else hex(value)
    return value if math.isfinite(value) else str(value)
