"""Quoted header blocks (`From: … Sent: … To: … Subject: …`) and the lines that divide mails."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from intake.channels.email.understanding import limits
from intake.channels.email.understanding.languages import separators
from intake.channels.email.understanding.languages.headers import LONGEST_LABEL, ROLES, Role
from intake.channels.email.understanding.languages.vocabulary import any_of, phrases
from intake.channels.email.understanding.replies import lines as text_lines

_ORIGINAL = re.compile(any_of(separators.ORIGINAL), re.IGNORECASE)
_FORWARDED = re.compile(any_of(separators.FORWARDED), re.IGNORECASE)
_OUR_MARKER = phrases(separators.OUR_MARKER)
_PREVIOUS = frozenset(phrases(separators.PREVIOUS))
_FORWARD_LINES = frozenset(phrases(separators.FORWARDED))
_RULE = re.compile(r"[-_=*#~\u2500\u2013\u2014]{3,}")
_FRAMED = re.compile(r"[-_=*]{2,}\s{0,4}(\S[^\n]{0,80}?)\s{0,4}[-_=*]{2,}")
_UNDERLINE = re.compile(r"[_\-\u2014\u2500=]{10,}")
_ALL_LABELS = re.compile(
    r"(?<=[\s>\d])?(?=(?:From|To|Cc|Sent|Date|Subject|Dari|Kepada|Ke|Tembusan|Terkirim|Dikirim|"
    r"Tanggal|Judul|Subjek|Perihal):)"
)
_TIME = re.compile(r"\d{1,2}\s?[:.h]\s?\d{2}|(?:19|20)\d{2}")

_LONGEST_BLOCK = 24
_LOOKED_AGAIN = 64
"""Lines that are kept: where labels follow labels, every one begins a block that is read."""
_LONGEST_MARKER = 300
_ENOUGH = 3


@dataclass(slots=True)
class HeaderBlock:
    """Lines `start` to `end` (exclusive): a header block and the line that divides above it."""

    start: int
    end: int
    values: dict[Role, str] = field(default_factory=dict)
    forwarded: bool = False
    """The dividing line says "forwarded"."""
    divided: bool = False
    """There is a dividing line at all."""


@dataclass(frozen=True, slots=True)
class Divider:
    """One line that divides new from old; `rest` is what else stands on it."""

    forwarded: bool
    known: bool
    rest: str = ""


@lru_cache(maxsize=_LOOKED_AGAIN)
def label_of(line: str) -> tuple[Role, str] | None:
    """Return the role and the value of a `Label: value` line, or None."""
    line = text_lines.bare(line[: limits.LINE_CHARACTERS])
    for colon in (":", "："):
        head, found, value = line[: LONGEST_LABEL + 8].partition(colon)
        if found:
            role = ROLES.get(head.strip(" \t*_").lower())
            if role:
                value = line[len(head) + 1 :]
                return role, value.strip(" \t*_")
    return None


def divider_of(line: str) -> Divider | None:
    """Return what a dividing line says, or None for an ordinary line."""
    text = text_lines.bare(line) if len(line) <= limits.LINE_CHARACTERS else ""
    if not text:
        return None
    if _announces_forward(text):
        return Divider(forwarded=True, known=True)
    framed = _FRAMED.match(line.strip().lstrip("> "))
    return _framed_divider(framed) if framed else None


def _announces_forward(text: str) -> bool:
    """Tell whether a line is a known phrase alone: `Begin forwarded message:`."""
    plain = text.rstrip(":： ").strip("-_=* ").lower()
    return plain in _FORWARD_LINES and (text[-1:] in ":：-" or " " in plain)


def _framed_divider(framed: re.Match[str]) -> Divider | None:
    """Read words between hyphens; unknown words divide nothing by themselves."""
    words = framed.group(1)
    rest = framed.string[framed.end() :].strip()
    if rest.endswith("--"):  # two phrases in one frame
        words, rest = f"{words} {rest}", ""
    if _FORWARDED.search(words):
        return Divider(forwarded=True, known=True, rest=rest)
    if _ORIGINAL.search(words):
        return Divider(forwarded=False, known=True, rest=rest)
    return None if rest else Divider(forwarded=False, known=False)


def our_markers(lines: list[str]) -> frozenset[int]:
    """Return the indexes of the lines that ask to write above them."""
    whole = "\n".join(lines).lower()
    present = [phrase for phrase in _OUR_MARKER if phrase in whole]
    if not present:
        return frozenset()
    return frozenset(
        index
        for index, line in enumerate(lines)
        if len(line) <= _LONGEST_MARKER and any(phrase in line.lower() for phrase in present)
    )


def mentions_forward(text: str) -> bool:
    """Tell whether a text has any phrase of a forward; a cheap question before a costly one."""
    text = text.lower()
    return any(phrase in text for phrase in _FORWARD_LINES)


def is_previous_heading(lines: list[str], index: int) -> bool:
    """Tell whether a drawn rule begins the older messages: a known heading stands below it."""
    below = text_lines.next_text(lines, index + 1)
    if not is_rule(lines[index]) or below >= len(lines):
        return False
    return text_lines.bare(lines[below]).strip("#:*_ ").lower() in _PREVIOUS


def split_run_on(lines: list[str]) -> list[str]:
    """Give every label its own line where a program wrote a whole block into one line."""
    out: list[str] = []
    for line in lines:
        divider = divider_of(line) if len(line) <= limits.LINE_CHARACTERS else None
        if divider and divider.known and divider.rest:
            out.append(line[: line.rindex(divider.rest)].rstrip())
            out.extend(piece for piece in _ALL_LABELS.split(divider.rest) if piece.strip())
        else:
            out.append(line)
    return out


def read(lines: list[str], start: int) -> HeaderBlock | None:
    """Return the block that begins at line `start` (its divider or its first label), or None."""
    divider = divider_of(lines[start])
    first = start
    if divider or _UNDERLINE.fullmatch(text_lines.bare(lines[start]) or lines[start].strip()):
        first = text_lines.next_text(lines, start + 1)
        while first < len(lines) and not text_lines.bare(lines[first]) and first < start + 4:
            first += 1
    if first >= len(lines) or label_of(lines[first]) is None:
        return None
    values, end = _read_labels(lines, first)
    block = HeaderBlock(
        start,
        end,
        values,
        forwarded=divider is not None and divider.forwarded,
        divided=divider is not None or first > start,
    )
    return block if _is_convincing(block) else None


def _is_convincing(block: HeaderBlock) -> bool:
    """Ask for a sender and evidence: a letter may well begin with `Dari:` and `Perihal:`."""
    roles = set(block.values) - {Role.OTHER}
    if Role.SENDER not in roles and not (block.divided and Role.SUBJECT in roles):
        return False
    evidence = any("@" in value for value in block.values.values()) or bool(
        _TIME.search(block.values.get(Role.DATE, ""))
    )
    if block.divided:
        return len(roles) >= _ENOUGH - 1 or (len(roles) == 1 and evidence)
    return len(roles) >= _ENOUGH and evidence


def _read_labels(lines: list[str], first: int) -> tuple[dict[Role, str], int]:
    """Read `Label: value` lines, wrapped ones too; a blank line between two labels is skipped."""
    values: dict[Role, str] = {}
    index = end = first
    last_role: Role | None = None
    while index < len(lines) and index < first + _LONGEST_BLOCK:
        found = label_of(lines[index])
        if found:
            role, value = found
            if role in values and role is not Role.OTHER:
                break
            values[role] = value
            last_role = role
            index += 1
            end = index
        elif last_role and _goes_on(lines, index, values[last_role]):
            values[last_role] += " " + text_lines.bare(lines[index])
            index += 1
            end = index
        elif not text_lines.bare(lines[index]) and _label_follows(lines, index, values):
            index += 1
        else:
            break
    return values, end


def _goes_on(lines: list[str], index: int, value: str) -> bool:
    """Tell whether a line without label continues the value above it."""
    text = text_lines.bare(lines[index])
    if not text:
        return False
    if not value or value[-1:] in ",;" or text[:1] == "<":
        return True
    following = label_of(lines[index + 1]) if index + 1 < len(lines) else None
    return following is not None


def _label_follows(lines: list[str], index: int, values: dict[Role, str]) -> bool:
    """Tell whether the next line of text is a label that the block does not have yet."""
    following = index + 1
    while following < len(lines) and not text_lines.bare(lines[following]):
        following += 1
    if following >= len(lines) or following > index + 2:
        return False
    found = label_of(lines[following])
    return found is not None and found[0] not in values and Role.SUBJECT not in values


def is_rule(line: str) -> bool:
    """Tell whether a line is nothing but a drawn rule."""
    return _RULE.fullmatch(line.strip()) is not None
