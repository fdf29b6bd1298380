"""The tables as compiled patterns: every alternative is literal, so matching is linear."""

import re
from collections.abc import Iterable

_LETTERS_WITHOUT_SPACES = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def phrases(rows: Iterable[str]) -> tuple[str, ...]:
    """Return the alternatives of table rows in lower case, longest first."""
    found = {phrase.strip().lower() for row in rows for phrase in row.split("|")}
    return tuple(sorted(filter(None, found), key=lambda phrase: (-len(phrase), phrase)))


def any_of(rows: Iterable[str]) -> str:
    """Return a pattern for one of the phrases as whole words; blanks between words may vary."""
    return "(?:" + "|".join(_whole(phrase) for phrase in phrases(rows)) + ")"


def _whole(phrase: str) -> str:
    pattern = re.escape(phrase).replace(r"\ ", r"\s{1,3}")
    if _LETTERS_WITHOUT_SPACES.search(phrase):
        return pattern
    before = r"(?<!\w)" if phrase[:1].isalnum() else ""
    after = r"(?!\w)" if phrase[-1:].isalnum() else ""
    return before + pattern + after
