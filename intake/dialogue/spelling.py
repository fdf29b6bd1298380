"""Plain spelling: typed words as they are compared, never as they are kept."""

import re
import unicodedata

_NOT_A_WORD = re.compile(r"[\W_]+")
_LENGTHENED = re.compile(r"([^\W\d])\1{2,}")


def plain(text: str) -> str:
    """Return lower-case words with single spaces: no emoji, marks, or lengthened letters.

    >>> plain("  Lanjuuut!! 👍 ")
    'lanjut'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _LENGTHENED.sub(r"\1", _NOT_A_WORD.sub(" ", folded)).strip()
