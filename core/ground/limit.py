"""What a row of the table of limits is: a bucket, a window, a cap, a pace. Pure."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What every row of the table says.

    Wherever one refuses, puts off or withholds, `runtime.refusals.note` counts it for the operator.
    """

    name: str
    per: str
    """Whose share it is."""
    beyond: str
    """What happens to one too many."""
    applied_in: str

    @property
    def amount(self) -> str:
        """How much it lets through, in figures."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketLimit(Limit):
    """`burst` at once, then one more every `refill`."""

    burst: int
    refill: timedelta

    @property
    def amount(self) -> str:
        """Return the burst and how many follow in a time that a person counts in."""
        seconds = self.refill.total_seconds()
        for unit, length in (("s", 1), ("min", 60), ("h", 3600), ("d", 86400)):
            if seconds <= length:
                return f"{self.burst}, +{length / seconds:.3g}/{unit}"
        return f"{self.burst}, +1/{seconds / 86400:.3g} d"


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowLimit(Limit):
    """At most `most` within a time."""

    most: int
    within: timedelta

    @property
    def amount(self) -> str:
        """Return how many within which time."""
        hours = self.within / timedelta(hours=1)
        return f"{self.most}/{hours:.3g} h" if hours >= 1 else f"{self.most}/{hours * 60:.3g} min"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap(Limit):
    """At most `most` at the same moment."""

    most: int

    @property
    def amount(self) -> str:
        """Return how many."""
        return str(self.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace(Limit):
    """At least so many bytes within a time: whoever sends fewer holds a place and uses it not."""

    least_bytes: int
    within: timedelta

    @property
    def amount(self) -> str:
        """Return how many bytes within which time."""
        return f"{self.least_bytes >> 10} KiB/{self.within.total_seconds():.3g} s"
