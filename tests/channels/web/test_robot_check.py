from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.channels.web.robot_check import PAGE_LIFETIME, PAUSE, Budget, RobotCheck, network_of
from intake.channels.web.seals import Seals

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
SECRET = b"a secret for tests"
CHECK = RobotCheck(stamps=Seals(SECRET, "stamp"), passes=Seals(SECRET, "pass"))
KEY = "a-form-of-somebody"


def admits(stamp: str = "", given: str = "", *, doubted: bool = False, after: timedelta) -> bool:
    return CHECK.admits(key=KEY, stamp=stamp, given=given, doubted=doubted, now=NOW + after)


def test_a_person_who_took_their_time_comes_in_at_once() -> None:
    stamp = CHECK.stamp(KEY, NOW)

    assert admits(stamp, after=PAUSE)
    assert admits(stamp, after=PAGE_LIFETIME)


@pytest.mark.parametrize(
    ("stamp", "after"),
    [
        (CHECK.stamp(KEY, NOW), PAUSE - timedelta(milliseconds=1)),
        (CHECK.stamp(KEY, NOW), PAGE_LIFETIME + timedelta(seconds=1)),
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


@given(st.text(max_size=300))
def test_no_text_is_a_seal_by_chance(text: str) -> None:
    assert Seals(SECRET, "stamp").open(text, NOW, PAGE_LIFETIME) is None


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=50), max_size=4))
def test_what_was_sealed_comes_back_for_its_own_purpose_only(facts: dict[str, str]) -> None:
    seals = Seals(SECRET, "one")
    text = seals.seal(NOW, **facts)

    opened = seals.open(text, NOW, timedelta(0))

    assert opened is not None
    assert (opened.facts, opened.made_at) == (facts, NOW)
    assert Seals(SECRET, "other").open(text, NOW, timedelta(0)) is None
    assert seals.open(text, NOW + timedelta(seconds=2), timedelta(seconds=1)) is None


def test_a_budget_refills_with_time() -> None:
    budget = Budget(burst=2, refill_per_second=1)

    spent = [budget.spend("192.0.2.1", NOW) for _ in range(3)]
    later = [budget.spend("192.0.2.1", NOW + timedelta(seconds=1)) for _ in range(2)]

    assert spent == [True, True, False]
    assert later == [True, False]


def test_networks_do_not_pay_for_each_other() -> None:
    budget = Budget(burst=1, refill_per_second=0)

    assert budget.spend("192.0.2.1", NOW)
    assert budget.spend("192.0.2.2", NOW)
    assert not budget.spend("192.0.2.1", NOW)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7/32"),
        ("nonsense", "unknown"),
        (None, "unknown"),
    ],
)
def test_a_network_is_what_one_subscriber_has(address: str | None, network: str) -> None:
    assert network == network_of(address)
