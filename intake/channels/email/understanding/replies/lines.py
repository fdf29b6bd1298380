"""Lines of a mail as the search for quotes sees them."""

import re

WRITTEN = "\ue003"
"""Before a line that looks like a quotation and is the person's own: `> 38 derajat`."""

_QUOTE = re.compile(r"\s{0,4}(?:[A-Z]{0,3}>|\|)")
_MARKS = re.compile(r"^[\s>|*_\u200e\u200f\ufeff\u200b]+|[\s*_\u200e\u200f]+$")
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ANGLE_QUOTE = re.compile(r"\s{0,4}(?:>|[A-Z]{1,3}> )")


def is_blank(line: str) -> bool:
    """Tell whether a line has nothing but blanks and invisible characters."""
    return not line.strip(" \t\u00a0\u200b\ufeff\u200e\u200f")


def is_quoted(line: str) -> bool:
    """Tell whether a line begins with `>`, or with initials and `> `."""
    return _ANGLE_QUOTE.match(line) is not None


def is_quoted_loosely(line: str) -> bool:
    """Tell whether a line begins with `>` or `|`; the bar counts only below an attribution."""
    return _QUOTE.match(line) is not None


def unquoted(line: str) -> str:
    """Return a line without one level of `> `."""
    mark = _ANGLE_QUOTE.match(line)
    return line[mark.end() :].removeprefix(" ") if mark else line


def bare(line: str) -> str:
    """Return a line without quote marks, bold marks and invisible characters at its ends."""
    line = line.replace("\u00a0", " ").replace("\u202f", " ")
    return _MARKS.sub("", _DIRECTIONS.sub("", line))


def next_text(lines: list[str], start: int) -> int:
    """Return the index of the first line from `start` that is not blank, or the length."""
    while start < len(lines) and is_blank(lines[start]):
        start += 1
    return start


def plain(text: str) -> str:
    """Return a text without our own marks."""
    return text.replace(WRITTEN, "")


def trimmed(lines: list[str]) -> list[str]:
    """Return the lines without blank ones at both ends."""
    start = next_text(lines, 0)
    end = len(lines)
    while end > start and is_blank(lines[end - 1]):
        end -= 1
    return lines[start:end]
