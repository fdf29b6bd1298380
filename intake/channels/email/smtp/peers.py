"""Who may come in, and how much: connections and mails counted by network, in this process."""

from collections.abc import Hashable
from dataclasses import dataclass, field

from core.ground.connections import Admission, Connections
from core.ground.network_buckets import NetworkBuckets
from intake.channels.email.smtp.limits import DoorLimits

CROWDED = 3 / 4
"""Of all places: from then on nobody keeps one for long without a word."""


@dataclass(slots=True)
class Peers:
    """Counts. Peers that are our own mail servers are `trusted`: they carry everybody's mail."""

    limits: DoorLimits
    trusted: frozenset[str] = frozenset()
    _inside: Connections[Hashable] = field(init=False)
    _mails: NetworkBuckets = field(init=False)

    def __post_init__(self) -> None:
        """Have counts of one's own."""
        limits = self.limits
        self._inside = Connections(
            limits.connections, limits.connections_of_peer, limits.connections_of_wide_network
        )
        self._mails = NetworkBuckets(limits.mails)

    @property
    def are_many(self) -> bool:
        """Whether most places are taken."""
        return len(self._inside) > self.limits.connections.most * CROWDED

    def enter(self, who: Hashable, peer: str) -> Admission[Hashable]:
        """Let a connection in, or not. Whoever was let in has to `leave`."""
        return self._inside.enter(who, peer, exempt=peer in self.trusted)

    def touch(self, who: Hashable, *, busy: bool) -> None:
        """Hear something of a connection; a busy one is not put out for others."""
        self._inside.touch(who, busy=busy)

    def leave(self, who: Hashable) -> None:
        """Count a connection out."""
        self._inside.leave(who)

    def may_send(self, peer: str, now_seconds: float) -> bool:
        """Count one mail of a peer; False where it sends faster than it may."""
        return peer in self.trusted or self._mails.spend(peer, now_seconds)
