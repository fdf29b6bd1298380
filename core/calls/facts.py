"""By what a caller is known to be whom a report is from: the table of facts, and how they compare.

Two facts must be right, none of those told may be wrong, and one of them must be a strong one: a
neighbour knows a name and a day. None of them is shown to an agent before the proof; unit, status
and promise are, and prove nothing. A report without a name is proven by its code alone. Pure.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from rapidfuzz import fuzz

NEEDED: Final = 2
_SIMILAR: Final = 85.0
_SHORTEST: Final = 4
"""Names shorter than this are compared letter by letter: Adi is not Edi."""

_FORMS_OF_ADDRESS: Final = frozenset(
    {"bapak", "bpk", "pak", "ibu", "bu", "saudara", "saudari", "sdr", "sdri", "tuan", "tn"}
    | {"nyonya", "ny", "nona", "nn", "haji", "hj", "h", "mr", "mrs", "ms", "miss", "dr", "drs"}
)
_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldFacts:
    """What a caller told; None or empty where they told nothing."""

    telephone: str | None = None
    """In E.164 form."""
    email: str | None = None
    """As a mailbox."""
    name: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFacts:
    """What stands on a report."""

    telephones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    name: str | None = None
    day: date | None = None
    is_anonymous: bool = False


class _Fact(NamedTuple):
    is_strong: bool
    is_told: Callable[[ToldFacts], bool]
    is_right: Callable[[ToldFacts, KnownFacts], bool]


FACTS: Final = {
    # fact         strong  told                              right
    "telephone": _Fact(True, lambda t: bool(t.telephone), lambda t, k: t.telephone in k.telephones),
    "email": _Fact(True, lambda t: bool(t.email), lambda t, k: t.email in k.emails),
    "name": _Fact(
        False, lambda t: bool(t.name.strip()), lambda t, k: is_same_person(t.name, k.name)
    ),
    "day": _Fact(False, lambda t: t.day is not None, lambda t, k: t.day == k.day),
}


def proves(told: ToldFacts, known: KnownFacts) -> bool:
    """Say whether what was told proves whose report it is."""
    if known.is_anonymous:
        return False
    facts = [fact for fact in FACTS.values() if fact.is_told(told)]
    return (
        len(facts) >= NEEDED
        and any(fact.is_strong for fact in facts)
        and all(fact.is_right(told, known) for fact in facts)
    )


def is_same_person(said: str, known: str | None) -> bool:
    """Say whether a name told on the telephone is the one on the ticket.

    Two names must agree (one, where the ticket has only one), in any order and case, spelled as
    they are heard; forms of address do not count, and no name may be said that is not there.
    """
    told, there = _names(said), _names(known or "")
    if not told or len(told) < min(2, len(there)):
        return False
    left = set(there)
    for name in sorted(told):
        found = (
            name
            if name in left
            else next((each for each in sorted(left) if _alike(name, each)), None)
        )
        if found is None:
            return False
        left.remove(found)
    return True


def _alike(one: str, other: str) -> bool:
    is_long = min(len(one), len(other)) >= _SHORTEST
    return is_long and fuzz.ratio(one, other) >= _SIMILAR


def _names(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text[:200].casefold())) - _FORMS_OF_ADDRESS
