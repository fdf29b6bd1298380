from intake.channels.email.smtp.limits import DoorLimits
from intake.channels.email.smtp.peers import Peers, network_of


def test_an_ipv6_network_is_one_peer() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff")
    assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1")
    assert network_of("192.0.2.1") != network_of("192.0.2.2")
    assert network_of("local") == "local"


def test_the_whole_door_has_a_cap_even_for_our_own_servers() -> None:
    keeper = Peers(DoorLimits(connections=2), frozenset({"127.0.0.1"}))

    assert [keeper.enter("127.0.0.1") for _ in range(3)] == [True, True, False]
    keeper.leave("127.0.0.1")
    assert keeper.enter("192.0.2.1")


def test_a_peer_unheard_for_long_is_forgotten() -> None:
    keeper = Peers(DoorLimits(mails_per_peer=1, mails_per_minute=1))

    for number in range(10_050):
        assert keeper.may_send(f"198.{number >> 14}.{number >> 7 & 127}.{number & 127}", 0.0)

    assert len(keeper._paces) == 10_000
