"""What the limits refused lately, as an operator sees it: each row of the table with its counts."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.ground.limit import Limit
from core.ground.rate_limits import LIMITS
from core.ground.refusal_ledger import Refused, refused_since
from core.runtime import Runtime

DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitLately:
    """A limit, and how often it refused."""

    limit: Limit
    in_day: int
    in_week: int
    latest: datetime | None
    """The hour in which it refused last, within the week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedLately:
    """The whole table, and the last day hour by hour, the newest first."""

    limits: tuple[LimitLately, ...]
    hours: tuple[Refused, ...]


async def refused_lately(runtime: Runtime) -> RefusedLately:
    """Read it. Raises DatabaseAwayError."""
    now = runtime.clock()
    written = await refused_since(runtime.database, now - WEEK)
    hours = tuple(row for row in written if row.hour > now - DAY)
    in_day, in_week = _counted(hours), _counted(written)
    latest = {row.name: row.hour for row in reversed(written)}
    return RefusedLately(
        limits=tuple(
            LimitLately(
                limit=limit,
                in_day=in_day[limit.name],
                in_week=in_week[limit.name],
                latest=latest.get(limit.name),
            )
            for limit in LIMITS
        ),
        hours=hours,
    )


def _counted(rows: tuple[Refused, ...]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row.name] += row.times
    return counts
