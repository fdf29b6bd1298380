r"""Makes text from outside fit to be stored and shown, changing as little as possible."""

import re
import unicodedata

_LINE_END = re.compile("\r\n?|\u2028|\u2029")
_REFUSED = re.compile("[\0\ud800-\udfff]")  # by PostgreSQL: NUL and lone surrogates
_CONTROL = re.compile("[\x01-\x08\x0b-\x1f\x7f-\x9f]")  # C0 and C1 but for tab and newline
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800\ufffc\ufffd")
"""Letters and signs that show nothing: Hangul fillers, the empty braille cell, what is missing."""
_UNSEEN = frozenset({"Mn", "Mc", "Me", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co"})
"""Unicode's general categories (UAX 44) of what nobody sees standing alone."""
_MARKS = re.compile(r"([^\w\s\x00-\x7f]{65,})")  # no language puts so many on one letter


def clean(text: str) -> str:
    r"""Return text that PostgreSQL stores and pages show: NFC, `\n` line ends, no controls.

    What PostgreSQL refuses (NUL, lone surrogates) becomes U+FFFD; other control characters
    but tab and newline disappear. Linear in the length; never raises.
    """
    text = _LINE_END.sub("\n", text)
    text = _REFUSED.sub("\ufffd", text)
    return _composed(_CONTROL.sub("", text))


def is_storable(text: str) -> bool:
    """Say whether PostgreSQL takes a text as it is."""
    return _REFUSED.search(text) is None


def is_readable(text: str) -> bool:
    """Say whether there is anything to read: a letter, digit, sign or emoji.

    White space, controls, joiners and other format characters, variation selectors, fillers and
    marks without a letter are nothing. A character of the higher planes that our tables do not know
    counts: emoji are added there every year.
    """
    return any(map(_is_seen, text))


def _is_seen(letter: str) -> bool:
    category = unicodedata.category(letter)
    if category == "Cn":
        return (
            "\U00010000" <= letter < "\U00040000" and ord(letter) & 0xFFFE != 0xFFFE
        )  # each plane ends in two of none
    return category not in _UNSEEN and letter not in _BLANKS


def clean_line(text: str) -> str:
    """Return `clean` text on one line, runs of white space as one space, ends stripped."""
    return " ".join(clean(text).split())


def shorten(text: str, limit: int) -> str:
    """Cut to at most `limit` characters, the last one an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def first_words(text: str, limit: int = 80) -> str:
    """Make a title of the first words of a text, cut at a word's end; "-" if there are none."""
    line = clean_line(text[: limit * 4])
    if len(line) <= limit:
        return line or "-"
    return line[: limit - 1].rsplit(" ", 1)[0].rstrip(".,;:") + "…"


def _composed(text: str) -> str:
    """Return a text in NFC, but for long runs of marks: to order them takes their square."""
    if text.isascii():
        return text
    parts = _MARKS.split(text)
    parts[::2] = (unicodedata.normalize("NFC", part) for part in parts[::2])
    return "".join(parts)
