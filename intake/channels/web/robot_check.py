"""Telling people from machines without a puzzle: who looks like a machine must press twice. Pure.

Nobody is refused. A report that came too fast, filled the trap field or is one of very many from
its network is shown again with all it holds, and a fresh pass; sent with that pass a few seconds
later, it is taken. A person loses a moment, a flood loses its speed.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from core.ground.seals import FORM_PASS, FORM_STAMP, Purpose, Seals
from core.ground.secret import Secret

PAUSE: Final = timedelta(seconds=3)
"""No one reads the form and writes a sentence in less."""

OPEN_SECONDS: Final = int(FORM_STAMP.lasts.total_seconds())
"""How long a form may lie open before whoever sends it is doubted."""


@dataclass(frozen=True, slots=True)
class RobotCheck:
    """Stamps the form when it is shown, and gives a pass with its second showing."""

    secret: Secret = field(repr=False)

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
