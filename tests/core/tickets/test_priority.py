import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tickets.priority import priority_of

ORDER = ("low", "medium", "high", "critical")
GRADES = (None, "", "green", "yellow", "red")


@pytest.mark.parametrize(
    ("urgency", "priorities"),
    [
        # what each urgency comes to with: no grade, none yet, green, yellow, red
        (1, "low low low high critical"),
        (2, "low low low high critical"),
        (3, "medium medium medium high critical"),
        (4, "high high high high critical"),
        (5, "critical critical critical critical critical"),
    ],
)
def test_urgency_and_grade_come_to_this_priority(urgency: int, priorities: str) -> None:
    assert [priority_of(urgency, grade) for grade in GRADES] == priorities.split()


@given(st.integers(1, 5), st.sampled_from(GRADES))
def test_priority_never_falls_below_what_the_grade_calls_for(
    urgency: int, grade: str | None
) -> None:
    together = ORDER.index(priority_of(urgency, grade))

    assert together >= ORDER.index(priority_of(urgency))
    assert together >= ORDER.index(priority_of(1, grade))
