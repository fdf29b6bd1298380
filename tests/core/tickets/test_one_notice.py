"""Whoever is several things on a ticket hears of each event once, and no report is refused."""

import pytest
from sqlalchemy import text

from core.ground.concealed import address_plain
from core.ground.database import transaction
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from core.tickets.follow_up import FollowUp
from core.tickets.submission import Address, Receipt
from tests.builders import FARMASI, MELATI, OFFICER, submission

WARD = "melati@rs.example.org"
PHARMACY = "farmasi@rs.example.org"
OFFICERS_OWN = "petugas@rs.example.org"


async def told(runtime: Runtime) -> list[tuple[str, str, str]]:
    """Return audience, template and address of every notice, in their order."""
    query = text("SELECT audience, template, recipient_ref FROM deliveries ORDER BY seq")
    async with transaction(runtime.database) as session:
        return [
            (row.audience, row.template, address_plain(runtime.secret, row.recipient_ref))
            for row in await session.execute(query)
        ]


async def set_mailbox(runtime: Runtime, unit: object, address: str) -> None:
    change = text("UPDATE units SET contact_email = :address WHERE id = :unit")
    async with transaction(runtime.database) as session:
        await session.execute(change, {"address": address, "unit": unit})


async def reported_from(runtime: Runtime, address: str) -> Receipt:
    return await Desk(runtime).submit(
        submission(addresses=(Address(channel="email", address=address),))
    )


@pytest.mark.parametrize("typed", [WARD, "Melati@RS.Example.org", "MELATI@RS.EXAMPLE.ORG"])
async def test_a_ward_that_reports_to_itself_is_told_once_and_holds_its_receipt(
    runtime: Runtime, typed: str
) -> None:
    receipt = await reported_from(runtime, typed)

    assert receipt.number == "TKT-20261123-0001"
    assert await told(runtime) == [("unit", "unit_received_receipt", WARD)]


async def test_what_it_is_asked_and_answered_it_hears_as_the_one_who_reported(
    runtime: Runtime,
) -> None:
    receipt, casework = await reported_from(runtime, WARD), Casework(runtime)

    await casework.reply(receipt.ticket_id, "Teknisi datang.", by=OFFICER)
    await casework.resolve(receipt.ticket_id, "Sudah.", by=OFFICER)
    await casework.reopen(receipt.ticket_id, by=OFFICER)

    assert [template for _, template, _ in await told(runtime)] == [
        "unit_received_receipt",
        "replied",
        "resolved",
        "unit_reopened",
    ]


async def test_a_report_moved_to_the_unit_it_came_from_is_new_work_there(runtime: Runtime) -> None:
    await set_mailbox(runtime, FARMASI, PHARMACY)
    receipt = await reported_from(runtime, PHARMACY.title())

    await Casework(runtime).move(receipt.ticket_id, FARMASI, by=OFFICER, reason="Obat.")

    assert await told(runtime) == [
        ("submitter", "received", PHARMACY),
        ("unit", "unit_received", WARD),
        ("unit", "unit_received", PHARMACY),
    ]


async def test_who_has_the_report_they_made_is_told_of_both(runtime: Runtime) -> None:
    receipt, casework = await reported_from(runtime, OFFICERS_OWN.upper()), Casework(runtime)

    await casework.assign(receipt.ticket_id, OFFICER, by=None)
    await casework.reply(receipt.ticket_id, "Sudah diganti.", by=OFFICER)

    assert await told(runtime) == [
        ("submitter", "received", OFFICERS_OWN),
        ("unit", "unit_received", WARD),
        ("assignee", "assigned", OFFICERS_OWN),
        ("submitter", "replied", OFFICERS_OWN),
    ]


async def test_a_unit_whose_mailbox_is_one_persons_own_is_told_of_each_event_once(
    runtime: Runtime,
) -> None:
    await set_mailbox(runtime, MELATI, OFFICERS_OWN)
    receipt = await reported_from(runtime, OFFICERS_OWN)

    await Casework(runtime).assign(receipt.ticket_id, OFFICER, by=None)
    await Desk(runtime).follow_up(
        receipt.ticket_id, FollowUp(channel="web", key="more", words="Masih.")
    )

    assert await told(runtime) == [
        ("unit", "unit_received_receipt", OFFICERS_OWN),
        ("assignee", "assigned", OFFICERS_OWN),
        ("unit", "unit_followed_up", OFFICERS_OWN),
    ]
