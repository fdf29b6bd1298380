"""Who is connected to a door: shared by networks, the narrow ones and the wide ones around them.

One machine has an address, one household a /64; whoever means ill has a /24 of IPv4 or a /48 of
IPv6 as easily. Both have their share, and the whole door its places. Pure.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from core.ground.ip_address import network_of, wide_network_of
from core.ground.limit import Cap
from core.ground.shares import Entry, Shares

Who = TypeVar("Who", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Admission(Generic[Who]):
    """What came of a wish to come in."""

    entered: bool
    limits: tuple[Cap, ...] = ()
    """The limits that were reached: by them somebody was refused, or put out."""
    put_out: tuple[Who, ...] = ()
    """Who has to go for it; they hold no place any more."""


@dataclass(slots=True)
class Connections(Generic[Who]):
    """The connections of one door in one process."""

    all: Cap
    of_network: Cap
    of_wide_network: Cap
    _narrow: Shares[Who] = field(init=False)
    _wide: Shares[Who] = field(init=False)

    def __post_init__(self) -> None:
        """Have shares of one's own."""
        self._narrow = Shares(cap=self.all.most + 1, per_network=self.of_network.most)
        self._wide = Shares(cap=self.all.most, per_network=self.of_wide_network.most)

    def enter(self, who: Who, address: str | None, *, exempt: bool = False) -> Admission[Who]:
        """Let somebody in, by putting somebody idle out if need be. Who is in has to `leave`.

        `exempt` is one of our own servers: no share is its own, only the door as a whole is full.
        """
        narrow = self._narrow.enter(who, network_of(address), exempt=exempt)
        if not narrow.entered:
            return Admission(entered=False, limits=(self.of_network,))
        if narrow.evicted is not None:
            self._wide.leave(narrow.evicted)
        wide = self._wide.enter(who, wide_network_of(address), exempt=exempt)
        put_out = tuple(one for one in (narrow.evicted, wide.evicted) if one is not None)
        for one in put_out if wide.entered else (*put_out, who):
            self._narrow.leave(one)
        return Admission(wide.entered, self._limits(narrow, wide), put_out)

    def touch(self, who: Who, *, busy: bool) -> None:
        """Say that somebody did something just now, and whether it may be put out from now on."""
        self._narrow.touch(who, busy=busy)
        self._wide.touch(who, busy=busy)

    def leave(self, who: Who) -> None:
        """Count somebody out; nothing where it was put out already."""
        self._narrow.leave(who)
        self._wide.leave(who)

    def __len__(self) -> int:
        """Count who is in."""
        return len(self._wide)

    def _limits(self, narrow: Entry[Who], wide: Entry[Who]) -> tuple[Cap, ...]:
        of_wide = {"network": (self.of_wide_network,), "all": (self.all,)}
        return ((self.of_network,) if narrow.full else ()) + of_wide.get(wide.full, ())
