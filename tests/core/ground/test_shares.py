"""Places are shared by networks: a new one gets in, the greediest gives up what lies idle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ground.shares import Shares


def shares(cap: int = 5, per_network: int = 3) -> Shares[str]:
    return Shares(cap=cap, per_network=per_network)


def filled(*whos: str, cap: int = 5, per_network: int = 3) -> Shares[str]:
    """Fill places; the network is the first letter."""
    places = shares(cap, per_network)
    for who in whos:
        assert places.enter(who, who[0]).entered
    return places


def test_who_is_new_gets_a_place_of_the_greediest_network_the_longest_idle_first() -> None:
    places = filled("a1", "b1", "b2", "a2", "b3")

    entry = places.enter("c1", "c")

    assert (entry.entered, entry.full, entry.evicted) == (True, "all", "b1")
    assert len(places) == 5


def test_a_network_with_its_whole_share_gives_up_its_own() -> None:
    places = filled("a1", "a2", "a3", "b1")

    entry = places.enter("a4", "a")

    assert (entry.entered, entry.full, entry.evicted) == (True, "network", "a1")


def test_the_greediest_never_takes_from_one_that_holds_less() -> None:
    places = filled("a1", "b1", "b2", "c1", "d1", per_network=9)

    entry = places.enter("b3", "b")

    assert entry.evicted == "b1"


def test_what_is_busy_is_not_put_out_and_the_new_one_is_refused_where_nothing_is_idle() -> None:
    places = filled("b1", "b2", "b3", "a1", "a2")
    for who in ("b1", "b2", "b3"):
        places.touch(who, busy=True)

    assert places.enter("c1", "c").evicted == "a1"
    places.touch("a2", busy=True)
    places.touch("c1", busy=True)
    refused = places.enter("d1", "d")

    assert (refused.entered, refused.full, refused.evicted) == (False, "all", None)


def test_who_did_something_is_the_last_to_go() -> None:
    places = filled("b1", "b2", "b3", "a1", "a2")
    places.touch("b1", busy=False)

    assert places.enter("c1", "c").evicted == "b2"


def test_with_one_place_each_the_longest_idle_goes() -> None:
    places = filled("a1", "b1", "c1", "d1", "e1")

    assert places.enter("f1", "f").evicted == "a1"


def test_our_own_servers_have_no_share_and_are_not_put_out() -> None:
    places = shares(cap=5, per_network=1)
    for number in range(5):
        assert places.enter(f"o{number}", "o", exempt=True).evicted is None

    assert not places.enter("a1", "a").entered


def test_leaving_twice_counts_once() -> None:
    places = filled("a1", "a2", "a3")
    places.leave("a1")
    places.leave("a1")

    assert not places.enter("a4", "a").full
    assert places.enter("a5", "a").full == "network"


@pytest.mark.parametrize("busy", [False, True])
def test_no_share_is_ever_exceeded(busy: bool) -> None:
    places = shares(cap=7, per_network=4)
    for number in range(300):
        places.enter(f"{number}", str(number % 5 if number % 3 else 0), busy=busy)
        assert len(places) <= 7


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.booleans()), max_size=60))
def test_a_first_comer_is_let_in_while_anything_lies_idle(steps: list[tuple[str, bool]]) -> None:
    places = shares()
    for number, (network, busy) in enumerate(steps):
        places.enter(f"{network}{number}", network)
        if busy:
            places.touch(f"{network}{number}", busy=False)

    assert places.enter("z", "z").entered
