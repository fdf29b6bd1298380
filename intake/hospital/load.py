"""Loads a checked file: all of it, or nothing, with every conflict by its line.

A password in the file counts only for somebody new.
"""

from pathlib import Path

from core.administration.house import (
    House,
    HouseRefusedError,
    MovedIn,
    OthersCode,
    WrittenCategory,
    WrittenCode,
    WrittenPerson,
    WrittenUnit,
    WrittenUnitType,
)
from core.administration.moving_in import move_in
from core.ground.database import Database
from core.hospital.directory import TrustedSource
from core.review.trusting import read_source
from intake.hospital.shapes import CategoryShape, HouseShape, QrShape, StaffShape, UnitShape
from intake.hospital.yaml_lines import FileProblem, HospitalFileError, YamlSource
from intake.qr.token import fresh_token, normalise_code


async def load(database: Database, house: HouseShape, source: YamlSource) -> MovedIn:
    """Load a house. Raises HospitalFileError where the database holds something against it."""
    written = _written(house, Path(source.name).resolve().parent)
    try:
        return await move_in(database, written, fresh_token=fresh_token, bare=normalise_code)
    except HouseRefusedError as error:
        _complain(house, source, error)
        source.raise_if_wrong()
        name = error.constraint
        sentence = f"the database holds something against it ({name}); nothing was loaded"
        raise HospitalFileError(source.name, [FileProblem(1, sentence)]) from error


def _complain(house: HouseShape, source: YamlSource, refused: HouseRefusedError) -> None:
    for conflict in refused.conflicts:
        if isinstance(conflict, OthersCode):
            code = house.units[conflict.unit].qr_codes[conflict.place].code
            source.complain(
                ("units", conflict.unit, "qr_codes", conflict.place),
                f"in the database this token belongs to {conflict.owner}, not {code}",
            )
        else:
            place = ("staff", conflict.person)
            source.complain(place, "somebody else has this user name or address")


def _written(house: HouseShape, folder: Path) -> House:
    logo = house.hospital.logo
    return House(
        hospital=house.hospital.model_dump(exclude={"logo"})
        | {"logo_path": str(folder / logo) if logo else None},
        unit_types=tuple(WrittenUnitType(**kind.model_dump()) for kind in house.unit_types),
        units=tuple(map(_unit, house.units)),
        categories=tuple(map(_category, house.categories)),
        staff=tuple(map(_person, house.staff)),
        trusted=tuple(
            TrustedSource(one.kind, read_source(one.kind, one.address)) for one in house.trusted
        ),
    )


def _unit(unit: UnitShape) -> WrittenUnit:
    return WrittenUnit(
        code=unit.code,
        name=unit.name,
        type_code=unit.type,
        parent_code=unit.parent,
        description=unit.description,
        contact_email=unit.email,
        contact_phone=unit.phone,
        sla_hours=unit.sla_hours,
        is_triage_desk=unit.triage_desk,
        is_active=unit.active,
        aliases=tuple(unit.aliases),
        codes=tuple(map(_code, unit.qr_codes)),
    )


def _code(code: QrShape) -> WrittenCode:
    return WrittenCode(
        code=code.code,
        token=code.token,
        name=code.name,
        description=code.description,
        is_active=code.active,
    )


def _category(category: CategoryShape) -> WrittenCategory:
    return WrittenCategory(
        code=category.code,
        name=category.name,
        description=category.description,
        default_sla_hours=category.sla_hours,
        unit_code=category.unit,
        requires_attachment=category.requires_attachment,
        is_active=category.active,
    )


def _person(person: StaffShape) -> WrittenPerson:
    return WrittenPerson(
        username=person.username,
        full_name=person.name,
        email=person.email,
        roles=tuple(person.roles),
        unit_code=person.unit,
        phone=person.phone,
        language=person.language,
        password=person.password,
        is_active=person.active,
    )
