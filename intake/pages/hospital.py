"""What every page says about the hospital."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from core.hospital.directory import HospitalEntry
from intake.language import marked as _
from intake.pages.accent import Accent

TEAL: Final = "#0b5f66"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyLine:
    """A number that is answered day and night, and its name, a message id."""

    name: str
    number: str

    @property
    def tel(self) -> str:
        """The number as RFC 3966 wants it in a link: digits, with a leading plus if it has one."""
        digits = "".join(sign for sign in self.number if sign.isdigit())
        return f"tel:+{digits}" if self.number.strip().startswith("+") else f"tel:{digits}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownHospital:
    """Hospital name, logo, accent, zone and numbers: settings, the same on every page.

    ``public_url`` has no trailing slash. ``accent`` is ``#rrggbb``; it is darkened or lightened
    until text in it can be read (``intake.pages.accent``).
    """

    name: str
    public_url: str
    zone: str = "Asia/Jakarta"
    accent: str = TEAL
    logo: Path | None = None
    phone: str | None = None
    retention_years: int = 5
    emergency: tuple[EmergencyLine, ...] = field(default=())
    crisis_phone: str | None = None

    @classmethod
    def of(cls, hospital: HospitalEntry, *, public_url: str) -> Self:
        """Make the house of what the directory says; numbers that are empty are left out."""
        numbers = (
            (_("ER"), hospital.emergency_phone),
            (_("Ambulance"), hospital.public_emergency_phone),
        )
        return cls(
            name=hospital.name,
            public_url=public_url.rstrip("/"),
            zone=hospital.zone,
            accent=hospital.accent,
            logo=Path(hospital.logo_path) if hospital.logo_path else None,
            phone=hospital.phone or None,
            retention_years=hospital.retention_years,
            emergency=tuple(
                EmergencyLine(name=name, number=number) for name, number in numbers if number
            ),
            crisis_phone=hospital.crisis_phone or None,
        )

    @property
    def secure(self) -> bool:
        """Whether people reach us over TLS, as the configured address says."""
        return self.public_url.startswith("https://")

    @property
    def domain(self) -> str:
        """The address in the form people type it."""
        return self.public_url.partition("://")[2]

    @property
    def phone_line(self) -> EmergencyLine | None:
        """The ordinary telephone, ready for a link."""
        return EmergencyLine(name=self.name, number=self.phone) if self.phone else None

    @property
    def crisis_line(self) -> EmergencyLine | None:
        """The number for whoever thinks of harming themselves."""
        if not self.crisis_phone:
            return None
        return EmergencyLine(name=_("Crisis line"), number=self.crisis_phone)

    @property
    def every_line(self) -> tuple[EmergencyLine, ...]:
        """All numbers that help at once, the nearest first."""
        return (*self.emergency, *filter(None, (self.crisis_line,)))

    @property
    def initials(self) -> str:
        """Up to two letters that stand where a logo would."""
        return "".join(word[0] for word in self.name.split() if word[0].isalpha())[:2].upper()

    @property
    def colours(self) -> str:
        """The accent as a style sheet of its own, since no page carries inline style."""
        return Accent.readable(self.accent).style_sheet()


@dataclass(slots=True)
class CurrentHospital:
    """The house as the newest directory describes it; whoever reads a newer one replaces it."""

    now: ShownHospital
