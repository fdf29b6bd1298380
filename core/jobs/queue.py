"""A queue: a table whose rows fall due, what a worker gets of a row, and how its work is bounded.

Every queue is worked off by the same statements (`core/jobs/statements.py`) and verbs
(`core/jobs/leasing.py`); a table says by a `JobQueue` how it differs.
"""

import functools
import re
from dataclasses import dataclass
from datetime import timedelta

QUEUED_LEASE = timedelta(seconds=8)
"""How long a row may wait in a broker before it is told once more; a repeat there is harmless."""
HELD_LEASE = timedelta(seconds=10)
"""How long a worker that is not heard of keeps others away. Living ones renew it."""
RENEWED_EVERY = timedelta(seconds=3)
TOO_LONG_A_LEASE = timedelta(minutes=1)
TOO_FAR_AWAY = timedelta(hours=15)
"""Longer than any lease, and any wait, of ours: what is further away a wrong clock has written."""
MOST_LOSSES = 4
"""Workers in a row that a row may take down, before it is given up as poison."""

_WORDS = re.compile(r"\b(QUEUE|HELD|UNDER_WAY|PATIENCE|READS|RESULTS)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class JobQueue:
    """One table of due rows: the columns of `core.jobs.due.Due`, and a `lane`."""

    topic: str
    """The bell's topic for new rows, and the broker's queue."""
    table: str
    held: str
    """The status of a row that a worker holds."""
    reads: str
    """SQL of the row `q`: what a worker gets with its claim."""
    patience: str
    """SQL of the row `q`: the schedule (`core/jobs/retry_schedule.py`) by which it is tried."""
    results: tuple[str, ...] = ()
    """Columns that settling may fill; what is NULL leaves them as they are."""

    @property
    def under_way(self) -> tuple[str, ...]:
        """The statuses in which a row holds back those behind it in its lane."""
        return ("pending", "queued", self.held)

    def sql(self, statement: str) -> str:
        """Return a statement of `core/jobs/statements.py` for this table."""
        return _for(self, statement)


@functools.cache
def _for(queue: JobQueue, statement: str) -> str:
    words = {
        "QUEUE": queue.table,
        "HELD": f"'{queue.held}'",
        "UNDER_WAY": f"('pending', 'queued', '{queue.held}')",
        "PATIENCE": queue.patience,
        "READS": queue.reads,
        "RESULTS": "".join(
            f", {column} = coalesce(${number}, {column})"
            for number, column in enumerate(queue.results, start=8)
        ),
    }
    return _WORDS.sub(lambda found: words[found[1]], statement)
