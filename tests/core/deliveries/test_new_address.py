"""An address given later: what could not be told goes there, what was told stays told."""

from core.deliveries.new_address import NewAddress
from core.ground.errors import DeliveryError, Reason
from core.runtime import Runtime
from tests.builders import OFFICER
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
