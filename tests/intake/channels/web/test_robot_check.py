from datetime import UTC, datetime, timedelta

import pytest

from core.ground.seals import FORM_STAMP
from core.ground.secret import Secret
from intake.channels.web.robot_check import PAUSE, RobotCheck

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
CHECK = RobotCheck(Secret.of(b"a secret for tests, and long enough"))
KEY = "a-form-of-somebody"


def admits(stamp: str = "", given: str = "", *, doubted: bool = False, after: timedelta) -> bool:
    return CHECK.admits(key=KEY, stamp=stamp, given=given, doubted=doubted, now=NOW + after)


def test_a_person_who_took_their_time_comes_in_at_once() -> None:
    stamp = CHECK.stamp(KEY, NOW)

    assert admits(stamp, after=PAUSE)
    assert admits(stamp, after=FORM_STAMP.lasts)


@pytest.mark.parametrize(
    ("stamp", "after"),
    [
        (CHECK.stamp(KEY, NOW), PAUSE - timedelta(milliseconds=1)),
        (CHECK.stamp(KEY, NOW), FORM_STAMP.lasts + timedelta(seconds=1)),
        (CHECK.stamp("another-form-altogether", NOW), PAUSE),
        (CHECK.grant(KEY, NOW), PAUSE),
        (CHECK.stamp(KEY, NOW)[:-1], PAUSE),
        ("", PAUSE),
    ],
)
def test_haste_and_forged_stamps_are_doubted(stamp: str, after: timedelta) -> None:
    assert not admits(stamp, after=after)


def test_a_pass_lets_in_whoever_was_doubted_after_a_pause() -> None:
    given = CHECK.grant(KEY, NOW)

    assert not admits(given=given, doubted=True, after=PAUSE / 2)
    assert admits(given=given, doubted=True, after=PAUSE)
    assert not admits(CHECK.stamp(KEY, NOW), doubted=True, after=PAUSE)
