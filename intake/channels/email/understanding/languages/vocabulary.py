"""Tables of phrases as compiled patterns.

A table is text that a person can read and mend: lines and ` | ` divide the phrases. Every pattern
made here is a list of alternatives without nested repetition, so matching takes linear time.
"""

import re
from functools import cache

_DIVIDER = re.compile(r"\n|\s\|\s")
_WITHOUT_SPACES = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def phrases(table: str) -> tuple[str, ...]:
    """Return the phrases in lower case, longest first."""
    found = {phrase.strip().lower() for phrase in _DIVIDER.split(table)}
    return tuple(sorted(filter(None, found), key=lambda phrase: (-len(phrase), phrase)))


def any_of(table: str) -> str:
    """Return a pattern for one of the phrases as whole words; blanks between words may vary.

    Scripts without blanks between words have no word ends to ask for.
    """
    spaced = [phrase for phrase in phrases(table) if not _WITHOUT_SPACES.search(phrase)]
    unspaced = [phrase for phrase in phrases(table) if _WITHOUT_SPACES.search(phrase)]
    whole_words = r"(?<!\w)(?:" + "|".join(map(_literal, spaced)) + r")(?!\w)"
    return "(?:" + "|".join([whole_words, *map(_literal, unspaced)]) + ")"


def _literal(phrase: str) -> str:
    return re.escape(phrase).replace(r"\ ", r"\s{1,3}")


@cache
def says(table: str, *, begins: bool = False) -> re.Pattern[str]:
    """Compile phrases that are small patterns themselves: ` ... ` is a gap of up to 40 characters.

    `begins` asks for them at the beginning of a text.
    """
    gap = r".{0,40}?"
    found = (
        gap.join(re.sub(r"\s+", r"\\s{1,4}", part) for part in phrase.strip().split(" ... "))
        for phrase in _DIVIDER.split(table)
        if phrase.strip()
    )
    pattern = "|".join(f"(?:{phrase})" for phrase in found)
    return re.compile(rf"\A\s{{0,9}}(?:{pattern})" if begins else pattern, re.IGNORECASE)
