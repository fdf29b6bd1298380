"""Places at a door, shared by networks and the wide networks around them."""

from core.ground.connections import Connections
from core.ground.limit import Cap


def of(all_: int, of_network: int, of_wide: int) -> Connections[int]:
    return Connections(
        *(
            Cap(name=name, most=most, per="a test", beyond="it goes", applied_in="here")
            for name, most in (("all", all_), ("network", of_network), ("wide", of_wide))
        )
    )


def test_connections_of_one_network_are_counted_together() -> None:
    inside = of(9, 2, 9)

    came = [inside.enter(n, f"2001:db8::{n}") for n in (1, 2, 3)]

    assert [one.put_out for one in came] == [(), (), (1,)]
    assert [limit.name for limit in came[-1].limits] == ["network"]
    assert [inside.enter(n, f"192.0.2.{n}").put_out for n in (4, 5)] == [(), ()]
    assert inside.enter(6, "::ffff:192.0.2.4").entered
    assert inside.enter(7, "192.0.2.4").put_out == (4,)


def test_a_wide_network_has_a_share_however_many_addresses_it_has() -> None:
    inside = of(99, 9, 3)

    assert [inside.enter(n, f"192.0.2.{n}").put_out for n in (1, 2, 3, 4)] == [(), (), (), (1,)]
    assert [inside.enter(n, f"2001:db8:0:{n}::1").put_out for n in (5, 6, 7, 8)][-1] == (5,)
    assert len(inside) == 6


def test_in_a_full_house_the_idlest_of_the_greediest_makes_room() -> None:
    inside = of(4, 9, 9)
    for who, address in enumerate(["192.0.2.1", "198.51.100.1", "198.51.100.2", "198.51.100.3"]):
        inside.enter(who, address)
    inside.touch(1, busy=False)

    came = inside.enter(4, "203.0.113.1")

    assert (came.entered, came.put_out) == (True, (2,))
    assert [limit.name for limit in came.limits] == ["all"]


def test_nobody_busy_is_put_out_and_nobody_who_holds_less() -> None:
    inside = of(2, 9, 9)
    for who in (0, 1):
        inside.enter(who, f"192.0.2.{who}")
        inside.touch(who, busy=True)

    assert not inside.enter(2, "203.0.113.1").entered
    inside.leave(0)
    assert inside.enter(3, "203.0.113.1").entered
    assert not inside.enter(4, "192.0.2.9").entered
    assert inside.enter(5, "203.0.113.2").put_out == (3,)


def test_our_own_servers_have_no_share_and_are_not_put_out() -> None:
    inside = of(3, 1, 1)

    assert [inside.enter(who, "10.0.0.1", exempt=True).entered for who in (0, 1, 2)] == [True] * 3
    assert not inside.enter(3, "192.0.2.1").entered
    inside.leave(0)
    assert inside.enter(3, "192.0.2.1").entered
    assert len(inside) == 3
