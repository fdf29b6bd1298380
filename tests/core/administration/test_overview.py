"""What administrators read of the house: changes, channels, categories, kinds, what is owed."""

import pytest
from sqlalchemy import update

from core.access.scope import Reader
from core.administration.accounts import Accounts
from core.administration.categories import Categories, CategoryFacts
from core.administration.emptying import forget_reports
from core.administration.overview import LATELY, Overview
from core.administration.units import UnitFacts, Units
from core.ground.database import transaction
from core.ground.errors import NotFoundError
from core.hospital.channel import Channel
from core.people.roles import SUPERVISOR
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from tests.builders import FARMASI, MELATI, OFFICER, submission
from tests.intake.console.staff import hire


async def test_the_latest_changes_come_first_and_name_who_made_them(runtime: Runtime) -> None:
    boss, units = await hire(runtime, "boss", "administrator", unit_id=None), Units(runtime)
    for number in range(LATELY):
        await units.add_unit(UnitFacts(name=f"Unit {number}", code=f"U{number}"), by=boss.user_id)
    await Accounts(runtime).end_sessions(boss.user_id, by=boss.user_id)

    lately = await Overview(runtime).lately()

    assert len(lately.changes) == LATELY
    newest, before = lately.changes[:2]
    assert (newest.verb, newest.who) == ("account.signed_out", "Boss Contoh")
    assert (before.verb, before.data) == ("unit.opened", {"code": f"U{LATELY - 1}"})
    assert lately.accounts == 1


async def test_channels_say_whether_news_goes_back(runtime: Runtime) -> None:
    async with transaction(runtime.database) as session:
        await session.execute(update(Channel).values(can_send=Channel.name == "email"))

    channels = await Overview(runtime).channels()

    assert [one.name for one in channels] == sorted(one.name for one in channels)
    assert [one.name for one in channels if one.can_send] == ["email"]


async def test_retired_categories_and_kinds_come_last(runtime: Runtime) -> None:
    categories, units = Categories(runtime), Units(runtime)
    retired = CategoryFacts(
        name="Lama", sla_hours=5, unit_id=FARMASI, requires_attachment=True, is_active=False
    )
    await categories.change("ADM", retired, by=OFFICER)
    await units.save_type(None, "Bangsal", "BANGSAL", is_active=False, by=OFFICER)
    await units.save_type(None, "Poli", "POLI", is_active=True, by=OFFICER)

    found = await categories.find("ADM")

    assert (await categories.all())[-1] == found
    assert (found.name, found.default_sla_hours, found.unit_id) == ("Lama", 5, FARMASI)
    assert (found.requires_attachment, found.is_active) == (True, False)
    assert [kind.code for kind in await units.kinds()] == ["POLI", "BANGSAL"]
    with pytest.raises(NotFoundError):
        await categories.find("NONE")


async def test_what_units_owe_is_counted_within_the_reader_s_scope(runtime: Runtime) -> None:
    first, _second = [await Desk(runtime).submit(submission()) for _ in range(2)]
    solved = await Desk(runtime).submit(submission(qr_token=None, unit_code="FARMASI"))
    await Casework(runtime).resolve(solved.ticket_id, "Selesai.", by=OFFICER)
    await Casework(runtime).keep_from(first.ticket_id, OFFICER, by=None)

    owed = await Units(runtime).owed(Reader(user_id=OFFICER, roles=SUPERVISOR))

    assert owed == {MELATI: 1}


async def test_reports_are_forgotten_and_the_house_stays(runtime: Runtime) -> None:
    before = await Desk(runtime).submit(submission())

    await forget_reports(runtime.database)

    assert await Units(runtime).owed(Reader(user_id=OFFICER, roles=SUPERVISOR)) == {}
    after = await Desk(runtime).submit(submission())
    assert after.number == before.number
    assert after.unit_name == before.unit_name
