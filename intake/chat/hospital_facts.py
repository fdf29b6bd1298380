"""What the dialogue may know of the hospital: its units, its numbers, and which are busiest."""

import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from core.chats.step import ChatStep
from core.hospital.directory import Directory
from intake.dialogue.events import Event, Text
from intake.dialogue.facts import Phones, Unit, Units

_OFFERED = 6
_WINDOW = timedelta(days=30)
_COUNTED_FOR = 600.0
"""Seconds for which the count of the busiest units is good enough."""
_LONGEST_CODE = 24


@dataclass(slots=True)
class HospitalFacts:
    """Units as the dialogue sees them, kept until the directory changes."""

    _version: int = 0
    _units: Units | None = None
    _busiest: tuple[UUID, ...] = ()
    _counted: float = field(default=float("-inf"))

    async def units(self, chat: ChatStep, directory: Directory) -> Units:
        """Return the units a person can choose, the busiest first among the buttons."""
        if time.monotonic() - self._counted > _COUNTED_FOR:
            self._busiest = await chat.busiest_units(chat.now - _WINDOW, _OFFERED)
            self._counted, self._units = time.monotonic(), None
        if self._units is None or self._version != directory.version:
            self._units, self._version = units_of(directory, self._busiest), directory.version
        return self._units


def units_of(directory: Directory, busiest: tuple[UUID, ...] = ()) -> Units:
    """Make the dialogue's units from the directory; quiet ones fill up the buttons."""
    public = directory.public_units
    known = {unit.id for unit in public}
    order = [each for each in busiest if each in known]
    order += [unit.id for unit in public if unit.id not in order]
    return Units(
        all=tuple(
            Unit(
                id=str(unit.id),
                code=unit.code,
                name=unit.name,
                aliases=tuple(alias for alias in unit.aliases if "@" not in alias),
            )
            for unit in (*public, directory.triage_desk)
        ),
        busiest=tuple(str(each) for each in order[:_OFFERED]),
        desk=str(directory.triage_desk.id),
    )


def phones_of(directory: Directory) -> Phones:
    """Return the numbers people call."""
    hospital = directory.hospital
    return Phones(
        igd=hospital.emergency_phone,
        emergency=hospital.public_emergency_phone,
        crisis=hospital.crisis_phone,
        staff=hospital.phone,
    )


def without_poster_code(event: Event, directory: Directory) -> Event:
    """Put the unit's code in the place of what is printed on one of its posters."""
    if not isinstance(event, Text) or len(event.text) > _LONGEST_CODE:
        return event
    poster = directory.qr_by_code(event.text)
    unit = directory.unit(poster.unit_id) if poster else None
    return replace(event, text=unit.code) if unit else event
