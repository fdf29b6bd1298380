from dataclasses import replace
from datetime import timedelta

from core.ground.rate_limits import MAILS
from intake.channels.email.smtp.limits import DoorLimits
from intake.channels.email.smtp.peers import Peers


def test_a_peer_has_a_pace_and_a_server_of_ours_has_none() -> None:
    mails = replace(MAILS, burst=1, refill=timedelta(minutes=1))
    peers = Peers(DoorLimits(mails=mails), frozenset({"127.0.0.1"}))

    assert [peers.may_send("192.0.2.1", at) for at in (0.0, 59.0, 60.0)] == [True, False, True]
    assert [peers.may_send("127.0.0.1", 0.0) for _ in range(3)] == [True] * 3
