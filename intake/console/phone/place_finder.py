"""Where something happened, as somebody says it on the telephone: found in the directory. Pure."""

from dataclasses import dataclass
from uuid import UUID

from core.hospital.directory import Directory, UnitEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPlace:
    """A unit that was meant, and by which code on a wall if one was read out."""

    unit: UnitEntry
    qr_token: str | None = None
    exact: bool = True
    """Whether the words say no more than this: a room's number is kept beside it else."""


def place_of(directory: Directory, typed: str) -> FoundPlace | None:
    """Find the place that is meant: a code on a wall, a unit's code or name, or a name in it."""
    words = " ".join(typed.split())
    if not words:
        return None
    poster = directory.qr_by_code(words)
    unit = directory.unit(poster.unit_id) if poster else None
    if poster and unit:
        return FoundPlace(unit=unit, qr_token=poster.token)
    unit = directory.unit_by_code(words) or _by_name(directory, words.casefold())
    if unit is None:
        unit = directory.unit_by_alias(words)
    if unit is not None:
        return FoundPlace(unit=unit)
    within = _within(directory, words.casefold())
    return FoundPlace(unit=within, exact=False) if within else None


def places(directory: Directory) -> list[tuple[str, str]]:
    """List what can be chosen: units by name, then codes on walls with what they hang at."""
    units = [(unit.name, unit.code) for unit in directory.public_units]
    names: dict[UUID, str] = {unit.id: unit.name for unit in directory.public_units}
    codes = [
        (code.code, f"{code.name} · {names[code.unit_id]}")
        for code in sorted(directory.qr_codes.values(), key=lambda code: code.code)
        if code.is_active and code.unit_id in names
    ]
    return units + codes


def _by_name(directory: Directory, words: str) -> UnitEntry | None:
    return next((u for u in directory.public_units if u.name.casefold() == words), None)


def _within(directory: Directory, words: str) -> UnitEntry | None:
    """Find the longest name that the words begin with or contain, or that begins with them."""
    padded = f" {words} "
    named = [
        (len(name), unit)
        for unit in directory.public_units
        for name in (unit.name.casefold(), *(alias.casefold() for alias in unit.aliases))
        if f" {name} " in padded
    ]
    if named:
        return max(named, key=lambda pair: pair[0])[1]
    begun = [u for u in directory.public_units if u.name.casefold().startswith(words)]
    return begun[0] if len(begun) == 1 else None
