"""Lines that introduce a quotation: `Pada Sel, 3 Jan 2023 pukul 10.12 Budi <b@…> menulis:`.

A line counts only with evidence: a verb of the table or a date at its beginning, *and* a date,
an address or quoted lines below. Wrapped ones are joined over a few lines.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

from intake.channels.email.understanding import addresses, limits
from intake.channels.email.understanding.languages.attributions import (
    LANGUAGES,
    PRONOUNS,
    SPOKEN,
    USER_NOUNS,
)
from intake.channels.email.understanding.languages.vocabulary import any_of, phrases
from intake.channels.email.understanding.mail import Person
from intake.channels.email.understanding.problems import Problems
from intake.channels.email.understanding.replies import lines as text_lines

_ALL_VERBS = "\n".join([SPOKEN, *(row.verbs for row in LANGUAGES)])
_SPOKEN = phrases(SPOKEN)
_VERBS = phrases(_ALL_VERBS)
_VERB = re.compile(any_of(_ALL_VERBS), re.IGNORECASE)
_OPENER = re.compile(
    r"\A" + any_of("\n".join(row.openers for row in LANGUAGES)) + r"[\s,]", re.IGNORECASE
)
_END = re.compile(r"[:：]$|\w\s?-{2,9}$")
_DATE_START = re.compile(
    r"\A-{0,9}\s{0,9}(?:\d{1,4}[/.\-]\s?\d{1,2}[/.\-]\s?\d{1,4}|\d{1,2}\.?\s\w{3,12}\.?,?\s(?:de\s)?\d{4}"
    r"|\d{4}年|\d{4}년|\d{4}\.\s|\d{1,2}[:.]\d{2}(?:\s?[AP]M)?,\s"
    r"|[^\W\d]{2,12}\s\d{1,2}\.\s|[^\W\d]{2,12}[.,]{1,2}\s(?:[^\W\d]{2,12}\.?\s)?\d{1,2})"
)
_MOMENT = re.compile(
    r"\d{1,2}\s?[:.h時시点]\s?\d{2}|(?<!\d)(?:19|20)\d{2}(?!\d)|\d{1,4}[/.-]\d{1,2}[/.-]\d"
)
_ADDRESS = re.compile(r"([^\s<>@()]{1,64}@[^\s<>@()]{1,255})")
_BRACKETED = re.compile(r"<\s?(?:mailto:)?([^\s<>]{1,64}@[^\s<>]{1,255})")
_IN_BRACKETS = re.compile(r"[<(\[]\s?(?:mailto:)?[^\s<>()]{1,64}@")
_LAST_TIME = re.compile(
    r"^.{0,120}\d{1,2}\s?[:.h]\s?\d{2}(?:[:.]\d{2})?"
    r"(?:\s?[AaPp]\.?[Mm]\.?)?(?:\s(?:WIB|WITA|WIT|GMT|UTC|[A-Z]{3,4}))?(?:\s?[+-]\d{2}:?\d{2})?"
)
_AROUND_NAME = " ,;\"'<>«»“”„("
_PRONOUNS = frozenset(phrases(PRONOUNS))
_USER = re.compile(any_of(USER_NOUNS), re.IGNORECASE)
_ENDS_WITH_ADDRESS = re.compile(r"<\s?[^\s<>]{1,64}@[^<>]{1,255}>$|\([^\s()]{1,64}@[^()]{1,255}\)$")
_GMT_NAME = re.compile(r"\d{4}-\d{2}-\d{2} \d{1,2}:\d{2} (?:GMT|UTC)[+-]\d{2}:?\d{2} \S.{0,60}$")

_EVIDENCE = re.compile(r"[@\d]")
"""What every address and every moment has: without it only quoted lines below are evidence."""

_MOST_CANDIDATES = 1000
"""Lines that end like an attribution and are none; whoever writes more of them has none to find."""
_LONGEST_WRAP = 6
_LONGEST_TAIL = 2
"""Lines above a person's name that may still begin the same attribution."""
_LONGEST = 500
_LONGEST_NAME = 80
_AFTER_TIME = 8
"""Characters that may follow a time: `Uhr`, `WIB`, seconds."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Lines `start` to `end` (exclusive) and their text in one line."""

    start: int
    end: int
    text: str


def find(lines: list[str], *, quoted: bool = False) -> Attribution | None:
    """Return the first attribution, or None; inside a quotation only with `quoted`."""
    candidates = 0
    for last in range(min(len(lines), limits.REPLY_LINES)):
        line = lines[last]
        if not quoted and text_lines.is_quoted(line) and not _is_closing_bracket(line):
            continue
        if len(line) > limits.LINE_CHARACTERS or not _may_end(text_lines.bare(line)):
            continue
        found = _ending_at(lines, last)
        candidates += 1
        if found or candidates > _MOST_CANDIDATES:
            return found
    return None


def _may_end(line: str) -> bool:
    """Tell whether an attribution can end with this line; cheap, most lines leave here."""
    if not line:
        return False
    if _END.search(line) or line[-1:] in ">)":
        return True
    if _GMT_NAME.match(line):
        return True
    return _ends_with_verb(line)


def _ending_at(lines: list[str], last: int) -> Attribution | None:
    """Return the attribution that ends with line `last`.

    A beginning that the table knows wins; a line that merely names a person is the second choice.
    """
    quoted = text_lines.is_quoted(lines[last]) and not _is_closing_bracket(lines[last])
    above_quote = _quote_follows(lines, last + 1)
    joined, blanks = "", 0
    weak: Attribution | None = None
    for first in range(last, max(0, last - _LONGEST_WRAP + 1) - 1, -1):
        line = lines[first]
        if text_lines.is_blank(line):
            blanks += 1
            if blanks > 1 or not joined.startswith("<"):
                return weak
            continue
        too_long = weak is not None and last - first > _LONGEST_TAIL
        if not _belongs(line, joined, quoted=quoted) or (too_long and not joined.startswith("<")):
            return weak
        joined = f"{_shown(line)} {joined}".strip()
        strength = _strength(joined, quoted=above_quote)
        found = Attribution(first, last + 1, joined)
        if strength is Strength.STRONG:
            return _widened(found, lines)
        if strength is Strength.WEAK:
            weak = weak or found
    return weak


def _widened(found: Attribution, lines: list[str]) -> Attribution:
    """Take the line above too where it ends with a comma and begins an attribution itself."""
    above = found.start - 1
    if above < 0 or text_lines.bare(lines[above])[-1:] != ",":
        return found
    text = f"{text_lines.bare(lines[above])} {found.text}"
    quoted = _quote_follows(lines, found.end)
    if len(text) > _LONGEST or _strength(text, quoted=quoted) is not Strength.STRONG:
        return found
    return _widened(Attribution(above, found.end, text), lines)


def _is_closing_bracket(line: str) -> bool:
    """Tell whether `>` at the beginning of a line closes an address: `> wrote:`."""
    if len(line) >= _LONGEST_NAME or not text_lines.is_quoted(line):
        return False
    return _VERB.sub("", text_lines.bare(line), count=1).strip(" :：") == ""


def _shown(line: str) -> str:
    return f"> {text_lines.bare(line)}" if _is_closing_bracket(line) else text_lines.bare(line)


def _belongs(line: str, below: str, *, quoted: bool) -> bool:
    """Tell whether a line can be the wrapped beginning of what stands below it."""
    if _is_closing_bracket(line):
        return not below
    if text_lines.is_quoted(line) != quoted or len(line) + len(below) > _LONGEST:
        return False
    return not below or line.rstrip()[-1:] not in ".!?:;"


class Strength(Enum):
    """How sure a text is an attribution."""

    NONE = auto()
    WEAK = auto()
    STRONG = auto()


def _strength(text: str, *, quoted: bool) -> Strength:
    """Judge one joined text, `quoted` lines below it or not: evidence first, then how it begins."""
    if not quoted and not _EVIDENCE.search(text):
        return Strength.NONE
    text = text.rstrip("- ")
    body = text.rstrip(":： ")
    if _GMT_NAME.match(text):
        return Strength.STRONG
    if body.count(">") > body.count("<") or body.count("(") < body.count(")"):
        return Strength.NONE
    ends_so = text[-1:] in ":：" or _ends_with_verb(body)
    closed = ends_so and _VERB.search(body) is not None
    if _DATE_START.match(body):
        ends = _ENDS_WITH_ADDRESS.search(body) is not None
        dated = _MOMENT.search(body) is not None
        return Strength.STRONG if dated and (ends or closed) else Strength.NONE
    return _strength_of_verb(body, quoted=quoted) if closed else Strength.NONE


def _strength_of_verb(body: str, *, quoted: bool) -> Strength:
    """Judge a text that has a verb of the table and a colon or the verb at its end."""
    if not quoted and body.lower().endswith(_SPOKEN):
        return Strength.NONE
    has_address = _has_address(body)
    has_moment = _MOMENT.search(body) is not None
    if _OPENER.match(body):
        strong = has_address or quoted or (has_moment and _names_somebody(body))
        return Strength.STRONG if strong else Strength.NONE
    if has_address and _starts_with_person(body):
        return Strength.WEAK
    named = len(body) <= _LONGEST_NAME and _VERB.sub("", body).strip(" ,.") != ""
    return Strength.WEAK if named and (quoted or _ends_with_moment(body)) else Strength.NONE


def _has_address(body: str) -> bool:
    """Tell whether an address belongs to the one who wrote: in brackets, or beside the verb."""
    if _IN_BRACKETS.search(body) or _ENDS_WITH_ADDRESS.search(body):
        return True
    return _ADDRESS.search(body) is not None and _ends_with_verb(body)


def _ends_with_verb(body: str) -> bool:
    tail = body[-40:].lower()
    if not tail.endswith(_VERBS):  # most lines leave here
        return False
    return any(verb.end() == len(tail) for verb in _VERB.finditer(tail))


def _names_somebody(body: str) -> bool:
    """Tell whether a name stands beside the verb; `dokter menulis resep:` is own text."""
    verbs = list(_VERB.finditer(body))
    before = body[: verbs[0].start()].split()
    after = body[verbs[-1].end() :].split()
    beside = after if after and not _ends_with_verb(body) else before[-1:]
    return all(_is_name_word(word.strip(_AROUND_NAME + ".")) for word in beside)


def _is_name_word(word: str) -> bool:
    return not word or not word[0].islower() or word.lower() in _PRONOUNS


def _ends_with_moment(body: str) -> bool:
    """Tell whether nothing but a time stands at the end: `Max schrieb am 28.4.2017 um 10:14`."""
    moments = list(_MOMENT.finditer(body))
    return bool(moments) and moments[-1].end() >= len(body) - _AFTER_TIME


def _starts_with_person(body: str) -> bool:
    """Tell whether the line begins with a name and an address: `Budi <b@example.org> menulis`."""
    address = _ADDRESS.search(body)
    return address is not None and address.start() <= _LONGEST_NAME


def _quote_follows(lines: list[str], start: int) -> bool:
    index = text_lines.next_text(lines, start)
    return index < len(lines) and text_lines.is_quoted_loosely(lines[index])


def person_and_date(text: str) -> tuple[Person, str]:
    """Return whom an attribution names and when, as far as it can be told apart."""
    body = _USER.sub(" ", _VERB.sub(" ", text.rstrip(":： -")))
    address = _BRACKETED.search(body) or _ADDRESS.search(body)
    moment = _LAST_TIME.search(body)
    head = body[: address.start()] if address else body
    name = head[moment.end() :] if moment and moment.end() <= len(head) else head
    if moment is None or not name.strip(" ,\"'"):
        name = head if not _DATE_START.match(head) else name
    person = addresses.parse_mailbox(
        f"{name.strip(_AROUND_NAME)} <{address.group(1)}>" if address else name.strip(_AROUND_NAME),
        Problems(),
    )
    date = _OPENER.sub("", body[: moment.end()], count=1).strip(" ,") if moment else ""
    return person, date
