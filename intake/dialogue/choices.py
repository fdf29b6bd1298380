"""Choices: which of the offered buttons typed words mean, and what only greets."""

import re

from rapidfuzz import fuzz, process

from intake.dialogue import wording
from intake.dialogue.courtesy import without_thanks
from intake.dialogue.replies import Choice, Say
from intake.dialogue.spelling import plain

_LONGEST = 48
"""A longer text is never a choice."""
_ALIKE, _SHORTEST = 86, 5
"""A typo may cost this much, and only in words of this length."""
_NUMBER = re.compile(r"(?:no|nomor|number|pilihan|option)? ?(\d{1,2})")


def match(typed: str, say: Say) -> Choice | None:
    """Return the choice that was meant by id, number or label; None if it is not clear."""
    words = plain(typed)
    if not words or len(words) > _LONGEST:
        return None
    return _numbered(words, say) or _named(words, say) or _misspelt(words, say)


def greets(typed: str) -> bool:
    """Tell whether a text only greets."""
    return _only(typed, wording.aliases("greeting"))


def bare(words: str) -> str:
    """Drop the words that only make a wish polite: "saya mau lapor dong" means "lapor"."""
    fillers = wording.aliases("filler")
    return " ".join(word for word in words.split() if word not in fillers)


def _numbered(words: str, say: Say) -> Choice | None:
    number = _NUMBER.fullmatch(words) if say.numbers else None
    if number is None:
        return None
    place = int(number[1]) - 1
    return say.choices[place] if 0 <= place < len(say.choices) else None


def _named(words: str, say: Say) -> Choice | None:
    thankless = without_thanks(words)
    wanted = {words, bare(words), thankless, bare(thankless)} - {""}
    for choice in say.choices:
        if wanted & (wording.names_of(choice) | {choice.id.replace("-", " ")}):
            return choice
    return None


def _misspelt(words: str, say: Say) -> Choice | None:
    """Return the one choice whose name is nearly what was typed."""
    wanted = bare(words) or words
    if len(wanted) < _SHORTEST:
        return None
    near = [choice for choice in say.choices if _alike(wanted, choice)]
    return near[0] if len(near) == 1 else None


def _alike(words: str, choice: Choice) -> bool:
    names = [name for name in wording.names_of(choice) if len(name) >= _SHORTEST]
    return process.extractOne(words, names, scorer=fuzz.ratio, score_cutoff=_ALIKE) is not None


def _only(typed: str, phrases: frozenset[str]) -> bool:
    """Tell whether a short text is made of these phrases and of names for staff alone."""
    rest = plain(typed)
    if not rest or len(rest) > _LONGEST:
        return False
    for phrase in sorted(phrases, key=len, reverse=True):
        rest = re.sub(rf"\b{re.escape(phrase)}\b", " ", rest)
    named = wording.aliases("address")
    left = rest.split()
    return all(word in named for word in left) and left != plain(typed).split()
