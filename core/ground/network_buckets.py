"""Buckets of one process, one for each network: lost at its end, written down nowhere. Pure."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from core.ground.ip_address import network_of
from core.ground.limit import BucketLimit

MOST_NETWORKS: Final = 10_000
"""Networks that are remembered; the longest unheard is forgotten first."""


@dataclass(slots=True)
class NetworkBuckets:
    """How much each network has spent. Seconds are those of one clock, whichever it is."""

    limit: BucketLimit
    _full_at: OrderedDict[str, float] = field(default_factory=OrderedDict)
    """When nothing of what was spent will be missing any more."""

    def spend(self, address: str | None, now_seconds: float, times: int = 1) -> bool:
        """Take so many from the network of an address; False, and none, where fewer are left."""
        return self.spend_of(network_of(address), now_seconds, times)

    def spend_of(self, network: str, now_seconds: float, times: int = 1) -> bool:
        """Take so many from a share that is known by its own name."""
        refill = self.limit.refill.total_seconds()
        emptied = now_seconds + refill * self.limit.burst
        full_at = max(self._full_at.pop(network, now_seconds), now_seconds)
        if full_at > emptied:  # the clock went back: what was spent then says nothing of now
            full_at = now_seconds
        spent = refill * times
        allowed = full_at + spent <= emptied
        self._full_at[network] = full_at + spent if allowed else full_at
        if len(self._full_at) > MOST_NETWORKS:
            self._full_at.popitem(last=False)
        return allowed
