"""Text that every database column, header and page can hold.

PostgreSQL refuses NUL and lone surrogates; a line break in a header value would become a new
header once it is sent again (CVE-2024-6923 family). So both are gone before anybody sees a value.
"""

import re
import unicodedata

_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LINE_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")
_BLANKS = re.compile(r"\s+")


def text(value: str) -> str:
    """Return `value` in NFC with LF line ends, without control characters and surrogates."""
    value = value.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    value = _CONTROL.sub("", value)
    return unicodedata.normalize("NFC", _SURROGATE.sub("\ufffd", value))


def one_line(value: str) -> str:
    """Return `value` as one line: every run of controls and blanks is one space.

    Marks that reverse the reading direction are dropped: they make `fdp.exe` look like `exe.pdf`.
    """
    value = _LINE_CONTROL.sub(" ", _SURROGATE.sub("\ufffd", value))
    value = _INVISIBLE.sub("", _DIRECTION.sub("", value))
    return unicodedata.normalize("NFC", _BLANKS.sub(" ", value).strip())
