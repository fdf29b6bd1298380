"""Raw messages, looked at and read again."""

from uuid import UUID, uuid4

from sqlalchemy import update

from core.ground.database import transaction
from core.jobs.inbound import Inbound
from core.jobs.raw_messages import RawMessages
from core.runtime import Runtime
from tests import builders
from tests.intake.commands.conftest import Kiss


async def keep(runtime: Runtime, status: str) -> UUID:
    content = b"From: budi@example.org\r\n\r\nAC mati."
    inbound_id, _ = await RawMessages(runtime).store(
        "email", uuid4().hex, content, {"peer": "x"}, builders.MONDAY
    )
    async with transaction(runtime.database) as session:
        change = update(Inbound).where(Inbound.id == inbound_id)
        await session.execute(change.values(status=status, attempts=6, last_error="ValueError"))
    return inbound_id


async def test_a_quarantined_message_is_listed_shown_and_read_again(
    kiss: Kiss, runtime: Runtime
) -> None:
    quarantined, done = await keep(runtime, "quarantined"), await keep(runtime, "done")

    listed = await kiss("inbound", "list", "--json")
    shown = await kiss("inbound", "show", str(quarantined))
    raw = await kiss("inbound", "show", str(quarantined), "--raw")
    again = await kiss("inbound", "retry", str(quarantined))
    refused = await kiss("inbound", "retry", str(done))

    assert [row["id"] for row in listed.json] == [str(quarantined)]
    assert "ValueError" in shown.out
    assert "AC mati." not in shown.out
    assert raw.out.endswith("AC mati.")
    assert (again.code, refused.code) == (0, 1)
    async with transaction(runtime.database) as session:
        row = await session.get_one(Inbound, quarantined)
        assert (row.status, row.attempts) == ("pending", 0)
