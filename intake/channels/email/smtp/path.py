"""How a command names a mailbox (RFC 5321 §4.1.2): the address in angle brackets, or without."""

import re

NULL_SENDER = "<>"
"""How aiosmtpd names the null reverse path; to us it is the empty string."""

_PATH = re.compile(
    r'<((?:"[^"\x00-\x1f]*"|[^<>"\s\x00-\x1f\x7f])*)>(.*)'
    r'|((?:"[^"\x00-\x1f]*"|[^<>"\s\x00-\x1f\x7f])+)(.*)',
    re.DOTALL,
)
_PATH_CHARACTERS = 254


def read_path(argument: str) -> tuple[str | None, str | None]:
    """Read a path and what follows it; controls and undecodable bytes make it malformed."""
    found = _PATH.fullmatch((argument or "").strip())
    if found is None:
        return None, None
    if found[1] == "":
        return NULL_SENDER, found[2]
    address, rest = (found[1], found[2]) if found[1] is not None else (found[3], found[4])
    return (address, rest) if _is_sane(address) else (None, None)


def printable(text: str) -> str:
    """Return what a peer calls itself, without controls and not longer than an address."""
    return "".join(c for c in text[:_PATH_CHARACTERS] if c.isprintable())


def _is_sane(address: str) -> bool:
    if not 0 < len(address) <= _PATH_CHARACTERS:
        return False
    return not any("\ud800" <= character <= "\udfff" for character in address)
