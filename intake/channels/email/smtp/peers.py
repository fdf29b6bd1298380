"""Who may come in, and how much: connections and mails counted per peer, in this process."""

from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address, ip_network

from intake.channels.email.smtp.limits import DoorLimits

_PREFIX = {4: 32, 6: 64}
_PEERS = 10_000
"""Peers whose pace is remembered; the longest unheard is forgotten first."""


@dataclass(slots=True)
class Peers:
    """Counts. Peers that are our own mail servers are `trusted`: they carry everybody's mail."""

    limits: DoorLimits
    trusted: frozenset[str] = frozenset()
    closing: bool = False
    _inside: Counter[str] = field(default_factory=Counter)
    _paces: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

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
        if peer in self.trusted:
            return True
        network = network_of(peer)
        left, at = self._paces.pop(network, (float(self.limits.mails_per_peer), now_seconds))
        refill = (now_seconds - at) * self.limits.mails_per_minute / 60
        left = min(left + refill, float(self.limits.mails_per_peer))
        allowed = left >= 1
        self._paces[network] = (left - 1 if allowed else left, now_seconds)
        if len(self._paces) > _PEERS:
            self._paces.popitem(last=False)
        return allowed


@lru_cache(maxsize=_PEERS)
def network_of(peer: str) -> str:
    """Return the network that counts as one peer: an IPv4 address, or an IPv6 /64."""
    try:
        address = ip_address(peer)
    except ValueError:
        return peer
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    return str(ip_network((address, _PREFIX[address.version]), strict=False))
