"""Phrases of words, found in one pass whatever their number.

A phrase is words side by side; `*` ends (or begins) a word freely; `(a|b c)` is a choice, and
`(a|b)?` may be left out; `..` allows up to three words between, `...` up to seven; a range as in
`[4-8][0-9]` is one of those digits, `[0-9]+` any number. Every phrase is looked for only where its
rarest word stands, so that a message costs the same however many there are.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, Final

REMEMBERED: Final = 16_384
"""Word forms of which it stays known what they fit: most words are the same few thousand."""

_PART: Final = re.compile(r"\.{2,3}|\)\?|[()|]|[^\s()|]+")
_OPEN: Final = re.compile(r"[*\[]")
_GAPS: Final = {"..": 3, "...": 7}

_Step = tuple[int, frozenset[str]]
"""How many words may stand before it, and the words that fit."""
_Item = Any
"""A gap, the words that fit one place, or a list of alternatives, each a list of items."""


@dataclass(frozen=True, slots=True)
class Found:
    """One phrase in one sentence: the place of its group, its first word, the word after it."""

    group: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Phrase:
    group: int
    steps: tuple[_Step, ...]
    rarest: int
    """The step that fewest phrases share: only where it stands the others are looked for."""


class Phrases:
    """Groups of phrases, ready to be found."""

    def __init__(self, groups: Sequence[Iterable[str]]) -> None:
        ways = [
            (place, steps)
            for place, phrases in enumerate(groups)
            for phrase in phrases
            for steps in _ways(phrase)
        ]
        used = Counter(word for _, steps in ways for _, fits in steps for word in fits)
        self._at: dict[str, list[_Phrase]] = {}
        for place, steps in ways:
            shared = [sum(used[word] for word in fits) for _, fits in steps]
            phrase = _Phrase(place, steps, shared.index(min(shared)))
            for word in steps[phrase.rarest][1]:
                self._at.setdefault(word, []).append(phrase)
        self._open = {word: _form(word) for word in sorted(used) if _OPEN.search(word)}
        self._exact = frozenset(used) - frozenset(self._open)
        self._known = lru_cache(maxsize=REMEMBERED)(self._of)

    def find(self, words: Sequence[str]) -> Iterator[Found]:
        """Yield what stands in a sentence, once for each place of its rarest word."""
        known = [self._known(word) for word in words]
        fits = [patterns for patterns, _ in known]
        for place, (_, phrases) in enumerate(known):
            for phrase in phrases:
                start = _before(fits, phrase, place)
                end = None if start is None else _after(fits, phrase, place)
                if start is not None and end is not None:
                    yield Found(phrase.group, start, end + 1)

    def _of(self, word: str) -> tuple[frozenset[str], tuple[_Phrase, ...]]:
        """Return the patterns a word fits, and the phrases that are looked for where it stands."""
        patterns = [pattern for pattern, form in self._open.items() if form.match(word)]
        patterns += [word] if word in self._exact else []
        phrases = [phrase for pattern in patterns for phrase in self._at.get(pattern, ())]
        return frozenset(patterns), tuple(dict.fromkeys(phrases))


def _form(word: str) -> re.Pattern[str]:
    """Return what fits a word with free ends or digits."""
    plain = re.sub(r"[^\w\[\]\-+*]", lambda each: re.escape(each[0]), word)
    return re.compile(plain.replace("*", r"\S*") + r"\Z")


def _before(fits: list[frozenset[str]], phrase: _Phrase, place: int) -> int | None:
    """Return where the steps before the rarest begin, as near as may be; None: nowhere."""

    def begin(at: int, place: int) -> int | None:
        if at == 0:
            return place
        gap, wanted = phrase.steps[at][0], phrase.steps[at - 1][1]
        for before in range(place - 1, max(place - gap - 2, -1), -1):
            if not wanted.isdisjoint(fits[before]):
                start = begin(at - 1, before)
                if start is not None:
                    return start
        return None

    return begin(phrase.rarest, place)


def _after(fits: list[frozenset[str]], phrase: _Phrase, place: int) -> int | None:
    """Return where the steps after the rarest end, as near as may be; None: nowhere."""

    def end(at: int, place: int) -> int | None:
        if at == len(phrase.steps):
            return place
        gap, wanted = phrase.steps[at]
        for after in range(place + 1, min(place + gap + 2, len(fits))):
            if not wanted.isdisjoint(fits[after]):
                last = end(at + 1, after)
                if last is not None:
                    return last
        return None

    return end(phrase.rarest + 1, place)


def _ways(phrase: str) -> Iterator[tuple[_Step, ...]]:
    """Yield a phrase without its choices of several words: one sequence of steps for each."""
    for way in _flat(_read(iter(_PART.findall(phrase)))):
        steps: list[_Step] = []
        gap = 0
        for item in way:
            if isinstance(item, int):
                gap = item
            else:
                steps.append((gap, item))
                gap = 0
        yield tuple(steps)


def _read(parts: Iterator[str]) -> list[list[_Item]]:
    """Read alternatives up to the closing bracket or the end."""
    alternatives: list[list[_Item]] = [[]]
    for part in parts:
        if part == ")?":
            alternatives.append([])
        if part in {")", ")?"}:
            break
        if part == "|":
            alternatives.append([])
        elif part == "(":
            alternatives[-1].append(_read(parts))
        else:
            alternatives[-1].append(_GAPS.get(part) or frozenset({part}))
    return alternatives


def _flat(alternatives: list[list[_Item]]) -> Iterator[list[int | frozenset[str]]]:
    """Yield each alternative without brackets; single words beside each other are one step."""
    single: set[str] = set()
    for items in alternatives:
        parts = [list(_flat(item)) if isinstance(item, list) else [[item]] for item in items]
        for chosen in product(*parts):
            flat = [step for part in chosen for step in part]
            if len(flat) == 1 and isinstance(flat[0], frozenset):
                single |= flat[0]
            else:
                yield flat
    if single:
        yield [frozenset(single)]
