"""The tree of units in the order people read it: each unit, then what is below it. Pure."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from core.hospital.directory import Directory, UnitEntry


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit and how deep it stands."""

    unit: UnitEntry
    depth: int

    @property
    def label(self) -> str:
        """The name as a list shows it, set in by its depth."""
        return "\u2003" * self.depth + self.unit.name


def tree(directory: Directory, *, active: bool = False) -> tuple[Branch, ...]:
    """Return every unit once, the triage desk first, then by name; `active` leaves out retired."""
    children: dict[UUID | None, list[UnitEntry]] = defaultdict(list)
    for unit in directory.units.values():
        if unit.is_active or not active:
            parent = unit.parent_id if unit.parent_id in directory.units else None
            children[parent].append(unit)
    for siblings in children.values():
        siblings.sort(key=lambda unit: (not unit.is_triage_desk, unit.name.casefold()))
    return tuple(_walk(children, None, 0))


def options(directory: Directory, *, but: frozenset[UUID] = frozenset()) -> list[tuple[str, str]]:
    """Return the active units as a list to choose from, id and name, less some."""
    return [
        (str(branch.unit.id), branch.label)
        for branch in tree(directory, active=True)
        if branch.unit.id not in but
    ]


def _walk(
    children: dict[UUID | None, list[UnitEntry]], parent: UUID | None, depth: int
) -> Iterator[Branch]:
    for unit in children.pop(parent, []):
        yield Branch(unit, depth)
        yield from _walk(children, unit.id, depth + 1)
