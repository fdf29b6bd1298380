"""How long what is due is tried, and how far apart: a table and pure decisions."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.ground.errors import DeliveryError, Reason


@dataclass(frozen=True, slots=True)
class RetrySchedule:
    """The first wait, grown each time up to the longest; given up after attempts or age."""

    first: timedelta
    growth: int
    longest: timedelta
    attempts: int
    age: timedelta


_FIVE_SECONDS = timedelta(seconds=5)

SCHEDULES: dict[str, RetrySchedule] = {
    # patience            first wait, × each         longest wait         attempts, age
    "hours": RetrySchedule(_FIVE_SECONDS, 2, timedelta(minutes=10), 200, timedelta(hours=24)),
    "days": RetrySchedule(timedelta(minutes=1), 2, timedelta(hours=4), 40, timedelta(days=5)),
    "reading": RetrySchedule(2 * _FIVE_SECONDS, 5, timedelta(minutes=5), 6, timedelta(days=5)),
    "fetching": RetrySchedule(_FIVE_SECONDS, 5, timedelta(hours=6), 10, timedelta(hours=24)),
}
"""`hours` and `days` are the patience that a channel declares (`channels.patience`): chats are
read within the day or not at all; mail waits as long as mail servers do (RFC 5321 §4.5.4.1: 4 to
5 days). Raw messages are `reading`, files that a chat announced `fetching`."""

LONGEST_ASKED = timedelta(hours=12)
"""A provider that asks for more is asked again after so long all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureOutcome:
    """What becomes of a delivery that was not accepted: later, or never."""

    status: str
    """`pending` (again at `next_attempt_at`), `failed` (refused) or `dead` (patience used up)."""
    next_attempt_at: datetime
    error: str


def after_failure(
    error: DeliveryError,
    *,
    patience: str,
    attempts: int,
    since: datetime,
    now: datetime,
    chance: Callable[[], float] = random.random,
) -> FailureOutcome:
    """Decide about a delivery whose attempt number `attempts` failed now.

    A wait that the provider named is kept exactly. `since` is when it was made or opened again.
    """
    if not error.retryable:
        return FailureOutcome(status="failed", next_attempt_at=now, error=str(error))
    at = next_attempt(patience, attempts=attempts, since=since, now=now, chance=chance)
    if at is None:
        return FailureOutcome(status="dead", next_attempt_at=now, error=str(error))
    if error.reason is Reason.MOVED and error.new_address:
        at = now
    elif error.retry_after is not None:
        at = now + min(error.retry_after, LONGEST_ASKED)
    return FailureOutcome(status="pending", next_attempt_at=at, error=str(error))


def next_attempt(
    patience: str,
    *,
    attempts: int,
    since: datetime,
    now: datetime,
    chance: Callable[[], float] = random.random,
) -> datetime | None:
    """Return when it is tried again after so many attempts, or None where that was all.

    Waits are spread by up to a fifth either way, so that what failed together does not come back
    together.
    """
    schedule = SCHEDULES[patience]
    if attempts >= schedule.attempts or now - since >= schedule.age:
        return None
    return now + backoff(schedule, attempts) * (0.8 + 0.4 * chance())


def backoff(schedule: RetrySchedule, attempts: int) -> timedelta:
    """Return the wait after so many attempts, before it is spread."""
    steps = min(max(attempts - 1, 0), 15)  # beyond the longest, and within what a timedelta holds
    grown: int = schedule.growth**steps
    return min(schedule.first * grown, schedule.longest)
