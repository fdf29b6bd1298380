"""Who may come in, and how much: connections and mails counted per peer, in this process."""

from collections import Counter
from dataclasses import dataclass, field

from core.ground.ip_address import network_of
from core.ground.network_buckets import NetworkBuckets
from intake.channels.email.smtp.limits import DoorLimits


@dataclass(slots=True)
class Peers:
    """Counts. Peers that are our own mail servers are `trusted`: they carry everybody's mail."""

    limits: DoorLimits
    trusted: frozenset[str] = frozenset()
    closing: bool = False
    _inside: Counter[str] = field(default_factory=Counter)
    _mails: NetworkBuckets = field(init=False)

    def __post_init__(self) -> None:
        """Have buckets of one's own."""
        self._mails = NetworkBuckets(self.limits.mails)

    def enter(self, peer: str) -> bool:
        """Let a connection in, or not. Whoever was let in has to `leave`."""
        network = network_of(peer)
        if self.closing or self._inside.total() >= self.limits.connections:
            return False
        crowded = self._inside[network] >= self.limits.connections_per_peer
        if crowded and peer not in self.trusted:
            return False
        self._inside[network] += 1
        return True

    def leave(self, peer: str) -> None:
        """Count a connection out."""
        network = network_of(peer)
        self._inside[network] -= 1
        if self._inside[network] <= 0:
            del self._inside[network]

    def may_send(self, peer: str, now_seconds: float) -> bool:
        """Count one mail of a peer; False where it sends faster than it may."""
        return peer in self.trusted or self._mails.spend(peer, now_seconds)
