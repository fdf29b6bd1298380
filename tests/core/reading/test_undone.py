from datetime import timedelta

from core.jobs.leasing import Jobs, Settled
from core.reading.command_line.undone import undone
from core.runtime import Runtime
from tests.builders import Hands
from tests.core.jobs.planting import FIELDS


async def test_what_waits_too_long_is_counted_with_the_last_reason(
    runtime: Runtime, hands: Hands
) -> None:
    deliveries, _inbound, chat_files, _cleanings = FIELDS
    await deliveries.plant(runtime)
    announced = await chat_files.plant(runtime)
    jobs = Jobs(runtime, chat_files.queue)
    await jobs.hand_out(10)
    async with jobs.held(announced) as held:
        assert held is not None
        await jobs.settle(held, Settled(status="pending", error="NetworkError"))

    fresh = await undone(runtime.database, hands.now)
    hands.move(minutes=1)
    stale = await undone(runtime.database, hands.now)

    assert (fresh.late, fresh.unfetched, fresh.why_unfetched) == (0, 0, None)
    assert (stale.late, stale.unfetched, stale.why_unfetched) == (1, 1, "NetworkError")
    later = await undone(runtime.database, hands.now - timedelta(minutes=2))
    assert later.unfetched == 0


async def test_files_that_still_lie_open_are_counted(runtime: Runtime, hands: Hands) -> None:
    *_, cleanings = FIELDS
    await cleanings.plant(runtime)
    given_up = await cleanings.plant(runtime)
    await cleanings.change(runtime, given_up, status="failed", last_error="OSError")
    sealed = await cleanings.plant(runtime)
    await cleanings.change(runtime, sealed, status="done")

    fresh = await undone(runtime.database, hands.now)
    hands.move(minutes=1)
    stale = await undone(runtime.database, hands.now)

    assert (fresh.uncleaned, stale.uncleaned) == (0, 2)
    assert stale.why_uncleaned in (None, "OSError")
