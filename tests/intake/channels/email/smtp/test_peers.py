from dataclasses import replace
from datetime import timedelta

from core.ground.rate_limits import MAILS
from intake.channels.email.smtp.limits import DoorLimits
from intake.channels.email.smtp.peers import Peers


def test_connections_of_one_network_are_counted_together() -> None:
    peers = Peers(DoorLimits(connections_per_peer=2))

    assert [peers.enter(f"2001:db8::{host}") for host in (1, 2, 3)] == [True, True, False]
    assert [peers.enter(f"192.0.2.{host}") for host in (1, 2, 1)] == [True] * 3
    assert not peers.enter("::ffff:192.0.2.1")


def test_the_whole_door_has_a_cap_even_for_our_own_servers() -> None:
    peers = Peers(DoorLimits(connections=2), frozenset({"127.0.0.1"}))

    assert [peers.enter("127.0.0.1") for _ in range(3)] == [True, True, False]
    peers.leave("127.0.0.1")
    assert peers.enter("192.0.2.1")


def test_a_peer_has_a_pace_and_a_server_of_ours_has_none() -> None:
    mails = replace(MAILS, burst=1, refill=timedelta(minutes=1))
    peers = Peers(DoorLimits(mails=mails), frozenset({"127.0.0.1"}))

    assert [peers.may_send("192.0.2.1", at) for at in (0.0, 59.0, 60.0)] == [True, False, True]
    assert [peers.may_send("127.0.0.1", 0.0) for _ in range(3)] == [True] * 3
