"""How the house issues codes: what a poster says."""

from pathlib import Path

from core.administration.qr_codes import QrRow
from core.hospital.directory import HospitalEntry
from intake.qr.codes import landing_url
from intake.qr.poster import Poster


def poster_of(
    code: QrRow, hospital: HospitalEntry, public_url: str, language: str | None = None
) -> Poster:
    """Return the poster of a code. Raises ValueError where it cannot be printed, and OSError."""
    logo = Path(hospital.logo_path) if hospital.logo_path else None
    return Poster(
        hospital=hospital.name,
        unit=code.unit,
        code=code.code,
        url=landing_url(public_url, code.token),
        phone=hospital.phone or None,
        language="en" if (language or hospital.language) == "en" else "id",
        accent=hospital.accent,
        logo=logo.read_bytes() if logo and logo.exists() else None,
    )
