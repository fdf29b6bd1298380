"""From bytes to text: the declared charset through an alias table, then a ladder of guesses.

Declared → utf-8 → chardet → cp1252 (docs/email.md has the figures of this order).
"""

import codecs
import re

from intake.channels.email.understanding.problems import Problems
from intake.language import marked as _

_UTF8_THEN_WESTERN = ("utf-8", "cp1252")

ALIASES: dict[str, tuple[str, ...]] = {
    # What mail says → the codecs to try, strictest first. A superset reads what its subset writes.
    "gb2312": ("gb18030",),
    "gb_2312-80": ("gb18030",),
    "gbk": ("gb18030",),
    "x-gbk": ("gb18030",),
    "cp936": ("gb18030",),
    "ks_c_5601-1987": ("cp949",),
    "ks_c_5601": ("cp949",),
    "euc-kr": ("cp949",),
    "iso-8859-1": _UTF8_THEN_WESTERN,
    "iso8859-1": _UTF8_THEN_WESTERN,
    "iso_8859-1": _UTF8_THEN_WESTERN,
    "latin1": _UTF8_THEN_WESTERN,
    "latin-1": _UTF8_THEN_WESTERN,
    "us-ascii": _UTF8_THEN_WESTERN,
    "ascii": _UTF8_THEN_WESTERN,
    "ansi_x3.4-1968": _UTF8_THEN_WESTERN,
    "windows-1252": _UTF8_THEN_WESTERN,
    "cp1252": _UTF8_THEN_WESTERN,
    "shift_jis": ("cp932",),
    "shift-jis": ("cp932",),
    "sjis": ("cp932",),
    "x-sjis": ("cp932",),
    "iso-2022-jp": ("iso2022_jp", "iso2022_jp_ext", "iso2022_jp_2", "cp932"),
    "big5": ("big5hkscs", "cp950"),
    "x-big5": ("big5hkscs", "cp950"),
    "iso-8859-8-i": ("iso-8859-8",),
    "iso-8859-8-e": ("iso-8859-8",),
    "iso-8859-9": ("cp1254",),
    "windows-874": ("cp874",),
    "tis-620": ("cp874",),
    "iso-8859-11": ("cp874",),
    "unicode-1-1-utf-7": ("utf-7",),
    "unicode-1-1-utf-8": ("utf-8",),
    "utf8": ("utf-8",),
    "utf8mb4": ("utf-8",),
    "macintosh": ("mac-roman",),
    "x-mac-roman": ("mac-roman",),
    "x-unknown": ("utf-8",),
    "unknown-8bit": ("utf-8",),
    "unknown": ("utf-8",),
    "8bit": ("utf-8",),
    "default_charset": ("utf-8",),
}

_NAME = re.compile(r"[A-Za-z0-9][\w.:+-]{0,60}")
_EIGHT_BIT = re.compile(rb"[\x80-\xff]")
_NOT_TEXT = frozenset(
    {"base64", "bz2", "hex", "quopri", "rot13", "uu", "zlib", "idna", "punycode", "undefined"}
    | {"unicode-escape", "raw-unicode-escape", "mbcs", "oem", "palmos"}
)
_GUESS_BYTES = 16 * 1024
_GUESS_CONFIDENCE = 0.4


def decode(data: bytes, declared: str | None, problems: Problems, *, hint: str = "") -> str:
    """Return `data` as text, whatever it is; every departure from `declared` is noted.

    `hint` is a charset that other parts of the mail name; it comes after utf-8.
    """
    if declared:
        for codec in codecs_for(declared):
            text = _strict(data, codec)
            if text is not None:
                return text
        problems.note(_("The text does not fit the character set that it declares."))
    text = _strict(data, "utf-8")
    if text is not None:
        return text
    for codec in (*codecs_for(hint), _guess(data)):
        text = _strict(data, codec)
        if text is not None:
            return text
    if declared:
        for codec in codecs_for(declared)[-1:]:
            return data.decode(codec, "replace")
    return data.decode("cp1252", "replace")


def codecs_for(declared: str) -> tuple[str, ...]:
    """Return the Python codecs to try for a charset name as mail writes it (RFC 2978)."""
    name = _clean_name(declared)
    if name in ALIASES:
        return ALIASES[name]
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ()
    return () if codec in _NOT_TEXT else (codec,)


def _clean_name(declared: str) -> str:
    """Strip quotes, `charset=` and an RFC 2231 language from a charset name."""
    name = declared.strip(" \t\"'<>;").lower().removeprefix("charset=").partition("*")[0]
    found = _NAME.search(name)
    return found.group() if found else ""


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec) if codec else None
    except (UnicodeError, LookupError, ValueError):
        return None


def _guess(data: bytes) -> str:
    """Ask chardet about the non-ASCII neighbourhood; imported late, it costs start-up time."""
    import chardet

    first = _EIGHT_BIT.search(data)
    start = max(0, (first.start() if first else 0) - _GUESS_BYTES // 4)
    guess = chardet.detect(data[start : start + _GUESS_BYTES])
    encoding = guess.get("encoding")
    if not encoding or float(guess.get("confidence") or 0) < _GUESS_CONFIDENCE:
        return ""
    return next(iter(codecs_for(str(encoding))), "")
