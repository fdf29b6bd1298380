"""Places that many want at the same moment: shared by networks, so that none takes them all. Pure.

Whoever is new gets a place. Where none is free, the network that holds most gives up the place that
has been idle longest; a network that has its whole share gives up one of its own. What is busy is
never put out: where nothing idle can be given up, the new one is refused, and comes again.

The live lines of pages, uploads under way and connections of mail servers are shared like this
(ADR 29). How many there are stands in the table of limits, `rate_limits.py`.
"""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

Who = TypeVar("Who", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Entry(Generic[Who]):
    """What came of somebody's wish for a place."""

    full: Literal["", "network", "all"] = ""
    """Which limit was reached: the share of the network, that of all, or none of them."""
    evicted: Who | None = None
    """Who has to go for it. It has no place any more; `leave` need not be called."""
    entered: bool = True


@dataclass(slots=True)
class _Place:
    network: str
    busy: bool
    exempt: bool


@dataclass(slots=True)
class Shares(Generic[Who]):
    """Who holds a place, the longest idle first. `Who` is whatever the caller knows it by."""

    cap: int
    """Places in all."""
    per_network: int
    """Places that one network may hold."""
    _places: dict[Who, _Place] = field(default_factory=dict)
    _held: Counter[str] = field(default_factory=Counter)

    def __len__(self) -> int:
        """Count the places that are taken."""
        return len(self._places)

    def enter(
        self, who: Who, network: str, *, busy: bool = False, exempt: bool = False
    ) -> Entry[Who]:
        """Give a place, by putting somebody idle out if need be. Who is in has to `leave`.

        `exempt` is one of our own servers: it carries everybody's, so that no share is its own, and
        it is not put out.
        """
        full: Literal["", "network", "all"] = ""
        evicted: Who | None = None
        if not exempt and self._held[network] >= self.per_network:
            full, evicted = "network", self._idlest(network, own_only=True)
        elif len(self._places) >= self.cap:
            full, evicted = "all", self._idlest(network, own_only=False)
        if full and evicted is None:
            return Entry(full=full, entered=False)
        if evicted is not None:
            self.leave(evicted)
        self._places[who] = _Place(network=network, busy=busy, exempt=exempt)
        self._held[network] += 1
        return Entry(full=full, evicted=evicted)

    def touch(self, who: Who, *, busy: bool) -> None:
        """Say that somebody did something just now, and whether it may be put out from now on."""
        place = self._places.pop(who, None)
        if place is not None:
            place.busy = busy
            self._places[who] = place

    def leave(self, who: Who) -> None:
        """Give a place back; nothing where it was put out already."""
        place = self._places.pop(who, None)
        if place is None:
            return
        self._held[place.network] -= 1
        if not self._held[place.network]:
            del self._held[place.network]

    def _idlest(self, network: str, *, own_only: bool) -> Who | None:
        """Choose who goes: of the network that holds most, and never of one that holds less."""
        with_newcomer = self._held[network] + 1
        chosen, most = None, 0
        for who, place in self._places.items():
            is_own = place.network == network
            held = with_newcomer if is_own else self._held[place.network]
            if place.busy or place.exempt or held < with_newcomer or (own_only and not is_own):
                continue
            if held > most:  # among equals the first, which is the longest idle
                chosen, most = who, held
        return chosen
