"""A hospital's file: every mistake by its line, everything loaded or nothing."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.ground.database import transaction
from core.hospital.qr_code import QrCode
from core.hospital.unit import Unit, UnitAlias
from core.people.staff import Admin
from core.review.trusting import TrustedSources
from core.runtime import Runtime
from intake.hospital.check import check, check_file
from intake.hospital.load import load
from intake.hospital.yaml_lines import HospitalFileError
from tests.intake.commands.conftest import Kiss
from tests.root import ROOT

DEMO = ROOT / "demo" / "hospital.yaml"

SMALL = """\
hospital:
  name: RS Contoh
  short_name: RS
unit_types:
  - {code: WARD, name: Rawat inap}
units:
  - code: MEDIS
    name: Medis
  - code: MAWAR
    name: Ruang Mawar
    type: WARD
    parent: MEDIS
    aliases: [mawar]
    qr_codes:
      - {code: MAWAR-1, name: Pintu, token: mawar000000000000000000001}
staff:
  - {username: rina, name: Rina, email: rina@rs.example.org, roles: [officer], unit: MAWAR}
"""

MISTAKES = [
    # what stands there, what is written instead, what is said
    ("  name: RS Contoh\n", "", "1: name is missing"),
    ("short_name: RS", "short_nam: RS", "3: there is no short_nam here; did you mean short_name?"),
    ("short_name: RS", "zone: Asia/Tokyo", "3: zone is one of 'Asia/Jakarta', 'Asia/Makassar' or"),
    ("short_name: RS", "accent: teal", "3: accent: a colour is written '#rrggbb'"),
    ("short_name: RS", "reopen_days: soon", "3: reopen_days is a whole number"),
    ("name: Medis", "name: ''", "8: name has nothing in it"),
    ("code: MEDIS", "code: Medis", "7: code: a code has 1 to 32 capital letters"),
    ("code: MAWAR\n", "code: MEDIS\n", "9: unit code MEDIS appears twice (first in line 7)"),
    ("type: WARD", "type: WRAD", "11: no unit type WRAD in this file"),
    ("parent: MEDIS", "parent: MEDIC", "12: no unit MEDIC in this file"),
    ("parent: MEDIS", "parent: MAWAR", "12: unit MAWAR is its own ancestor"),
    ("aliases: [mawar]", "aliases: [mawar, Mawar]", "13: alias mawar appears twice"),
    ("aliases: [mawar]", "aliases: mawar", "13: aliases is a list"),
    ("code: MAWAR-1", "code: '1'", "15: code: a code to type has 3 to 20"),
    ("mawar000000000000000000001", "short", "15: token: a token has 22 to 62"),
    ("email: rina@rs.example.org", "email: rina", "17: email: rina is no e-mail address"),
    ("roles: [officer]", "roles: [chief]", "17: roles is one of 'agent', 'officer'"),
    ("roles: [officer]", "roles: []", "17: roles has nothing in it"),
    ("unit: MAWAR}", "unit: MELATI}", "17: no unit MELATI in this file"),
    ("hospital:\n", "hospital: &a\n", None),
    ("name: Medis", "name: *a", "8: write it out, no *alias"),
    ("name: Medis", "name: &n Medis\n    description: *n", "9: write it out, no *alias"),
    ("name: Medis", "name: Medis\n    name: Medik", "9: name is written twice here"),
    ("units:\n", "units: [\n", "no YAML"),
    ("name: Medis", "name: Med\x01is", "no YAML: a character is not allowed"),
    ("hospital:", "- hospital:", "no YAML"),
]


@pytest.mark.parametrize(("there", "instead", "sentence"), MISTAKES)
def test_a_mistake_is_told_by_its_line(there: str, instead: str, sentence: str | None) -> None:
    assert there in SMALL
    text = SMALL.replace(there, instead, 1)

    if sentence is None:
        check(text, "rs.yaml")
        return
    with pytest.raises(HospitalFileError) as caught:
        check(text, "rs.yaml")

    assert any(
        line.startswith("rs.yaml:") and sentence in line for line in str(caught.value).splitlines()
    ), str(caught.value)


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines() -> None:
    text = SMALL.replace("type: WARD", "type: X").replace("parent: MEDIS", "parent: Y")

    with pytest.raises(HospitalFileError) as caught:
        check(text, "rs.yaml")

    assert [problem.line for problem in caught.value.problems] == [11, 12]


def test_words_stay_as_they_are_written() -> None:
    text = SMALL.replace("short_name: RS", "short_name: no\n  phone: 0119")

    house, _ = check(text, "rs.yaml")

    assert (house.hospital.short_name, house.hospital.phone) == ("no", "0119")


MAILED = SMALL.replace("short_name: RS", "short_name: RS\n  email: halo@rs.example.org")


@pytest.mark.parametrize(
    ("what", "written"),
    [
        ("a unit's alias in our domain", "email: mawar@rs.example.org"),
        ("with what stands behind a +", "email: mawar+jaga@rs.example.org"),
        ("in capitals", "email: Mawar@RS.example.org"),
        ("the hospital's own mailbox", "email: halo@rs.example.org"),
        ("what every mail server takes", "email: postmaster@rs.example.org"),
        ("our signed addresses", "email: reply@rs.example.org"),
        ("a whole address as an alias", "email: lapor@lain.example.org"),
    ],
)
def test_a_unit_told_where_reports_come_in_is_refused_by_its_line(what: str, written: str) -> None:
    text = MAILED.replace("[mawar]", f"[mawar, lapor@lain.example.org]\n    {written}")

    with pytest.raises(HospitalFileError) as caught:
        check(text, "rs.yaml")

    [problem] = caught.value.problems
    assert (problem.line, "a mailbox where reports come in" in problem.sentence) == (15, True), what


def test_a_member_of_staff_told_where_reports_come_in_is_refused() -> None:
    with pytest.raises(HospitalFileError) as caught:
        check(MAILED.replace("rina@rs", "mawar@rs"), "rs.yaml")

    assert [problem.line for problem in caught.value.problems] == [18]


@pytest.mark.parametrize(
    "written", ["email: mawar@staf.rs.example.org", "email: melati@rs.example.org"]
)
def test_a_unit_told_elsewhere_is_taken(written: str) -> None:
    house, _ = check(MAILED.replace("[mawar]", f"[mawar]\n    {written}"), "rs.yaml")

    assert house.units[1].email == written.removeprefix("email: ")


def test_a_retired_unit_may_keep_what_nobody_is_told_at() -> None:
    retired = "[mawar]\n    email: mawar@rs.example.org\n    active: false"

    assert check(MAILED.replace("[mawar]", retired), "rs.yaml")


async def test_the_demo_hospital_is_loaded_once_and_then_as_it_was(runtime: Runtime) -> None:
    house, source = check_file(DEMO)

    first = await load(runtime.database, house, source)
    before = (await runtime.directory.reload()).version
    second = await load(runtime.database, house, source)
    directory = await runtime.directory.reload()

    assert first.new["units"] > 10
    assert second.nothing
    assert directory.version == before
    assert directory.hospital.name == "RS Contoh Sehat"
    assert directory.unit_by_alias("apotek") == directory.unit_by_code("FARMASI")
    melati = directory.qr_by_code("melati 16")
    assert melati is not None
    assert directory.triage_desk.code == "PENGADUAN"


async def test_what_changes_in_the_file_changes_and_a_password_does_not(runtime: Runtime) -> None:
    await load(runtime.database, *check(SMALL, "rs.yaml"))
    changed = (
        SMALL.replace("name: Ruang Mawar", "name: Ruang Mawar Putih\n    triage_desk: true")
        .replace("aliases: [mawar]", "aliases: [mawar putih]")
        .replace("code: MAWAR-1", "code: MAWAR-2")
        .replace("roles: [officer]", "roles: [head], password: payung biru di halte")
    )

    loaded = await load(runtime.database, *check(changed, "rs.yaml"))

    directory = await runtime.directory.reload()
    assert loaded.new["QR codes"] == 0
    assert directory.triage_desk.name == "Ruang Mawar Putih"
    assert directory.unit_by_alias("mawar") is None
    assert directory.unit_by_alias("mawar putih") == directory.triage_desk
    async with transaction(runtime.database) as session:
        row = (await session.scalars(select(Admin).where(Admin.username == "rina"))).one()
        assert (row.role, row.password_hash) == ("head", "!")
        code = await session.scalar(select(QrCode.code).where(QrCode.token.startswith("mawar0")))
        assert code == "MAWAR-2"


async def test_a_file_that_the_database_contradicts_leaves_nothing_behind(runtime: Runtime) -> None:
    await load(runtime.database, *check(SMALL, "rs.yaml"))
    other = SMALL.replace("MAWAR", "DAHLIA").replace("[mawar]", "[dahlia]").replace("mawar0", "d0")
    other = other.replace("username: rina", "username: tono")

    with pytest.raises(HospitalFileError, match=r"rs\.yaml:17: somebody else has this"):
        await load(runtime.database, *check(other, "rs.yaml"))

    async with transaction(runtime.database) as session:
        assert await session.scalar(select(func.count()).where(Unit.code == "DAHLIA")) == 0
        assert await session.scalar(select(func.count()).where(UnitAlias.alias == "dahlia")) == 0


async def test_a_token_that_hangs_under_another_code_is_told_by_its_line(runtime: Runtime) -> None:
    await load(runtime.database, *check(SMALL, "rs.yaml"))
    inner = "      - {code: MAWAR-7, name: Dalam, token: mawar77777777777777777777}\n"
    two = SMALL.replace("qr_codes:\n", f"qr_codes:\n{inner}")
    await load(runtime.database, *check(two, "rs.yaml"))
    swapped = SMALL.replace("token: mawar000000000000000000001", "token: mawar77777777777777777777")

    with pytest.raises(HospitalFileError, match=r"rs\.yaml:15: .* belongs to MAWAR-7, not MAWAR-1"):
        await load(runtime.database, *check(swapped, "rs.yaml"))


async def test_the_command_checks_loads_and_says_what_it_did(kiss: Kiss, tmp_path: Path) -> None:
    file = tmp_path / "rs.yaml"
    file.write_text(SMALL)
    broken = tmp_path / "broken.yaml"
    broken.write_text(SMALL.replace("type: WARD", "type: WRAD"))

    checked = await kiss("hospital", "load", str(file), "--check")
    loaded = await kiss("hospital", "load", str(file))
    again = await kiss("hospital", "load", str(file))
    wrong = await kiss("hospital", "load", str(broken))
    absent = await kiss("hospital", "load", str(tmp_path / "absent.yaml"))

    assert "2 units, 1 staff, no mistake" in checked.out
    assert "units: 2 new, 0 changed" in loaded.out
    assert again.out == "The hospital is as the file says already.\n"
    assert (wrong.code, wrong.err) == (
        1,
        f"Error: {broken}:11: no unit type WRAD in this file\n",
    )
    assert (absent.code, "cannot be read" in absent.err) == (1, True)


TRUSTED = "trusted:\n  - {kind: portal, address: Lapor@example.go.id}\n"


def test_a_name_misspelled_in_a_trusted_source_is_told_by_the_names_there_are() -> None:
    text = f"{SMALL}trusted:\n  - {{kind: form, adress: formulir@rs.example.org}}\n"

    with pytest.raises(HospitalFileError) as told:
        check(text, "rs.yaml")

    assert "19: there is no adress here; did you mean address?" in str(told.value)


async def test_trusted_sources_are_added_once_and_others_stay(
    runtime: Runtime, tmp_path: Path
) -> None:
    await TrustedSources(runtime).add("list", "warta.example.org", by=None)
    file = tmp_path / "rs.yaml"
    file.write_text(SMALL + TRUSTED, encoding="utf-8")

    loaded = [await load(runtime.database, *check_file(file)) for _ in range(2)]

    assert [one.new["trusted sources"] for one in loaded] == [1, 0]
    sources = [(one.kind, one.address) for one in (await runtime.directory.reload()).trusted]
    assert sources == [("list", "warta.example.org"), ("portal", "lapor@example.go.id")]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("kind: friend, address: a@example.org", "kind is one of 'list', 'form'"),
        ("kind: portal, address: lapor", "lapor is no e-mail address, @domain"),
    ],
)
def test_a_trusted_source_that_is_none_is_said_by_its_line(wrong: str, said: str) -> None:
    with pytest.raises(HospitalFileError) as told:
        check(f"{SMALL}trusted:\n  - {{{wrong}}}\n", "rs.yaml")

    assert f"19: {said}" in str(told.value) or f"19: trusted: {said}" in str(told.value)
