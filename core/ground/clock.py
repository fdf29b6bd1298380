"""The one clock. Everything that asks for the time asks a Clock handed to it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

Clock = Callable[[], datetime]
"""Returns the present moment, zone UTC."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def system_clock() -> datetime:
    """Return the machine's time in UTC: where there is no database to ask."""
    return datetime.now(UTC)  # noqa: TID251 - this is the clock


def steady_nanoseconds() -> int:
    """Return nanoseconds that nobody sets; they go on while the machine sleeps, if it can tell."""
    return time.clock_gettime_ns(_STEADY)  # noqa: TID251 - of a clock that nobody sets


_STEADY: Final[int] = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


@dataclass(frozen=True, slots=True)
class Machine:
    """The two clocks of a host: the one on its wall, which may be wrong or jump, and its steps."""

    wall: Clock = system_clock
    steady: Callable[[], int] = steady_nanoseconds
    """Nanoseconds since some moment of the past."""


class DatabaseClock:
    """Tells the database's time by the machine's steady steps. Safe to call from any thread.

    The machine's wall clock is asked once, when this clock is made, and serves until the
    database's first answer; what happens to it afterwards changes nothing here.
    """

    def __init__(self, machine: Machine | None = None) -> None:
        self._machine = machine or Machine()
        self._ahead = (self._machine.wall() - _EPOCH) // _MICROSECOND - self._steps()
        """Microseconds from the steady clock to the time since 1970."""
        self.was_told = False
        """Whether the database has answered yet."""

    def __call__(self) -> datetime:
        """Tell the time."""
        return _EPOCH + timedelta(microseconds=self._ahead + self._steps())

    def asking(self) -> Callable[[datetime], None]:
        """Begin a measurement: call the result with the database's time as soon as it is known.

        That time was read after the question and before the answer, so it proves two bounds, and
        this clock moves as far as it must to stand within them. An answer that took long proves
        little and moves little; jitter moves nothing.
        """
        asked = self._steps()

        def told(moment: datetime) -> None:
            answered, then = self._steps(), (moment - _EPOCH) // _MICROSECOND
            least, most = then - answered, then - asked
            if not self.was_told:
                self._ahead, self.was_told = (least + most) // 2, True
            self._ahead = min(max(self._ahead, least), most)

        return told

    def _steps(self) -> int:
        return self._machine.steady() // 1000


def shifted(clock: Clock, offset_file: Path) -> Clock:
    """Return a clock that adds the seconds written in a file, read at every call.

    Tests of the whole running system move time for all processes at once by writing that file.
    A missing, empty or unreadable file counts as an offset of 0 seconds.
    """

    def now() -> datetime:
        return clock() + timedelta(seconds=_offset_seconds(offset_file))

    return now


def _offset_seconds(offset_file: Path) -> float:
    try:
        return float(offset_file.read_text())
    except (OSError, ValueError):
        return 0.0
