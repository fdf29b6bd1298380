"""Identifiers."""

from core.ground.ids import uuid7


def test_identifiers_are_version_seven_and_ordered_by_time() -> None:
    made = [uuid7() for _ in range(50)]

    assert {identifier.version for identifier in made} == {7}
    assert made[0].int >> 80 <= made[-1].int >> 80
