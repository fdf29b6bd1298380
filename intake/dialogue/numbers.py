"""Ticket numbers as people type them: any case, spaces or no dashes."""

import re

_NUMBER = re.compile(r"\btkt[ -]?(\d{8})[ -]?(\d{4,8})\b", re.IGNORECASE)
_LONGEST_CODE = 24
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


def looks_like_code(text: str) -> bool:
    """Tell whether a text is an attempt at a tracking code: short, no sentence, with digits."""
    typed = text.strip()
    return any(mark.isdigit() for mark in typed) and len(typed) <= _LONGEST_CODE
