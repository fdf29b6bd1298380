"""The promise made at the door: until when the unit answers, and where that comes from."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.hospital.directory import CategoryEntry, HospitalEntry, UnitEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A deadline and the sentence that explains it."""

    due_at: datetime
    hours: int
    """Hours of the wall clock, nights and holidays included."""
    reason: str


LONGEST_HOURS: Final = 8760
"""A year; what was set to more promises nothing, and no report is refused for it."""

SENTENCES: dict[str, dict[str, str]] = {
    "unit": {
        "id": "{hours} jam: ketentuan {unit}.",
        "en": "{hours} hours: the rule of {unit}.",
    },
    "category": {
        "id": "{hours} jam: ketentuan kategori {category}.",
        "en": "{hours} hours: the rule for {category}.",
    },
    "hospital": {
        "id": "{hours} jam: ketentuan umum rumah sakit.",
        "en": "{hours} hours: the hospital's general rule.",
    },
}


def promise(
    received_at: datetime,
    *,
    unit: UnitEntry,
    category: CategoryEntry | None,
    hospital: HospitalEntry,
) -> Promise:
    """Return the strictest of the hours that unit and category set, else the hospital's default.

    A unit or category whose hours are None sets nothing. Counted from the arrival.
    """
    offers: list[tuple[int, str]] = []
    if unit.sla_hours is not None:
        offers.append((unit.sla_hours, "unit"))
    if category is not None and category.sla_hours is not None:
        offers.append((category.sla_hours, "category"))
    hours, origin = min(offers, default=(hospital.default_sla_hours, "hospital"))
    hours = min(hours, LONGEST_HOURS)
    sentence = SENTENCES[origin].get(hospital.language, SENTENCES[origin]["id"])
    return Promise(
        due_at=received_at + timedelta(hours=hours),
        hours=hours,
        reason=sentence.format(
            hours=hours, unit=unit.name, category=category.name if category else ""
        ),
    )
