"""Buckets in memory: each network pays for itself, and time gives back."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.ground.limit import BucketLimit
from core.ground.network_buckets import MOST_NETWORKS, NetworkBuckets

AT = 1_795_400_000.0


def buckets(burst: int, refill_seconds: float) -> NetworkBuckets:
    refill = timedelta(seconds=refill_seconds)
    return NetworkBuckets(
        BucketLimit(
            name="a test", burst=burst, refill=refill, per="test", beyond="-", applied_in="-"
        )
    )


def test_a_bucket_refills_with_time() -> None:
    ours = buckets(burst=2, refill_seconds=1)

    assert [ours.spend("192.0.2.1", AT) for _ in range(3)] == [True, True, False]
    assert [ours.spend("192.0.2.1", AT + 1) for _ in range(2)] == [True, False]


def test_networks_do_not_pay_for_each_other() -> None:
    ours = buckets(burst=1, refill_seconds=100)

    assert ours.spend("192.0.2.1", AT)
    assert ours.spend("192.0.2.2", AT)
    assert not ours.spend("192.0.2.1", AT)
    assert not ours.spend("::ffff:192.0.2.1", AT)
    assert ours.spend("2001:db8::1", AT)
    assert not ours.spend("2001:db8::2", AT)


def test_many_are_spent_at_once_or_none_of_them() -> None:
    ours = buckets(burst=5, refill_seconds=100)

    assert not ours.spend("192.0.2.1", AT, 6)
    assert ours.spend("192.0.2.1", AT, 4)
    assert not ours.spend("192.0.2.1", AT, 2)
    assert ours.spend("192.0.2.1", AT)


def test_a_network_unheard_for_long_is_forgotten() -> None:
    ours = buckets(burst=1, refill_seconds=100)

    for number in range(MOST_NETWORKS + 50):
        assert ours.spend(f"198.{number >> 14}.{number >> 7 & 127}.{number & 127}", AT)

    assert len(ours._full_at) == MOST_NETWORKS
    assert ours.spend("198.0.0.0", AT)
    assert not ours.spend("198.0.0.60", AT)


def test_a_clock_that_goes_back_keeps_nobody_out() -> None:
    ours = buckets(burst=3, refill_seconds=1)

    assert all(ours.spend("192.0.2.1", AT + 3600) for _ in range(3))
    assert all(ours.spend("192.0.2.1", AT) for _ in range(3))
    assert not ours.spend("192.0.2.1", AT)


@given(st.integers(1, 5), st.lists(st.integers(0, 8), max_size=30))
def test_never_more_than_the_burst_and_what_was_refilled(burst: int, pauses: list[int]) -> None:
    ours, now, left, last = buckets(burst, refill_seconds=2), AT, float(burst), AT

    for pause in pauses:
        now += pause
        left, last = min(left + (now - last) / 2, burst), now
        assert ours.spend("192.0.2.1", now) is (left >= 1)
        left -= left >= 1
