"""How long a notice is tried, and how far apart: a table and pure decisions."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.ground.errors import DeliveryError, Reason


@dataclass(frozen=True, slots=True)
class RetrySchedule:
    """The first wait, doubled each time up to the longest; given up after attempts or age."""

    first: timedelta
    longest: timedelta
    attempts: int
    age: timedelta


SCHEDULES: dict[str, RetrySchedule] = {
    # patience              first wait             longest wait       attempts   age
    "hours": RetrySchedule(timedelta(seconds=5), timedelta(minutes=10), 200, timedelta(hours=24)),
    "days": RetrySchedule(timedelta(minutes=1), timedelta(hours=4), 40, timedelta(days=5)),
}
"""By the patience that a channel declares (`channels.patience`). Chats are read within the day or
not at all; mail waits as long as mail servers do (RFC 5321 §4.5.4.1: 4 to 5 days)."""


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

    A wait that the provider named is kept exactly; ours is spread by up to a fifth either way, so
    that what failed together does not come back together. `since` is when the news happened.
    """
    schedule = SCHEDULES[patience]
    if not error.retryable:
        return FailureOutcome(status="failed", next_attempt_at=now, error=str(error))
    if is_used_up(patience, attempts, since, now):
        return FailureOutcome(status="dead", next_attempt_at=now, error=str(error))
    if error.reason is Reason.MOVED and error.new_address:
        return FailureOutcome(status="pending", next_attempt_at=now, error=str(error))
    wait = error.retry_after
    if wait is None:
        wait = backoff(schedule, attempts) * (0.8 + 0.4 * chance())
    return FailureOutcome(status="pending", next_attempt_at=now + wait, error=str(error))


def is_used_up(patience: str, attempts: int, since: datetime, now: datetime) -> bool:
    """Say whether so many attempts, or so long a time, are all that news gets."""
    schedule = SCHEDULES[patience]
    return attempts >= schedule.attempts or now - since >= schedule.age


def backoff(schedule: RetrySchedule, attempts: int) -> timedelta:
    """Return the wait after so many attempts, before it is spread."""
    doublings = min(max(attempts - 1, 0), 30)
    return min(schedule.first * (1 << doublings), schedule.longest)
