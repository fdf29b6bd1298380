"""What was refused because somebody asked for too much: counted by the limit, until written down.

Only which limit and how often: whom it met is nobody's affair afterwards. Pure.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.ground.limit import Limit


@dataclass(slots=True)
class Refusals:
    """The refusals of one process that are not written down yet."""

    _counts: Counter[str] = field(default_factory=Counter)

    def note(self, limit: Limit, times: int = 1) -> None:
        """Count what a limit refused, or put off, just now."""
        self._counts[limit.name] += times

    def take(self) -> dict[str, int]:
        """Return what was counted, by the name of the limit, and begin anew."""
        counts, self._counts = dict(self._counts), Counter()
        return counts

    def put_back(self, counts: Mapping[str, int]) -> None:
        """Count on with what could not be written down."""
        self._counts.update(counts)
