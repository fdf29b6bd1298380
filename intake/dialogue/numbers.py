"""Ticket numbers as people type them: any case, spaces or no dashes."""

import re

_NUMBER = re.compile(r"\btkt[ -]?(\d{8})[ -]?(\d{4,8})\b", re.IGNORECASE)
_CODE_LENGTHS, _CODE_GROUPS, _CODE_DIGITS = range(14, 19), {3, 4, 5, 8}, 3
"""Of an attempt at a tracking code (16 characters, five of them digits on the average)."""
_AROUND = re.compile(r"^(?:(?:cek|check|status|no|nomor|number|laporan|report|tiket|ticket)\W+)*$")


def ticket_number(text: str) -> str | None:
    """Return the first ticket number named in a text, in its official form.

    >>> ticket_number("bagaimana tkt 20261124 0007?")
    'TKT-20261124-0007'
    """
    found = _NUMBER.search(text)
    return f"TKT-{found[1]}-{found[2]}" if found else None


def asks_about(text: str) -> tuple[str, str] | None:
    """Return number and rest if the text is a ticket number, perhaps with a tracking code."""
    found = _NUMBER.search(text)
    if found is None or not _AROUND.match(text[: found.start()].casefold()):
        return None
    return f"TKT-{found[1]}-{found[2]}", text[found.end() :].strip(" \t\n.,:;?!")


def without_number(text: str) -> str:
    """Return a text without the ticket numbers in it."""
    return _NUMBER.sub(" ", text)


def is_number(text: str) -> bool:
    """Tell whether a text holds no letter: an identity card or a bank card has 16 digits."""
    return not any(map(str.isalpha, text))


def looks_like_code(text: str) -> bool:
    """Tell whether a text is an attempt at a tracking code: its length, its groups, some digits."""
    groups = re.findall(r"[^\W_]+", text)
    digits = [sum(mark.isdigit() for mark in group) for group in groups]
    spread = len(groups) - digits.count(0) > 1 and {len(each) for each in groups} <= _CODE_GROUPS
    shaped = len(groups) == 1 or spread
    return shaped and sum(map(len, groups)) in _CODE_LENGTHS and sum(digits) >= _CODE_DIGITS
