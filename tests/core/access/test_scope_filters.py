"""What somebody who reads tickets may, before any ticket is asked for."""

from uuid import uuid4

import pytest

from core.access.scope import Reader
from core.hospital.directory import UnitEntry
from tests.core.example import CLOSED_WARD, DIRECTORY, WARD, directory

MAY = {
    # role: sees every unit, changes what it sees
    "agent": (False, True),
    "officer": (False, True),
    "head": (False, True),
    "supervisor": (True, True),
    "auditor": (True, False),
    "administrator": (False, False),
}


def reader(*roles: str) -> Reader:
    return Reader(user_id=uuid4(), roles=frozenset(roles))


@pytest.mark.parametrize("role", MAY)
def test_a_role_sees_and_changes_what_its_row_says(role: str) -> None:
    assert (reader(role).sees_all, reader(role).may_change) == MAY[role]


@pytest.mark.parametrize("role", MAY)
def test_a_second_role_takes_nothing_away(role: str) -> None:
    both = reader(role, "auditor", "head")

    assert (both.sees_all, both.may_change) == (True, True)


def test_without_a_role_nothing_is_seen_or_changed() -> None:
    assert (reader().sees_all, reader().may_change) == (False, False)


def test_the_units_of_a_reader_are_theirs_and_all_below() -> None:
    bed = UnitEntry(id=uuid4(), code="BED", name="Kamar 3", parent_id=WARD.id)
    who = uuid4()

    read = Reader.of(who, frozenset({"head"}), WARD.id, directory(bed))

    assert read == Reader(
        user_id=who, roles=frozenset({"head"}), units=frozenset({WARD.id, bed.id})
    )
    assert Reader.of(who, frozenset(), bed.id, directory(bed)).units == {bed.id}


def test_a_retired_unit_stays_its_peoples() -> None:
    retired = Reader.of(uuid4(), frozenset(), CLOSED_WARD.id, DIRECTORY)

    assert retired.units == {CLOSED_WARD.id}


def test_a_unit_that_is_not_there_or_none_gives_no_units() -> None:
    for unit in (None, uuid4()):
        assert Reader.of(uuid4(), frozenset({"head"}), unit, DIRECTORY).units == frozenset()
