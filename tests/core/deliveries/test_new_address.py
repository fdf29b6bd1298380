"""An address given later: what could not be told goes there, what was told stays told."""

from sqlalchemy import text

from core.deliveries.new_address import NewAddress
from core.ground.database import transaction
from core.ground.errors import DeliveryError, Reason
from core.runtime import Runtime
from core.tickets.casework import Casework
from tests.builders import OFFICER
from tests.intake.console.phone.agents import open_desk
from tests.notifier.posting import CHAT, Provider, report, rows, run_once


async def test_what_the_new_address_was_told_already_is_not_told_again(runtime: Runtime) -> None:
    receipt = await report(runtime, (CHAT, "chat-1"), unit_code="MELATI")
    mail = Provider("email")
    await run_once(runtime, mail, Provider(CHAT, DeliveryError(Reason.REFUSED)))

    await NewAddress(runtime).change(
        receipt.ticket_id, "email", "melati@rs.example.org", by=OFFICER
    )
    await run_once(runtime, mail)

    assert [sent.template for sent in mail.accepted] == ["unit_received"]
    found = await rows(runtime, "SELECT channel, status FROM deliveries ORDER BY seq")
    assert {(row["channel"], row["status"]) for row in found} == {
        ("email", "sent"),
        (CHAT, "cancelled"),
    }


async def test_a_telephone_is_called_for_what_is_worth_a_call_alone(runtime: Runtime) -> None:
    await open_desk(runtime)
    receipt = await report(runtime, (CHAT, "chat-1"), unit_code="MELATI")
    await Casework(runtime).reply(receipt.ticket_id, "Sudah diganti.", by=OFFICER)
    async with transaction(runtime.database) as session:
        await session.execute(
            text("UPDATE deliveries SET status = 'failed' WHERE audience = 'submitter'")
        )

    await NewAddress(runtime).change(receipt.ticket_id, "phone", "+6281200000001", by=OFFICER)

    query = "SELECT template, status FROM deliveries WHERE audience = 'submitter' ORDER BY seq"
    found = [(row["template"], row["status"]) for row in await rows(runtime, query)]
    assert found == [
        ("received", "cancelled"),
        ("replied", "cancelled"),
        ("replied", "pending"),
    ]
