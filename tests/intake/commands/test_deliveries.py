"""Notices that failed, sent again or called off."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from core.deliveries.resending import NotPossibleError, Resending
from core.ground.database import transaction
from core.ground.errors import NotFoundError
from core.notices.delivery import Delivery
from core.runtime import Runtime
from core.tickets.submission import Receipt
from tests.intake.commands.conftest import Kiss


async def spoil(runtime: Runtime, receipt: Receipt, status: str) -> str:
    """Bring the submitter's notice to a status, as after many attempts; return its id."""
    async with transaction(runtime.database) as session:
        query = select(Delivery.id).where(
            Delivery.ticket_id == receipt.ticket_id, Delivery.audience == "submitter"
        )
        delivery_id = (await session.scalars(query)).one()
        change = update(Delivery).where(Delivery.id == delivery_id)
        await session.execute(change.values(status=status, attempts=9, last_error="refused: 550"))
    return str(delivery_id)


async def state(runtime: Runtime, delivery_id: str) -> tuple[str, int]:
    async with transaction(runtime.database) as session:
        row = await session.get_one(Delivery, delivery_id)
        return row.status, row.attempts


async def test_what_failed_is_listed_and_sent_again_with_all_its_attempts(
    kiss: Kiss, runtime: Runtime, receipt: Receipt
) -> None:
    delivery_id = await spoil(runtime, receipt, "dead")

    listed = await kiss("deliveries")
    again = await kiss("deliveries", "resend", "--all")

    assert delivery_id in listed.out
    assert "refused: 550" in listed.out
    assert again.out == "1 notices will be sent again.\n"
    assert await state(runtime, delivery_id) == ("pending", 0)


async def test_a_notice_is_called_off(kiss: Kiss, runtime: Runtime, receipt: Receipt) -> None:
    delivery_id = await spoil(runtime, receipt, "pending")

    told = await kiss("deliveries", "cancel", delivery_id)
    left = await kiss("deliveries", "list", "--status", "under-way", "--json")

    assert told.code == 0, told.err
    assert await state(runtime, delivery_id) == ("cancelled", 9)
    assert [row["audience"] for row in left.json] == ["unit"]


@pytest.mark.parametrize("status", ["pending", "queued", "sending", "sent"])
async def test_a_notice_that_may_still_arrive_is_not_sent_twice(
    runtime: Runtime, receipt: Receipt, status: str
) -> None:
    delivery_id = await spoil(runtime, receipt, status)

    with pytest.raises(NotPossibleError, match=f"while the notice is {status}"):
        await Resending(runtime).resend(UUID(delivery_id))


@pytest.mark.parametrize("status", ["sending", "sent", "cancelled"])
async def test_a_notice_in_somebodys_hands_is_not_called_off(
    runtime: Runtime, receipt: Receipt, status: str
) -> None:
    delivery_id = await spoil(runtime, receipt, status)

    with pytest.raises(NotPossibleError):
        await Resending(runtime).cancel(UUID(delivery_id))


async def test_a_notice_nobody_knows_is_not_found(kiss: Kiss, runtime: Runtime) -> None:
    with pytest.raises(NotFoundError):
        await Resending(runtime).resend(uuid4())

    told = await kiss("deliveries", "resend", str(uuid4()))

    assert (told.code, "nothing of that name" in told.err) == (1, True)
