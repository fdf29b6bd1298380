"""Finds tracking codes in what people write, and covers them. Pure.

A code is a key, not words: whoever reads it on a page of staff, in a notice or in a log could open
the report with it. What only looks like one stays as it is; that it is one says the hash of a
ticket, which the caller looks up (`known_codes.py`).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from core.tickets.tracking_code import ALPHABET, LENGTH, MISREAD, read_code

COVER: Final = "••••"
"""What stands in the place of a code."""
MOST: Final = 256
"""Texts of a message that are looked up as codes, those most like one first."""

_RANGES: Final = (
    "\u00b2-\u00b9\u2070-\u208f\u2102-\u2149\u2460-\u24ea\uff10-\uff5a\U0001d400-\U0001d7ff"
)
"""Where letters and digits stand once more: raised, framed, circled, of full width, drawn."""
_SHAPED: Final = re.compile(f"[{_RANGES}]")


def _shapes() -> Iterator[tuple[int, str]]:
    for first, last in re.findall("(.)-(.)", _RANGES):
        for point in range(ord(first), ord(last) + 1):
            plain = unicodedata.normalize("NFKC", chr(point)).upper()
            if plain in {*ALPHABET, *"ILO"}:
                yield point, plain


_SHAPES: Final = dict(_shapes())
_LETTER: Final = r"[0-9A-TV-Za-tv-z]"
"""A letter of a code as people type it: every one but U."""
_APART: Final = r"[\s\-.·>*_\u00ad\u2010-\u2015\u2212\u200b-\u200d\u2060\ufe58\ufe63\uff0d\ufeff]"
"""What may stand between two groups of a code: also the quote marks of a mail's next line."""
_BETWEEN: Final = re.compile(rf"{_APART}+")


def _at_words(written: str) -> re.Pattern[str]:
    """Match what begins where a word does, and ends where one does."""
    return re.compile(rf"(?<![^\W_])(?=({written})(?![^\W_]))")


def _grouped(groups: int) -> str:
    return rf"{_APART}{{1,6}}+".join([rf"{_LETTER}{{{LENGTH // groups}}}"] * groups)


_USUAL: Final = _at_words(f"(?:{'|'.join(map(_grouped, (1, 2, 4)))})")
"""How codes are written; in other groups a text must hold a digit to be looked up."""
_OTHER: Final = _at_words(rf"{_LETTER}(?:{_APART}{{0,6}}+{_LETTER}){{{LENGTH - 1}}}+")
_DIGIT: Final = re.compile("[0-9]")
_LOOSE: Final = r"(?:<[^<>]{0,300}>|&[a-z#0-9]{1,8};|[^\w<&]|_){0,8}"
"""What may stand between two letters of a code that is known to be there: marks and tags."""


def candidates(texts: Iterable[str]) -> tuple[str, ...]:
    """Return what may be codes, in their official form, those most like one first.

    A code begins and ends where a word does, so each word begins one at most: linear in the length.
    Of each kind no more is read than is looked up.
    """
    plain = [_in_plain_letters(text) for text in texts]
    usual = islice(_each_once(_found(_USUAL, plain)), MOST)
    mixed = (each for each in _found(_OTHER, plain) if _DIGIT.search(each))
    others = islice(_each_once(mixed), MOST)
    codes = (read_code(_BETWEEN.sub("", each)) for each in (*usual, *others))
    return tuple(dict.fromkeys(filter(None, codes)))[:MOST]


def typed_code(typed: str) -> str | None:
    """Read the code that somebody typed or pasted, alone or with words around it; None: no code."""
    return read_code(typed) or next(iter(candidates((typed,))), None)


def _found(pattern: re.Pattern[str], texts: Iterable[str]) -> Iterator[str]:
    return (found[1] for text in texts for found in pattern.finditer(text))


def _each_once(found: Iterable[str]) -> Iterator[str]:
    seen = set[str]()
    for each in found:
        if each not in seen:
            seen.add(each)
            yield each


def _in_plain_letters(text: str) -> str:
    is_plain = text.isascii() or _SHAPED.search(text) is None
    return text if is_plain else text.translate(_SHAPES)


def cover(text: str, codes: Iterable[str]) -> str:
    """Return a text, also one of HTML, in which these codes cannot be read any more."""
    for code in codes:
        text = _written(code).sub(COVER, text)
    return text


def _written(code: str) -> re.Pattern[str]:
    """Match a code in every notation in which it is read as this one."""
    each = (f"[{_ways(letter)}]" for letter in code.replace("-", ""))
    return re.compile(rf"(?<![^\W_]){_LOOSE.join(each)}(?![^\W_])", re.IGNORECASE)


def _ways(letter: str) -> str:
    """Return all in which a letter is read, by mistake or of another width."""
    read = letter + MISREAD.get(letter, "")
    return read + "".join(chr(point) for point, plain in _SHAPES.items() if plain in read)
