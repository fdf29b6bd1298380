from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ground.errors import DeliveryError, Reason
from core.jobs.queue import TOO_FAR_AWAY
from core.jobs.retry_schedule import (
    LONGEST_ASKED,
    SCHEDULES,
    FailureOutcome,
    after_failure,
    backoff,
    next_attempt,
)
from tests.builders import MONDAY

LATER = [reason for reason in Reason if DeliveryError(reason).retryable]
NEVER = [reason for reason in Reason if not DeliveryError(reason).retryable]


def decide(error: DeliveryError, attempts: int = 1, **changes: object) -> FailureOutcome:
    facts: dict[str, object] = {
        "patience": "days",
        "attempts": attempts,
        "since": MONDAY,
        "now": MONDAY,
        "chance": lambda: 0.5,
    }
    return after_failure(error, **(facts | changes))  # type: ignore[arg-type]  # a builder


@pytest.mark.parametrize("reason", LATER)
def test_what_may_pass_is_tried_again(reason: Reason) -> None:
    outcome = decide(DeliveryError(reason, "code 1"))

    assert outcome.status == "pending"
    assert outcome.error == f"{reason}: code 1"
    assert outcome.next_attempt_at == MONDAY + timedelta(minutes=1)


@pytest.mark.parametrize("reason", NEVER)
def test_what_is_refused_for_good_fails_at_once(reason: Reason) -> None:
    outcome = decide(DeliveryError(reason, "code 5"))

    assert outcome == FailureOutcome(
        status="failed", next_attempt_at=MONDAY, error=f"{reason}: code 5"
    )


def test_a_wait_that_the_provider_names_is_kept_exactly() -> None:
    error = DeliveryError(Reason.THROTTLED, retry_after=timedelta(seconds=37.5))

    assert decide(error).next_attempt_at == MONDAY + timedelta(seconds=37.5)


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 48), (0.5, 60), (1.0, 72)])
def test_our_own_wait_is_spread_by_a_fifth(chance: float, seconds: float) -> None:
    outcome = decide(DeliveryError(Reason.UNREACHABLE), chance=lambda: chance)

    assert outcome.next_attempt_at - MONDAY == pytest.approx(
        timedelta(seconds=seconds), abs=timedelta(milliseconds=1)
    )


@pytest.mark.parametrize(("patience", "attempts"), [("days", 40), ("hours", 200)])
def test_patience_ends_by_attempts(patience: str, attempts: int) -> None:
    error = DeliveryError(Reason.UNREACHABLE, "code 1")

    last = decide(error, attempts - 1, patience=patience)
    ended = decide(error, attempts, patience=patience)

    assert last.status == "pending"
    assert ended == FailureOutcome(
        status="dead", next_attempt_at=MONDAY, error="unreachable: code 1"
    )


@pytest.mark.parametrize(("patience", "hours"), [("days", 120), ("hours", 24)])
def test_patience_ends_by_age(patience: str, hours: int) -> None:
    error = DeliveryError(Reason.UNREACHABLE)
    end = MONDAY + timedelta(hours=hours)

    assert decide(error, patience=patience, now=end - timedelta(seconds=1)).status == "pending"
    assert decide(error, patience=patience, now=end).status == "dead"


def test_who_moved_is_followed_at_once_but_not_for_ever() -> None:
    error = DeliveryError(Reason.MOVED, new_address="chat-2")

    assert decide(error) == FailureOutcome(status="pending", next_attempt_at=MONDAY, error="moved")
    assert decide(error, patience="hours", attempts=SCHEDULES["hours"].attempts).status == "dead"


@pytest.mark.parametrize(
    ("patience", "seconds"),
    [
        ("reading", [10, 10, 50, 250, 300, 300]),
        ("fetching", [5, 5, 25, 125, 625, 3125, 15625, 21600, 21600]),
        ("days", [60, 60, 120, 240, 480, 960, 1920, 3840, 7680, 14400, 14400]),
        ("hours", [5, 5, 10, 20, 40, 80, 160, 320, 600, 600, 600]),
    ],
)
def test_each_wait_is_longer_than_the_one_before_up_to_the_longest(
    patience: str, seconds: list[int]
) -> None:
    waits = [backoff(SCHEDULES[patience], attempts) for attempts in range(len(seconds))]

    assert waits == [timedelta(seconds=wait) for wait in seconds]


@given(st.integers(0, 10_000))
def test_waits_grow_to_the_longest_and_no_further(attempts: int) -> None:
    for schedule in SCHEDULES.values():
        wait = backoff(schedule, attempts)

        assert schedule.first <= wait <= schedule.longest
        assert wait <= backoff(schedule, attempts + 1)


@given(st.integers(0, 300), st.integers(0, 200))
def test_once_used_up_patience_stays_used_up(attempts: int, hours: int) -> None:
    now = MONDAY + timedelta(hours=hours)

    if next_attempt("days", attempts=attempts, since=MONDAY, now=now) is None:
        later = now + timedelta(hours=1)
        assert next_attempt("days", attempts=attempts + 1, since=MONDAY, now=later) is None


def test_a_provider_that_asks_for_weeks_is_asked_again_after_half_a_day() -> None:
    error = DeliveryError(Reason.THROTTLED, retry_after=timedelta(days=30))

    assert decide(error).next_attempt_at == MONDAY + timedelta(hours=12)


def test_no_wait_of_ours_is_taken_for_one_that_a_wrong_clock_wrote() -> None:
    longest = max(schedule.longest for schedule in SCHEDULES.values()) * 1.2

    assert max(longest, LONGEST_ASKED) < TOO_FAR_AWAY
