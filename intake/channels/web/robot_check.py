"""Telling people from machines without a puzzle: who looks like a machine must press twice. Pure.

Nobody is refused. A report that came too fast, filled the trap field or is one of very many from
its network is shown again with all it holds, and a fresh pass; sent with that pass a few seconds
later, it is taken. A person loses a moment, a flood loses its speed.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Final

from core.ground.seals import FORM_PASS, FORM_STAMP, Purpose, Seals

PAUSE: Final = timedelta(seconds=3)
"""No one reads the form and writes a sentence in less."""
BURST: Final = 60
REFILL_PER_SECOND: Final = 0.5
_NETWORKS: Final = 10_000
_PREFIX: Final = {4: 32, 6: 64}


@dataclass(frozen=True, slots=True)
class RobotCheck:
    """Stamps the form when it is shown, and gives a pass with its second showing."""

    secret: bytes

    def stamp(self, key: str, now: datetime) -> str:
        """Mark the moment a form was shown; a page that lay open for very long is doubted."""
        return Seals(self.secret, FORM_STAMP).seal(b"", now, about=key)

    def grant(self, key: str, now: datetime) -> str:
        """Give a pass, good for this form alone, once ``PAUSE`` is over."""
        return Seals(self.secret, FORM_PASS).seal(b"", now, about=key)

    def admits(self, *, key: str, stamp: str, given: str, doubted: bool, now: datetime) -> bool:
        """Whether a form may come in at once; whoever is doubted needs a pass."""
        if self._is_aged(FORM_PASS, given, key, now):
            return True
        return not doubted and self._is_aged(FORM_STAMP, stamp, key, now)

    def _is_aged(self, purpose: Purpose, text: str, key: str, now: datetime) -> bool:
        opened = Seals(self.secret, purpose).open(text, now, about=key)
        return opened is not None and now - opened.made_at >= PAUSE


@dataclass(slots=True)
class Budget:
    """How much each network may send before it is slowed; a bucket each, the oldest forgotten.

    Nothing of it is written down: it lives in this process and dies with it.
    """

    burst: float = BURST
    refill_per_second: float = REFILL_PER_SECOND
    _buckets: OrderedDict[str, tuple[float, datetime]] = field(default_factory=OrderedDict)

    def spend(self, address: str | None, now: datetime) -> bool:
        """Take one from the network of an address; False where nothing is left."""
        network = network_of(address)
        left, at = self._buckets.pop(network, (self.burst, now))
        waited = max((now - at).total_seconds(), 0.0)
        left = min(self.burst, left + waited * self.refill_per_second)
        allowed = left >= 1
        self._buckets[network] = (left - 1 if allowed else left, now)
        if len(self._buckets) > _NETWORKS:
            self._buckets.popitem(last=False)
        return allowed

    def refund(self, address: str | None) -> None:
        """Give one back: what was spent was no guess."""
        network = network_of(address)
        if network in self._buckets:
            left, at = self._buckets[network]
            self._buckets[network] = (min(self.burst, left + 1), at)


def network_of(address: str | None) -> str:
    """Give the network that one subscriber has: an IPv4 address, or an IPv6 /64."""
    try:
        ip = ip_address(address or "")
    except ValueError:
        return "unknown"
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return str(ip_network((ip, _PREFIX[ip.version]), strict=False))
