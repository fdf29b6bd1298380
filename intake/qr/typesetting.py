"""Letters on paper: the embedded typeface, what it can print, and how text is made to fit."""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

ELLIPSIS: Final = "…"
LEADING: Final = 1.18
"""Distance of lines, in sizes."""

CAPITAL: Final = 0.73
"""Height of a capital letter, in sizes."""

LONGEST: Final = 300

_FILES: Final = Path(reportlab.__file__).parent / "fonts"
_WORD: Final = re.compile(r"\S+(?: [–—-](?= ))?")
"""A word, and the dash after it: no line begins with a dash."""

_SHRINK: Final = 0.96
_SAME: Final = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2212": "-", "\u02bc": "’"})


class Face(StrEnum):
    """Bitstream Vera Sans as reportlab ships it: all of Latin-1, dashes and quotes."""

    REGULAR = "Vera"
    BOLD = "VeraBd"


@dataclass(frozen=True, slots=True)
class TextBox:
    """A place for text, in points."""

    width: float
    height: float

    def lines(self, size: float) -> int:
        """Tell how many lines of a size stand one above the other here; at least one does."""
        return max(1, int((self.height / size - 1) / LEADING + 1))

    def holds(self, lines: list[str], face: Face, size: float) -> bool:
        """Tell whether these lines stand here whole."""
        few = len(lines) <= self.lines(size) and size <= self.height
        return few and all(width(line, face, size) <= self.width for line in lines)


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines of text and the size, in points, at which they fit their place."""

    lines: tuple[str, ...]
    size: float


@cache
def load() -> frozenset[str]:
    """Load the typeface once per process and tell which characters both weights have."""
    known = []
    for face in Face:
        font = TTFont(face.value, str(_FILES / f"{face.value}.ttf"))
        pdfmetrics.registerFont(font)
        known.append({chr(code) for code in font.face.charToGlyph if chr(code).isprintable()})
    return frozenset(set.intersection(*known))


def printable(text: str) -> str:
    """Keep of ``text`` what the typeface can print, on one line.

    Control and direction marks go, white space becomes one space, a letter with an unknown
    accent loses the accent, what is still unknown goes, and so does all after 300 characters.
    May be empty.
    """
    composed = unicodedata.normalize("NFC", text[:LONGEST].translate(_SAME))
    joined = "".join(map(_printable, re.sub(r"\s", " ", composed)))
    return " ".join(joined.split())


def width(text: str, face: Face, size: float) -> float:
    """Measure a line, in points."""
    load()
    return float(pdfmetrics.stringWidth(text, face, size))


def fit(text: str, face: Face, room: TextBox, *, largest: float, least: float) -> Fitted:
    """Set ``text`` in a room as large as it goes, from ``largest`` down to ``least`` points.

    At ``least`` long words are broken too, and what is still left is cut with an ellipsis.
    """
    size = largest
    while size > least:
        lines = _wrap(text, face, size, room.width)
        if room.holds(lines, face, size):
            return Fitted(_balance(text, face, size, room, lines), size)
        size *= _SHRINK
    hard = _wrap(_chop(text, face, least, room.width), face, least, room.width)
    last = room.lines(least) - 1
    if len(hard) > last + 1:
        hard = [*hard[:last], _cut(hard[last], face, least, room.width)]
    return Fitted(tuple(hard), least)


def _printable(letter: str) -> str:
    known = load()
    if letter in known:
        return letter
    bare = unicodedata.normalize("NFKD", letter)
    return "".join(part for part in bare if part in known)


def _wrap(text: str, face: Face, size: float, wide: float) -> list[str]:
    """Break between words, first come first served; a word too long stands alone."""
    lines: list[str] = []
    for word in _WORD.findall(text):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, face, size) <= wide:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _balance(
    text: str, face: Face, size: float, room: TextBox, lines: list[str]
) -> tuple[str, ...]:
    """Break into as many lines of like length, so that no word is left alone."""
    best = lines
    for share in range(95, 45, -5):
        narrower = _wrap(text, face, size, room.width * share / 100)
        if len(narrower) > len(lines) or not room.holds(narrower, face, size):
            break
        best = narrower
    return tuple(best)


def _chop(text: str, face: Face, size: float, wide: float) -> str:
    """Break words longer than a line where the line ends, after a dot or dash if one is near."""
    pieces: list[str] = []
    for word in text.split():
        rest = word
        while width(rest, face, size) > wide:
            end = _letters_in(rest, face, size, wide)
            mark = max(rest.rfind(mark, end // 2, end) for mark in ".-/") + 1
            pieces.append(rest[: mark or end])
            rest = rest[mark or end :]
        pieces.append(rest)
    return " ".join(pieces)


def _cut(line: str, face: Face, size: float, wide: float) -> str:
    room = wide - width(ELLIPSIS, face, size)
    return line[: _letters_in(line, face, size, room)].rstrip() + ELLIPSIS


def _letters_in(line: str, face: Face, size: float, wide: float) -> int:
    """Count the leading letters that fit; at least one does."""
    ends = range(1, len(line) + 1)
    return max(1, bisect_right(ends, wide, key=lambda end: width(line[:end], face, size)))
