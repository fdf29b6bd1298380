"""The words of a message in regular spelling: chat spelling, lengthened letters, capitals.

Every word form is made regular once and remembered, so that a message costs one look-up a word.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Final

REMEMBERED: Final = 16_384
"""Word forms that stay made regular: most words of most messages are the same few thousand."""

_SENTENCE_END: Final = re.compile(r"[.!?;\n]+")
_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_LENGTHENED: Final = re.compile(r"([a-z])\1{2,}")
_DOUBLED: Final = re.compile(r"^([a-z]{3,})2$")


def sentences(text: str, regular: Callable[[str], str]) -> Iterator[list[str]]:
    """Yield each sentence as its words in regular spelling. Pure and linear; never raises."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    for sentence in _SENTENCE_END.split(plain):
        yield " ".join([regular(word) for word in _WORD.findall(sentence)]).split()


def speller(spelling: Mapping[str, str]) -> Callable[[str], str]:
    """Return what undoes chat spelling: `toloong`, `kejang2`, and what the table lists (`skrg`).

    What it returns may be two words (`kejang kejang`).
    """

    @lru_cache(maxsize=REMEMBERED)
    def regular(word: str) -> str:
        word = _LENGTHENED.sub(r"\1", word)
        doubled = _DOUBLED.match(word)
        word = spelling.get(word, word)
        return f"{doubled[1]} {doubled[1]}" if doubled and doubled[0] == word else word

    return regular
