"""From a file's text to a house that fits together, or every problem by its line."""

import difflib
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from core.hospital.report_mailboxes import takes_reports
from intake.hospital.shapes import (
    CategoryShape,
    HospitalShape,
    HouseShape,
    QrShape,
    StaffShape,
    TrustedShape,
    UnitShape,
    UnitTypeShape,
)
from intake.hospital.yaml_lines import FileProblem, HospitalFileError, Place, YamlSource, read
from intake.qr.token import normalise_code

_SHAPES: dict[str, type[BaseModel]] = {
    "hospital": HospitalShape,
    "unit_types": UnitTypeShape,
    "units": UnitShape,
    "categories": CategoryShape,
    "staff": StaffShape,
    "qr_codes": QrShape,
    "trusted": TrustedShape,
}


def check_file(path: Path) -> tuple[HouseShape, YamlSource]:
    """Read and check a file. Raises HospitalFileError with all its problems, or OSError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise HospitalFileError(str(path), [FileProblem(1, "the file is not UTF-8")]) from error
    return check(text, str(path))


def check(text: str, name: str) -> tuple[HouseShape, YamlSource]:
    """Check a file's text. Raises HospitalFileError with all its problems."""
    source = read(text, name)
    try:
        house = HouseShape.model_validate(source.value)
    except ValidationError as error:
        for fault in error.errors():
            source.complain(fault["loc"], _sentence(fault))
        source.raise_if_wrong()
        raise
    _unique(house, source)
    _references(house, source)
    _tree(house, source)
    _mailboxes(house, source)
    source.raise_if_wrong()
    return house, source


def _sentence(fault: ErrorDetails) -> str:
    """Say in plain words what pydantic found."""
    place, kind = fault["loc"], fault["type"]
    name = next((str(part) for part in reversed(place) if isinstance(part, str)), "the file")
    if kind == "extra_forbidden":
        return f"there is no {name} here{_meant(place)}"
    if kind == "literal_error":
        return f"{name} is one of {fault['ctx']['expected']}"
    if kind in _SENTENCES:
        return _SENTENCES[kind].format(name=name)
    return f"{name}: {fault['msg'].removeprefix('Value error, ')}"


_SENTENCES = {
    "missing": "{name} is missing",
    "int_parsing": "{name} is a whole number",
    "int_type": "{name} is a whole number",
    "bool_parsing": "{name} is true or false",
    "bool_type": "{name} is true or false",
    "string_type": "{name} is one text",
    "string_too_short": "{name} has nothing in it",
    "list_type": "{name} is a list: one line with a dash for each",
    "too_short": "{name} has nothing in it",
    "model_type": "{name} is a group of names and values",
}


def _meant(place: Place) -> str:
    section = next((part for part in reversed(place[:-1]) if isinstance(part, str)), None)
    shape = _SHAPES.get(section or "", HouseShape)
    close = difflib.get_close_matches(str(place[-1]), shape.model_fields, n=1)
    return f"; did you mean {close[0]}?" if close else f": {', '.join(shape.model_fields)}"


def _named(house: HouseShape) -> Iterator[tuple[str, str, Place]]:
    """Yield everything that may be there once only: kind, value, place."""
    for index, kind in enumerate(house.unit_types):
        yield "unit type", kind.code, ("unit_types", index, "code")
    for index, unit in enumerate(house.units):
        yield "unit code", unit.code, ("units", index, "code")
        for number, alias in enumerate(unit.aliases):
            yield "alias", alias, ("units", index, "aliases", number)
        for number, code in enumerate(unit.qr_codes):
            at: Place = ("units", index, "qr_codes", number)
            yield "QR code", normalise_code(code.code) or code.code, (*at, "code")
            if code.token:
                yield "token", code.token, (*at, "token")
    for index, category in enumerate(house.categories):
        yield "category", category.code, ("categories", index, "code")
    for index, person in enumerate(house.staff):
        yield "user name", person.username, ("staff", index, "username")
        yield "e-mail address", person.email, ("staff", index, "email")


def _unique(house: HouseShape, source: YamlSource) -> None:
    first: dict[tuple[str, str], Place] = {}
    for kind, value, place in _named(house):
        before = first.setdefault((kind, value), place)
        if before is not place:
            shown = "this token" if kind == "token" else f"{kind} {value}"
            source.complain(place, f"{shown} appears twice (first in line {source.line(before)})")


def _references(house: HouseShape, source: YamlSource) -> None:
    kinds = {kind.code for kind in house.unit_types}
    units = {unit.code for unit in house.units}
    for index, unit in enumerate(house.units):
        if unit.type and unit.type not in kinds:
            source.complain(("units", index, "type"), f"no unit type {unit.type} in this file")
        if unit.parent and unit.parent not in units:
            source.complain(("units", index, "parent"), f"no unit {unit.parent} in this file")
    for index, category in enumerate(house.categories):
        if category.unit and category.unit not in units:
            source.complain(("categories", index, "unit"), f"no unit {category.unit} in this file")
    for index, person in enumerate(house.staff):
        if person.unit and person.unit not in units:
            source.complain(("staff", index, "unit"), f"no unit {person.unit} in this file")


def _tree(house: HouseShape, source: YamlSource) -> None:
    """Check that parents lead to a top, and that one unit at most is the triage desk."""
    parents = {unit.code: unit.parent for unit in house.units}
    for index, unit in enumerate(house.units):
        seen, above = {unit.code}, unit.parent
        while above is not None and above not in seen:
            seen.add(above)
            above = parents.get(above)
        if above == unit.code:
            source.complain(("units", index, "parent"), f"unit {unit.code} is its own ancestor")
    desks = [index for index, unit in enumerate(house.units) if unit.triage_desk]
    for index in desks[1:]:
        line = source.line(("units", desks[0], "triage_desk"))
        source.complain(
            ("units", index, "triage_desk"), f"there is one triage desk, and it is in line {line}"
        )
    for index in desks:
        if not house.units[index].active:
            source.complain(("units", index, "active"), "the triage desk cannot be retired")


def _mailboxes(house: HouseShape, source: YamlSource) -> None:
    """Check that nobody is told at a mailbox where we take reports: it would come back to us."""
    active = [(index, unit) for index, unit in enumerate(house.units) if unit.active]
    aliases = {alias for _, unit in active for alias in unit.aliases}
    told: list[tuple[str, Place]] = [
        *((unit.email, ("units", index, "email")) for index, unit in active if unit.email),
        *((one.email, ("staff", index, "email")) for index, one in enumerate(house.staff)),
    ]
    for address, place in told:
        if takes_reports(address, public=house.hospital.email, aliases=aliases):
            source.complain(
                place,
                f"{address} is a mailbox where reports come in (an alias of a unit, or the"
                " hospital's own): whoever is told there would never read it; name another",
            )
