import asyncio
import random
from datetime import timedelta
from uuid import UUID

from core.ground.errors import DeliveryError, Reason
from core.runtime import Runtime
from intake.channel import Outgoing
from notifier.deliver import deliver
from tests.builders import Hands
from tests.notifier.posting import (
    Provider,
    many,
    queue,
    reply,
    report,
    run_once,
    senders,
    statuses,
)


async def test_only_the_first_of_a_lane_is_leased(runtime: Runtime) -> None:
    receipt = await report(runtime)
    await reply(runtime, receipt.ticket_id)
    await reply(runtime, receipt.ticket_id, "Satu hal lagi.")
    provider = Provider()

    counts = [await run_once(runtime, provider) for _ in range(4)]

    assert counts == [1, 1, 1, 0]
    assert [outgoing.template for outgoing in provider.accepted] == [
        "received",
        "replied",
        "replied",
    ]


async def test_a_notice_that_waits_holds_back_its_lane_alone(
    runtime: Runtime, hands: Hands
) -> None:
    receipt = await report(runtime)
    await reply(runtime, receipt.ticket_id)
    await report(runtime)  # the same recipient, but another ticket
    provider = Provider("skeleton", DeliveryError(Reason.UNREACHABLE))

    await run_once(runtime, provider)
    assert await statuses(runtime) == ["pending", "pending", "sent"]

    hands.move(hours=1)
    await run_once(runtime, provider)
    await run_once(runtime, provider)
    assert await statuses(runtime) == ["sent"] * 3


async def test_eight_workers_keep_every_lane_in_order_and_send_nothing_twice(
    runtime: Runtime,
) -> None:
    """600 deliveries to 20 recipients, one attempt in ten fails, every message is told twice."""
    chance = random.Random(20261124)  # noqa: S311 - a story that repeats

    async def sometimes(outgoing: Outgoing) -> str:
        await asyncio.sleep(chance.random() * 0.004)
        if chance.random() < 0.1:
            raise DeliveryError(Reason.UNREACHABLE, retry_after=timedelta())
        return str(outgoing.delivery_id)

    await many(runtime, recipients=20, each=30)
    provider = Provider("skeleton", *[sometimes] * 2000)
    messages: asyncio.Queue[UUID] = asyncio.Queue()

    async def work() -> None:
        while True:
            await deliver(runtime, senders(provider), await messages.get())

    async def relay() -> None:
        while True:
            for delivery_id in await queue(runtime):
                messages.put_nowait(delivery_id)
                messages.put_nowait(delivery_id)
            await asyncio.sleep(0.005)

    crew = [asyncio.create_task(work()) for _ in range(8)]
    crew += [asyncio.create_task(relay()) for _ in range(2)]
    await _until_accepted(provider, 600, crew)

    assert len({outgoing.delivery_id for outgoing in provider.accepted}) == 600
    for recipient in {outgoing.recipient for outgoing in provider.accepted}:
        sent = [o.payload["n"] for o in provider.accepted if o.recipient == recipient]
        assert sent == list(range(30))
    assert provider.most_at_once == 1


async def _until_accepted(provider: Provider, count: int, crew: list[asyncio.Task[None]]) -> None:
    async with asyncio.timeout(60):
        while len(provider.accepted) < count:
            done, _ = await asyncio.wait(crew, timeout=0.05)
            assert not done
    for task in crew:
        task.cancel()
    await asyncio.gather(*crew, return_exceptions=True)
