"""How near a deadline is, as a row of a queue says it."""

from datetime import UTC, datetime, timedelta

import pytest

from intake.console.inbox.queues import urgency


@pytest.mark.parametrize(
    ("hours", "owed", "says"),
    [
        (9, True, "calm"),
        (8, True, "soon"),
        (0, True, "soon"),
        (-1, True, "late"),
        (-1, False, "over"),
    ],
)
def test_a_clock_turns_amber_within_a_shift_and_then_red(hours: int, owed: bool, says: str) -> None:
    now = datetime(2026, 11, 23, 3, tzinfo=UTC)

    assert urgency(now + timedelta(hours=hours), now, owed=owed) == says
