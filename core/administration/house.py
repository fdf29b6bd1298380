"""A hospital as it was written down, and what became of it when it moved in."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.hospital.directory import TrustedSource


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenUnitType:
    """A kind of unit."""

    code: str
    name: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenCode:
    """A code on a wall. `token` None: one is drawn for a code that is new."""

    code: str
    token: str | None
    name: str
    description: str
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenUnit:
    """A unit; its kind, and the unit above it, by their codes."""

    code: str
    name: str
    type_code: str | None
    parent_code: str | None
    description: str
    contact_email: str | None
    contact_phone: str | None
    sla_hours: int | None
    is_triage_desk: bool
    is_active: bool
    aliases: tuple[str, ...]
    codes: tuple[WrittenCode, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenCategory:
    """What reports are about, and the code of the unit that answers for it."""

    code: str
    name: str
    description: str
    default_sla_hours: int | None
    unit_code: str | None
    requires_attachment: bool
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPerson:
    """A member of staff. A password counts only for somebody new; None: nobody signs in."""

    username: str
    full_name: str
    email: str
    roles: tuple[str, ...]
    unit_code: str | None
    phone: str | None
    language: str
    password: str | None
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """All of it. What the hospital itself is, by the columns of its row."""

    hospital: Mapping[str, object]
    unit_types: tuple[WrittenUnitType, ...]
    units: tuple[WrittenUnit, ...]
    categories: tuple[WrittenCategory, ...]
    staff: tuple[WrittenPerson, ...]
    trusted: tuple[TrustedSource, ...] = ()


@dataclass(slots=True)
class MovedIn:
    """How much was new and how much was changed, by kind."""

    new: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)

    @property
    def nothing(self) -> bool:
        """Whether everything was there already."""
        return not (self.new.total() or self.changed.total())


@dataclass(frozen=True, slots=True, kw_only=True)
class OthersCode:
    """The token of a written code belongs to another code in the database."""

    unit: int
    """The place of the unit in the house, counted from 0."""
    place: int
    """The place of the code in its unit, counted from 0."""
    owner: str
    """The code that the token belongs to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OthersAccount:
    """Somebody else has the user name or address of a written member of staff."""

    person: int
    """Their place in the house, counted from 0."""


class HouseRefusedError(Exception):
    """The database holds something against it; nothing was moved in."""

    def __init__(
        self, conflicts: tuple[OthersCode | OthersAccount, ...] = (), constraint: str | None = None
    ) -> None:
        super().__init__(constraint or f"{len(conflicts)} conflicts")
        self.conflicts = conflicts
        self.constraint = constraint
        """The constraint that refused it, where no conflict says more."""
