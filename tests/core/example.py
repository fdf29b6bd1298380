"""An invented hospital as one frozen value, for tests that need no database."""

from dataclasses import replace
from uuid import uuid4

from core.hospital.directory import (
    CategoryEntry,
    ChannelEntry,
    Directory,
    HospitalEntry,
    QrEntry,
    UnitEntry,
)
from tests.builders import TOKEN

DESK = UnitEntry(id=uuid4(), code="PENGADUAN", name="Meja Pengaduan", is_triage_desk=True)
WARD = UnitEntry(id=uuid4(), code="MELATI", name="Ruang Melati", aliases=("melati",))
CLOSED_WARD = UnitEntry(id=uuid4(), code="LAMA", name="Ruang Lama", is_active=False)
CATEGORY = CategoryEntry(id=uuid4(), code="FAC", name="Fasilitas", sla_hours=72, unit_id=WARD.id)
POSTER = QrEntry(id=uuid4(), unit_id=WARD.id, code="MELATI-1", token=TOKEN, name="Pintu")
DIRECTORY = Directory(
    version=1,
    hospital=HospitalEntry(name="RS Contoh Sehat", short_name="RS Contoh"),
    units={unit.id: unit for unit in (DESK, WARD, CLOSED_WARD)},
    categories={"FAC": CATEGORY},
    qr_codes={
        TOKEN: POSTER,
        "old": QrEntry(id=uuid4(), unit_id=CLOSED_WARD.id, code="OLD-1", token="old", name="-"),
    },
    channels={
        "email": ChannelEntry(name="email", sends=True, tells_staff=True, takes="email"),
    },
)


def hospital(**changes: object) -> HospitalEntry:
    """Make the hospital with other facts, e.g. `languages=("en",)`."""
    return replace(DIRECTORY.hospital, **changes)  # type: ignore[arg-type]  # any field


def directory(*units: UnitEntry, **changes: object) -> Directory:
    """Make the directory with further units, or other facts such as `hospital=…`."""
    all_units = DIRECTORY.units | {unit.id: unit for unit in units}
    return replace(DIRECTORY, units=all_units, **changes)  # type: ignore[arg-type]  # any field
