"""Long texts in parts that Telegram takes: 4096 UTF-16 units, cut where a sentence ends. Pure."""

import re

LIMIT = 4096

_ENDS = (
    # where a cut hurts least, the best place first
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"[.!?…][\"'”’)]*\s+"),
    re.compile(r"\s+"),
)
_EARLIEST = 0.5
"""A cut before this share of a part would make too many parts."""


def split(text: str, limit: int = LIMIT) -> list[str]:
    """Return the text in parts of at most `limit` UTF-16 units, none of them empty."""
    parts = []
    rest = text.strip()
    while _units(rest) > limit:
        cut = _cut(rest, _fitting(rest, limit))
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [part for part in (*parts, rest) if part] or ["-"]


def _units(text: str) -> int:
    return len(text) + sum(letter > "\uffff" for letter in text)


def _fitting(text: str, limit: int) -> int:
    """Return how many characters fit; an astral one takes two units."""
    used = 0
    for place, letter in enumerate(text):
        used += 2 if letter > "\uffff" else 1
        if used > limit:
            return place
    return len(text)


def _cut(text: str, longest: int) -> int:
    """Return the last good place to cut before `longest`, else `longest`."""
    for end in _ENDS:
        places = [found.end() for found in end.finditer(text, 0, longest)]
        good = [place for place in places if longest * _EARLIEST < place]
        if good:
            return good[-1]
    return longest
