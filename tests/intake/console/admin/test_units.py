"""Units, kinds, categories and codes, as an administrator uses the pages."""

import asyncio
from io import BytesIO

import pypdfium2
import pytest
from sqlalchemy import select

from core.ground.database import transaction
from core.hospital.qr_code import QrCode
from core.hospital.unit import Unit
from core.runtime import Runtime
from core.tickets.desk import Desk
from core.tickets.subject import name_subject
from intake.console.admin.settings import lines
from tests.builders import FARMASI, MELATI, TOKEN, submission
from tests.intake.console.staff import Browser, Person, Served, hire

UNIT = {
    "name": "Ruang Anggrek",
    "code": "anggrek",
    "parent": str(MELATI),
    "type": "",
    "email": "anggrek@rs.example.org",
    "phone": "",
    "sla_hours": "24",
    "is_active": "yes",
}


@pytest.fixture
async def boss(runtime: Runtime) -> Person:
    return await hire(runtime, "boss", "administrator", unit_id=None)


async def units(browser: Browser) -> list[str]:
    page = await browser.get("/console/admin/units")
    return page.all(".tree tbody a")


async def test_a_unit_is_opened_and_gets_the_next_report(
    runtime: Runtime, served: Served, boss: Person
) -> None:
    async with served.signed_in(boss) as browser:
        await browser.post("/console/admin/units/new", UNIT)
        shown = await units(browser)
        await browser.post("/console/admin/units/ANGGREK/aliases", {"alias": "Anggrek Lantai 2"})
    receipt = await Desk(runtime).submit(
        submission(qr_token=None, unit_code="ANGGREK", words="Lampu mati.")
    )
    directory = await runtime.directory.fresh()

    assert shown.index("Ruang Anggrek") == shown.index("Ruang Melati") + 1
    assert directory.unit_by_alias("anggrek lantai 2") is not None
    assert receipt.unit_name == "Ruang Anggrek"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"code": "farmasi"}, "code"),
        ({"code": "A B"}, "code"),
        ({"email": "anggrek"}, "email"),
        ({"email": "Apotek+jaga@rs.example.org"}, "email"),  # an alias: reports come in there
        ({"email": "halo@rs.example.org"}, "email"),
        ({"sla_hours": "0"}, "sla_hours"),
        ({"sla_hours": "-3"}, "sla_hours"),
        ({"sla_hours": "99999999999"}, "sla_hours"),
    ],
)
async def test_a_unit_that_cannot_be_gets_a_sentence(
    served: Served, boss: Person, changes: dict[str, str], field: str
) -> None:
    async with served.signed_in(boss) as browser:
        page = await browser.post("/console/admin/units/new", UNIT | changes)

    assert page.status == 422
    assert page.one(f"#{field}-problem")
    assert page.fields()["parent"] == str(MELATI)


async def test_no_unit_takes_the_name_of_a_mailbox_where_one_is_told(
    runtime: Runtime, served: Served, boss: Person
) -> None:
    async with served.signed_in(boss) as browser:
        page = await browser.post("/console/admin/units/FARMASI/aliases", {"alias": "Melati"})
        elsewhere = await browser.post("/console/admin/units/FARMASI/aliases", {"alias": "Obat"})

    assert (page.status, elsewhere.status) == (422, 200)
    assert page.one("#alias-problem")
    directory = await runtime.directory.reload()
    assert (directory.unit_by_alias("melati"), directory.unit_by_alias("obat") is None) == (
        None,
        False,
    )


async def test_a_unit_does_not_stand_below_itself(
    runtime: Runtime, served: Served, boss: Person
) -> None:
    async with served.signed_in(boss) as browser:
        await browser.post("/console/admin/units/new", UNIT)
        directory = await runtime.directory.reload()
        below = directory.unit_by_code("ANGGREK")
        assert below is not None
        melati = UNIT | {"name": "Ruang Melati", "code": "MELATI"}
        loop = await browser.post("/console/admin/units/MELATI", melati | {"parent": str(below.id)})
        itself = await browser.post("/console/admin/units/MELATI", melati)

    assert loop.status == itself.status == 422
    assert loop.one("#parent-problem")


async def test_two_who_move_units_at_once_make_no_ring(runtime: Runtime, boss: Person) -> None:
    from core.administration.units import LoopError, UnitFacts, Units

    async def below(unit: str, name: str, parent: str) -> str:
        directory = await runtime.directory.fresh()
        mine, above = directory.unit_by_code(unit), directory.unit_by_code(parent)
        assert mine is not None
        assert above is not None
        facts = UnitFacts(name=name, code=unit, parent_id=above.id)
        try:
            await Units(runtime).change_unit(mine.id, facts, by=boss.user_id)
        except LoopError:
            return "refused"
        return "moved"

    results = await asyncio.gather(
        below("MELATI", "Ruang Melati", "FARMASI"), below("FARMASI", "Farmasi", "MELATI")
    )

    assert sorted(results) == ["moved", "refused"]


async def test_a_unit_that_owes_answers_is_not_retired(
    runtime: Runtime, served: Served, boss: Person
) -> None:
    await Desk(runtime).submit(submission())
    melati = UNIT | {"name": "Ruang Melati", "code": "MELATI", "parent": ""}

    async with served.signed_in(boss) as browser:
        page = await browser.post("/console/admin/units/MELATI", melati | {"is_active": ""})
        desk = await browser.get("/console/admin/units")
        path = desk.links(".tree tbody a")[0]
        triage = await browser.post(path, (await browser.get(path)).fields() | {"is_active": ""})

    assert page.status == triage.status == 422
    assert "1 laporan terbuka dan 1 kode" in page.text
    assert "Meja triase" in triage.one("#is_active-problem")


async def test_a_name_belongs_to_one_unit(served: Served, boss: Person) -> None:
    async with served.signed_in(boss) as browser:
        taken = await browser.post("/console/admin/units/MELATI/aliases", {"alias": "Apotek"})
        await browser.post("/console/admin/units/FARMASI/aliases/drop", {"alias": "apotek"})
        given = await browser.post("/console/admin/units/MELATI/aliases", {"alias": "Apotek"})

    assert taken.status == 422
    assert given.status == 200
    assert "apotek" in given.text


async def test_kinds_and_categories_change(runtime: Runtime, served: Served, boss: Person) -> None:
    async with served.signed_in(boss) as browser:
        kind = {"id": "", "name": "Ruang rawat", "code": "rawat", "is_active": "yes"}
        made = await browser.post("/console/admin/unit-types", kind)
        twice = await browser.post("/console/admin/unit-types", kind)
        await browser.post(
            "/console/admin/categories/FAC",
            {"name": "Gedung", "sla_hours": "8", "unit": str(FARMASI), "is_active": "yes"},
        )
        bad = await browser.post("/console/admin/categories/FAC", {"name": "", "sla_hours": "x"})

    directory = await runtime.directory.reload()
    assert (made.status, twice.status, bad.status) == (200, 422, 422)
    assert directory.categories["FAC"].unit_id == FARMASI
    assert directory.categories["FAC"].sla_hours == 8


async def test_a_code_is_made_pointed_elsewhere_and_retired(
    runtime: Runtime, served: Served
) -> None:
    dewi = await hire(runtime, "dewi", "supervisor", unit_id=None)

    async with served.signed_in(dewi) as browser:
        made = await browser.post("/console/admin/codes", {"unit": str(FARMASI), "name": "Loket 2"})
        await browser.post(
            "/console/admin/codes/MELATI-1", {"unit": str(FARMASI), "name": "Pindah"}
        )
        moved = (await runtime.directory.reload()).qr(TOKEN)
        await browser.post("/console/admin/codes/MELATI-1/retire")
        retired = (await runtime.directory.reload()).qr(TOKEN)
        nothing = await browser.post("/console/admin/codes", {"unit": "", "name": "x"})

    assert made.path.startswith("/console/admin/codes/FARMASI-1")
    assert made.tree.css_first(".qr svg") is not None
    assert moved is not None
    assert moved.unit_id == FARMASI
    assert retired is None
    assert nothing.status == 422


async def test_posters_are_printed_singly_and_for_all_wards(
    runtime: Runtime, served: Served
) -> None:
    dewi = await hire(runtime, "dewi", "supervisor", unit_id=None)

    async with served.signed_in(dewi) as browser:
        await browser.post("/console/admin/codes", {"unit": str(FARMASI), "name": "Loket 2"})
        sheets = {}
        for path in (
            "/console/admin/codes/posters.pdf",
            "/console/admin/codes/posters.pdf?unit=MELATI",
            "/console/admin/codes/MELATI-1/poster.pdf?paper=a5",
            "/console/admin/codes/MELATI-1/poster.pdf?paper=stickers",
        ):
            async with browser.session.get(path) as answer:
                assert answer.content_type == "application/pdf"
                sheets[path] = len(pypdfium2.PdfDocument(BytesIO(await answer.read())))
        odd = await browser.get("/console/admin/codes/posters.pdf?paper=a0")

    assert list(sheets.values()) == [2, 1, 1, 1]
    assert odd.status == 404
    async with transaction(runtime.database) as session:
        assert len(list(await session.scalars(select(QrCode.id)))) == 2


async def test_notices_are_shown_as_they_will_be_read(runtime: Runtime, served: Served) -> None:
    dewi = await hire(runtime, "dewi", "supervisor", unit_id=None)

    async with served.signed_in(dewi) as browser:
        listed = await browser.get("/console/admin/notices")
        names = sorted({link.rsplit("/", 1)[-1] for link in listed.links("table a")})
        for name in names:
            for language in ("id", "en"):
                shown = await browser.get(f"/console/admin/notices/{name}?in={language}")
                mail = await browser.get(f"/console/admin/notices/{name}/mail?in={language}")
                assert shown.status == mail.status == 200, name
                assert "sandbox" in mail.headers["Content-Security-Policy"]
        outside = await browser.get("/console/admin/notices/_layout")

    assert len(names) > 8
    assert outside.status == 404


async def test_settings_show_no_secret(runtime: Runtime, served: Served) -> None:
    boss = await hire(runtime, "boss", "administrator", unit_id=None)
    told = runtime.settings.model_copy(
        update={"database_url": "postgresql://kiss:geheim@db.example.org:5432/kiss"}
    )

    async with served.signed_in(boss) as browser:
        page = await browser.get("/console/admin/settings")
    shown = {line.name: line for line in lines(told, frozenset({"KISS_PORT"}))}

    assert "a secret for tests, and long enough" not in page.text
    assert shown["DATABASE_URL"].value == "postgresql://db.example.org/kiss"
    assert not shown["KISS_PORT"].is_default
    assert shown["KISS_HOST"].is_default


async def test_words_of_people_stay_words(runtime: Runtime, served: Served, boss: Person) -> None:
    evil = "<script>alert(1)</script>\"'{{7*7}}"

    async with served.signed_in(boss) as browser:
        await browser.post("/console/admin/units/new", UNIT | {"name": evil})
        pages = [
            await browser.get(path) for path in ("/console/admin/units", "/console/admin/codes")
        ]
    async with transaction(runtime.database) as session:
        stored = await session.scalar(select(Unit.name).where(Unit.code == "ANGGREK"))

    assert stored == evil
    assert all("<script>alert" not in page.text for page in pages)
    assert evil in pages[0].all(".tree tbody a")


async def test_open_reports_are_counted_for_those_who_see_them(
    runtime: Runtime, served: Served, boss: Person
) -> None:
    dewi = await hire(runtime, "dewi", "supervisor", unit_id=None)
    first, _second = [await Desk(runtime).submit(submission()) for _ in range(2)]
    async with transaction(runtime.database) as session:
        await name_subject(session, first.ticket_id, dewi.user_id, by=None, at=runtime.clock())

    async with served.signed_in(dewi) as browser:
        hers = await browser.get("/console/admin/units")
    async with served.signed_in(boss) as browser:
        blind = await browser.get("/console/admin/units")

    assert hers.all(".tree thead th")[-1] == "Terbuka"
    assert sum(map(int, hers.all(".tree td:last-child"))) == 1
    assert blind.all(".tree thead th")[-1] == "Jam"
