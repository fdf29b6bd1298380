"""Numbers that name a person, covered wherever words leave the page of their report. Pure.

People write them into their stories: the NIK of an identity card, the number of a BPJS or a bank
card, a telephone. On the page of the report they stand as typed, for whoever may see it; a mail, a
list or a print goes further than that. One table says what such a number is, however it is written,
and how much of it stays, so that staff still tell one from another.

What is no such number stays: a report's own number, a date, a time, an amount of rupiah, a room,
and the hospital's and the emergency telephones, which people have to read.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from enum import Enum, auto
from typing import Final, NamedTuple

COVER: Final = "•"


class Place(Enum):
    """Where words go."""

    STAFF = auto()
    """Notices to staff, lists, prints: whoever needs the number opens the report."""
    PERSON = auto()
    """What staff answer: a telephone in it is where the person is to call."""


class Kind(NamedTuple):
    """One kind of number."""

    name: str
    stays: int
    """Digits at its end that stay."""
    places: frozenset[Place]
    """Where it is covered."""
    fits: Callable[[str], bool]
    """Whether digits, behind a + where one stands, are one."""


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda digits: compiled.fullmatch(digits) is not None


def _is_card(digits: str) -> bool:
    """Luhn's sum (ISO/IEC 7812-1), and a first digit that cards have."""
    if not 13 <= len(digits) <= _MOST or digits[0] not in "23456":
        return False
    double = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
    return sum(double[int(d)] if i % 2 else int(d) for i, d in enumerate(digits[::-1])) % 10 == 0


_MOST: Final = 19
"""Digits of the longest number there is."""
_EVERYWHERE: Final = frozenset(Place)
_STAFF: Final = frozenset({Place.STAFF})
_PHONE: Final = r"0[2-9]\d{7,12}|62[2-9]\d{7,12}|8[1-9]\d{8,10}|00[1-9]\d{8,13}|\+[1-9]\d{7,14}"

# fmt: off
KINDS: Final = (
    # kind            stays  covered in    what it is
    Kind("identity",    3,   _EVERYWHERE,  _matches(r"\d{16}")),  # NIK, KK; a card's 16 as well
    Kind("BPJS",        3,   _EVERYWHERE,  _matches(r"0\d{12}")),
    Kind("card",        3,   _EVERYWHERE,  _is_card),
    Kind("telephone",   3,   _STAFF,       _matches(_PHONE)),
)
NAMED: Final = (
    # kind            stays  covered in    what it is, where one of the words stands before it
    (Kind("identity",   3,   _EVERYWHERE,  _matches(r"\d{8,19}")),
     "nik|ktp|kk|bpjs|kis|jkn|kartu|card|paspor|passport|rekening|rek"),
    (Kind("telephone",  3,   _STAFF,       _matches(r"\d{7,15}")),
     "telp|telpon|telepon|telephone|phone|tel|hp|handphone|wa|whatsapp|mobile|kontak|hubungi"),
)
"""A number with a digit too many or too few is known by the word before it."""
# fmt: on

_SIGNS: Final = r"\s.\-\u2010-\u2015/()_~\u00ad\u200b-\u200f\u2060\ufeff"
_RUN: Final = re.compile(rf"(?<![0-9{COVER}])[0-9]+(?:[{_SIGNS}]{{1,4}}[0-9]+)*")
"""Digits, with what people put between them. What is left of a covered number begins none."""
_GROUP: Final = re.compile(r"[0-9]+")
_PLUS: Final = re.compile(rf"\+[{_SIGNS}]{{0,3}}\Z")
_MOST_GROUPS: Final = 20
_NEAR: Final = 48
_LINK: Final = r"[\s.:#=\-]"
_BEFORE: Final = tuple(
    (
        kind,
        re.compile(rf"(?<![a-z])(?:{words})(?:{_LINK}{{1,3}}[a-z]{{2,12}}){{0,3}}{_LINK}{{0,4}}\Z"),
    )
    for kind, words in NAMED
)
_APART: Final = re.compile(
    r"tkt[- ]?\d{8}[- ]?\d{4,}|(?<![a-z])(?:rp|idr)[\s.]{0,3}\d[\d.,]{0,24}", re.IGNORECASE
)
_LINKS: Final = re.compile(r"https?://\S{1,2000}")
_STAYS: Final = re.compile(
    r"20\d{6}-\d{4,5}"  # a report's number without its letters
    r"|(?:[12]\d{3}[-/.][01]?\d[-/.][0-3]?\d|[0-3]?\d[-/.][01]?\d[-/.](?:[12]\d)?\d\d)"  # a day
    r"(?:[\sT]{1,3}[0-2]?\d[.:][0-5]\d(?:[.:][0-5]\d)?)?"
    r"|[0-2]?\d[.:][0-5]\d(?:[.:][0-5]\d)?(?:\s?-\s?[0-2]?\d[.:][0-5]\d)?"  # a time, or two
    r"|[1-9]\d{0,2}(?:\.\d{3}){1,4}(?:,\d\d)?"  # an amount
)
_GOES_ON: Final = re.compile(rf"[{_SIGNS.removeprefix(chr(92) + 's')}]?[0-9]")
_DIGIT: Final = re.compile(r"\d")


def masked(text: str, place: Place, keep: Collection[str] = ()) -> str:
    """Cover the numbers that name a person; `keep` are telephones that everybody may read.

    Only digits are covered, each by a sign of its own: the text stays as long as it was. What is
    covered stays so when it is covered again. Linear in the length; never raises.
    """
    if _DIGIT.search(text) is None:
        return text
    plain, letters, kept = _plain(text, place), list(text), {_significant(each) for each in keep}
    for start, end, kind in _numbers(plain):
        digits = [at for at in range(start, end) if plain[at].isdigit()]
        if place not in kind.places:
            continue
        if kind.name == "telephone" and _significant(plain[start:end]) in kept:
            continue
        for at in digits[: -kind.stays]:
            letters[at] = COVER
    return "".join(letters)


def _numbers(plain: str) -> Iterator[tuple[int, int, Kind]]:
    """Find the numbers with their kinds; of several that begin together the longest."""
    for run in _RUN.finditer(plain):
        groups = [each.span() for each in _GROUP.finditer(plain, run.start(), run.end())]
        index = 0
        while index < len(groups):
            start = groups[index][0]
            found = _that_stays(plain, start) or _number_at(plain, groups, index)
            if found is None:
                index += 1
                continue
            end, kind = found
            if kind is not None:
                yield start, end, kind
            while index < len(groups) and groups[index][0] < end:
                index += 1


def _that_stays(plain: str, start: int) -> tuple[int, None] | None:
    """Return the end of a day, a time, an amount or a report's number that begins here."""
    found = _STAYS.match(plain, start)
    if found is None or _GOES_ON.match(plain, found.end()):
        return None
    return found.end(), None


def _number_at(plain: str, groups: list[tuple[int, int]], index: int) -> tuple[int, Kind] | None:
    start = groups[index][0]
    before = plain[max(0, start - _NEAR) : start]
    plus = "+" if _PLUS.search(before) else ""
    digits, ends = "", []
    for group in groups[index : index + _MOST_GROUPS]:
        digits += plain[slice(*group)][: _MOST + 1]
        if len(digits) > _MOST:
            break
        ends.append((digits, group[1]))
    named = [kind for kind, words in _BEFORE if words.search(before.casefold())]
    for written, end in reversed(ends):
        for kind in (*KINDS, *named):
            if kind.fits(written) or (plus and kind.fits(plus + written)):
                return end, kind
    return None


def _plain(text: str, place: Place) -> str:
    """Write every script's digits in ASCII, and what is apart as letters; as long as the text."""
    plain = text if text.isascii() else "".join(map(_digit, text))
    plain = _APART.sub(_lettered, plain)
    return _LINKS.sub(_lettered, plain) if place is Place.PERSON else plain


def _digit(letter: str) -> str:
    value = unicodedata.digit(letter, None)
    return letter if value is None or letter.isascii() else str(value)


def _lettered(found: re.Match[str]) -> str:
    return "x" * len(found[0])


def _significant(telephone: str) -> str:
    """Return what all spellings of a telephone number have in common."""
    digits = "".join(filter(str.isdigit, telephone))
    return digits.removeprefix("62").removeprefix("0")
