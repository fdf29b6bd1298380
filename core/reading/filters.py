"""Which tickets somebody wants to see: a queue, and what narrows it. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Final, Self

from core.deadlines.by_grade import GRADES
from core.ground.text import clean_line
from core.tickets.lifecycle import Status
from core.tickets.submission import KINDS

QUEUE_NAMES: Final = ("triage", "unit", "mine", "soon", "overdue", "waiting", "undelivered", "all")
NOT_GRADED: Final = "none"
GRADES_WANTED: Final = (*GRADES, NOT_GRADED)
LONGEST_WORDS: Final = 200
"""Characters of a search."""

_CODE: Final = re.compile(r"[A-Za-z0-9_-]{1,30}", re.ASCII)

_FIT: Final[Mapping[str, Callable[[str], bool]]] = {
    "queue": QUEUE_NAMES.__contains__,
    "unit": lambda text: _CODE.fullmatch(text) is not None,
    "status": frozenset(Status).__contains__,
    "source": lambda text: _CODE.fullmatch(text) is not None,
    "grade": GRADES_WANTED.__contains__,
    "kind": KINDS.__contains__,
    "words": lambda text: len(text) <= LONGEST_WORDS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A queue and its filters; what is empty does not filter."""

    queue: str = ""
    """Empty: the reader's own first queue."""
    unit: str = ""
    """A unit's code; units below it are not meant."""
    status: str = ""
    source: str = ""
    grade: str = ""
    kind: str = ""
    words: str = ""

    @classmethod
    def read(cls, given: Mapping[str, object]) -> Self:
        """Read what was asked for; what cannot be is left out."""
        texts = {name: clean_line(str(given.get(name) or "")) for name in _FIT}
        texts["words"] = texts["words"][:LONGEST_WORDS]
        return cls(**{name: text for name, text in texts.items() if text and _FIT[name](text)})

    def facts(self, *, words: bool = False) -> dict[str, str]:
        """Return what is wanted, without what is empty; the words only where they may be kept.

        Words are what people said or are called: they never stand in an address.
        """
        names = (field.name for field in fields(self) if words or field.name != "words")
        return {name: text for name in names if (text := getattr(self, name))}

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the queue is asked for."""
        return bool(set(self.facts(words=True)) - {"queue"})
