"""Machines whose wall clocks are wrong, and whose steady steps can be moved."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.ground.clock import Machine, steady_nanoseconds, system_clock

SECOND = 1_000_000_000


@dataclass
class Host:
    """A machine whose wall clock is wrong, and can be moved; so can the steps under it."""

    wrong_by: timedelta = timedelta()
    steps_ahead: int = 0
    """Nanoseconds; moving them is as if the database's clock were set back."""
    asked: int = field(default=0, init=False)
    """How often somebody looked at the wall."""

    @property
    def machine(self) -> Machine:
        """Return what the core sees of it."""
        return Machine(wall=self._wall, steady=self._steady)

    def _wall(self) -> datetime:
        self.asked += 1
        return system_clock() + self.wrong_by

    def _steady(self) -> int:
        return steady_nanoseconds() + self.steps_ahead
