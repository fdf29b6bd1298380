"""The hospital's directory as one frozen value: units, names, categories, codes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from core.hospital.contact import Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class HospitalEntry:
    """The hospital: what pages and notices say of it."""

    name: str
    short_name: str
    zone: str = "Asia/Jakarta"
    languages: tuple[str, ...] = ("id", "en")
    phone: str = ""
    email: str = ""
    address: str = ""
    emergency_phone: str = ""
    public_emergency_phone: str = "119"
    crisis_phone: str = ""
    accent: str = "#0f6b6b"
    logo_path: str | None = None
    default_sla_hours: int = 72
    reopen_days: int = 30
    retention_years: int = 5

    @property
    def language(self) -> str:
        """The language staff sentences are written in."""
        return self.languages[0] if self.languages else "id"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitEntry:
    """A unit as routing and pages see it."""

    id: UUID
    code: str
    name: str
    parent_id: UUID | None = None
    type_code: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None
    sla_hours: int | None = None
    is_active: bool = True
    is_triage_desk: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryEntry:
    """A category and the unit that answers for it by default."""

    id: UUID
    code: str
    name: str
    sla_hours: int | None = None
    unit_id: UUID | None = None
    requires_attachment: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QrEntry:
    """A code on a poster."""

    id: UUID
    unit_id: UUID
    code: str
    token: str
    name: str
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelEntry:
    """A channel there is or ever was, as it last said of itself."""

    name: str
    label: Mapping[str, str] = field(default_factory=dict)
    """What staff call it, by language."""
    sign: str = "mail"
    sends: bool = False
    """Whether news can go back through it."""
    is_spoken: bool = False
    """Whether somebody has to speak: tried last, and only for news worth a call."""
    tells_staff: bool = False
    """Whether staff and units are told by it, at their e-mail address."""
    takes: Contact | None = None
    """What somebody may type that is an address of it, if anything is."""


TRUSTED_KINDS = ("list", "form", "redirect", "portal")
"""The hospital's own lists and groups; forms of its website, whose Reply-To is the reporter;
mailboxes that redirect to us; complaint portals."""


@dataclass(frozen=True, slots=True)
class TrustedSource:
    """Where mail comes from that people decided to trust."""

    kind: str
    """One of TRUSTED_KINDS."""
    address: str
    """A mail address, `@domain` or a List-Id, in lower case."""


@dataclass(frozen=True, kw_only=True)
class Directory:
    """One version of the whole directory. Lookups return None for what is unknown or retired."""

    version: int
    hospital: HospitalEntry
    units: dict[UUID, UnitEntry] = field(default_factory=dict)
    categories: dict[str, CategoryEntry] = field(default_factory=dict)
    qr_codes: dict[str, QrEntry] = field(default_factory=dict)
    """By token."""
    channels: dict[str, ChannelEntry] = field(default_factory=dict)
    """Every channel there is or ever was, by name."""
    trusted: tuple[TrustedSource, ...] = ()
    """Sources of mail that are never set aside for being a machine's."""

    def unit(self, unit_id: UUID | None) -> UnitEntry | None:
        """Return an active unit by its id."""
        unit = self.units.get(unit_id) if unit_id else None
        return unit if unit and unit.is_active else None

    def unit_by_code(self, code: str | None) -> UnitEntry | None:
        """Return an active unit by its code, whatever the case."""
        return self.unit(self._unit_codes.get((code or "").strip().upper()))

    def unit_by_alias(self, alias: str | None) -> UnitEntry | None:
        """Return an active unit by a mailbox or spoken name; a whole address counts too."""
        name = (alias or "").strip().lower()
        local = name.partition("@")[0].partition("+")[0]
        return self.unit(self._aliases.get(name) or self._aliases.get(local))

    @cached_property
    def aliases(self) -> frozenset[str]:
        """Every mailbox or spoken name of an active unit, in small letters."""
        active = (unit for unit in self.units.values() if unit.is_active)
        return frozenset(alias for unit in active for alias in unit.aliases)

    def category(self, code: str | None) -> CategoryEntry | None:
        """Return a category by its code."""
        return self.categories.get(code) if code else None

    def qr(self, token: str | None) -> QrEntry | None:
        """Return a code in use, whose unit is active, by its token."""
        code = self.qr_codes.get(token or "")
        return code if code and code.is_active and self.unit(code.unit_id) else None

    def qr_by_code(self, typed: str | None) -> QrEntry | None:
        """Return a code in use by what is printed under it, in any case, with or without dash."""
        return self.qr(self._typed_codes.get(_bare(typed or "")))

    @cached_property
    def sending(self) -> frozenset[str]:
        """Names of the channels through which news can go back."""
        return frozenset(channel.name for channel in self.channels.values() if channel.sends)

    @cached_property
    def spoken(self) -> frozenset[str]:
        """Names of the channels in which somebody has to speak."""
        return frozenset(channel.name for channel in self.channels.values() if channel.is_spoken)

    @cached_property
    def telephones(self) -> tuple[str, ...]:
        """The telephones that anybody may read: the hospital's, its units', the emergency's."""
        house = self.hospital
        own = (house.phone, house.emergency_phone, house.public_emergency_phone, house.crisis_phone)
        of_units = (unit.contact_phone or "" for unit in self.units.values())
        return tuple(filter(None, (*own, *of_units)))

    @cached_property
    def staff_channel(self) -> str | None:
        """The channel by which staff and units are told, if one can send; the first by name."""
        return min(
            (c.name for c in self.channels.values() if c.sends and c.tells_staff), default=None
        )

    @cached_property
    def stand_in(self) -> str | None:
        """The channel for what came through one that nobody knows; None where there is none at all.

        It is the one every installation has, by which staff are told; else a written one.
        """
        first = min(
            self.channels.values(),
            key=lambda c: (not c.tells_staff, c.is_spoken, c.name),
            default=None,
        )
        return first.name if first else None

    def taking(self, contact: Contact) -> str | None:
        """Return the channel whose addresses somebody may type; one that can send comes first."""
        found = [channel for channel in self.channels.values() if channel.takes == contact]
        return min(found, key=lambda c: (not c.sends, c.name)).name if found else None

    @cached_property
    def triage_desk(self) -> UnitEntry:
        """The unit that gets whatever no rule could place; there always is one."""
        return next(unit for unit in self.units.values() if unit.is_triage_desk)

    @cached_property
    def public_units(self) -> tuple[UnitEntry, ...]:
        """The active units a person may choose, by name; the triage desk is "not sure"."""
        active = (u for u in self.units.values() if u.is_active and not u.is_triage_desk)
        return tuple(sorted(active, key=lambda unit: unit.name))

    def below(self, unit_id: UUID) -> frozenset[UUID]:
        """Return a unit and all units under it, retired ones too."""
        found = {unit_id}
        frontier = {unit_id}
        while frontier:
            frontier = {u.id for u in self.units.values() if u.parent_id in frontier} - found
            found |= frontier
        return frozenset(found)

    @cached_property
    def _unit_codes(self) -> dict[str, UUID]:
        return {unit.code.upper(): unit.id for unit in self.units.values()}

    @cached_property
    def _aliases(self) -> dict[str, UUID]:
        return {alias: unit.id for unit in self.units.values() for alias in unit.aliases}

    @cached_property
    def _typed_codes(self) -> dict[str, str]:
        return {_bare(qr.code): token for token, qr in self.qr_codes.items()}


def _bare(code: str) -> str:
    return "".join(filter(str.isalnum, code)).upper()
