"""Courtesy: thanks and assent, by what the words are made of. Evidence is whatever is left over.

A text is courtesy if nothing remains once thanks, assent, their intensifiers and forms of address
are taken away. "Ok, but it still hurts" leaves something, so it is words.
"""

import re
import unicodedata

from rapidfuzz import fuzz, process

from intake.dialogue import wording
from intake.dialogue.spelling import plain

_LONGEST = 60
"""Characters; a longer text tells something."""
_ALIKE, _SHORTEST = 84, 5
"""How near a misspelt word of thanks must be, and how long."""
_WARM = re.compile(
    r"THUMBS UP|FOLDED HANDS|OK HAND|HANDSHAKE|CLAPPING|RAISING BOTH HANDS|LOVE-YOU|SALUT"
    r"|HEART|SMIL|GRIN|HUGGING|KISS|BOUQUET|ROSE|BLOSSOM|FLOWER|SPARKLES|PARTY|CHECK MARK"
    r"|PERSON BOWING|FLEXED BICEPS|HUNDRED POINTS"
)
"""What thanks and assent are called among the emoji (Unicode character names)."""
_COLD = re.compile(r"BROKEN|WRY|INVERTED|THUMBS DOWN")
_JOINING = frozenset({"Mn", "Me", "Cf", "Sk", "Zs"})
"""Categories of what only changes or separates an emoji: skin tones, selectors, joiners."""


def thanks(typed: str) -> bool:
    """Tell whether a text only thanks or assents."""
    return _is_warm(typed) or _made_of(typed, _thanking() | _assenting())


def only_thanks(typed: str) -> bool:
    """Tell whether a text thanks and does not begin with yes or ok: it answers no question."""
    first = plain(typed).partition(" ")[0]
    return first not in _assenting() and _made_of(typed, _thanking())


def without_thanks(words: str) -> str:
    """Drop thanks from plain words: "sudah terima kasih" means "sudah"."""
    return _rest(words, _thanking())


def _is_warm(typed: str) -> bool:
    """Tell whether a text is nothing but emoji of thanks and assent."""
    marks = [each for each in typed if unicodedata.category(each) not in _JOINING]
    names = [unicodedata.name(each, "") for each in marks]
    return bool(names) and all(_WARM.search(name) and not _COLD.search(name) for name in names)


def _made_of(typed: str, phrases: frozenset[str]) -> bool:
    words = plain(typed)
    if not words or len(words) > _LONGEST or "?" in typed:
        return False
    rest = _rest(words, phrases)
    if rest == words and not any(_is_nearly_thanks(word) for word in words.split()):
        return False
    left = _rest(rest, wording.aliases("much")).split()
    return all(word in wording.aliases("address") or _is_nearly_thanks(word) for word in left)


def _rest(words: str, phrases: frozenset[str]) -> str:
    for phrase in sorted(phrases, key=len, reverse=True):
        words = re.sub(rf"\b{re.escape(phrase)}\b", " ", words)
    return " ".join(words.split())


def _is_nearly_thanks(word: str) -> bool:
    """Tell whether one word is a word of thanks with a letter too few or too many."""
    if len(word) < _SHORTEST:
        return False
    near = [each for each in _thanking() if len(each) >= _SHORTEST and " " not in each]
    return process.extractOne(word, near, scorer=fuzz.ratio, score_cutoff=_ALIKE) is not None


def _thanking() -> frozenset[str]:
    return wording.aliases("thanks")


def _assenting() -> frozenset[str]:
    return wording.aliases("assent")
