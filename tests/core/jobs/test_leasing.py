"""What every queue keeps, whatever its table: one suite, run on each of them."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from core.ground.database import transaction
from core.jobs.leasing import Held, Jobs, Settled
from core.jobs.queue import HELD_LEASE, MOST_LOSSES, QUEUED_LEASE, RENEWED_EVERY
from core.jobs.retry_schedule import SCHEDULES
from core.runtime import Runtime
from core.schema import QUEUES
from notifier.relay import Work, labours
from tests.builders import Hands
from tests.core.jobs.planting import FIELDS, Field

A_MOMENT = timedelta(milliseconds=1)


@pytest.fixture(params=FIELDS, ids=lambda field: field.queue.topic)
def field(request: pytest.FixtureRequest) -> Field:
    chosen: Field = request.param
    return chosen


@pytest.fixture
def jobs(runtime: Runtime, field: Field) -> Jobs:
    return Jobs(runtime, field.queue)


async def claim(jobs: Jobs) -> Held:
    """Take the row that is due in hand, as a worker does that dies of it."""
    await jobs.hand_out(1000)
    query = text(f"SELECT id FROM {jobs.queue.table} WHERE status = 'queued'")
    async with transaction(jobs.runtime.database) as session:
        row_id = (await session.scalars(query)).one()
    claimed = await jobs._claimed(row_id)
    assert claimed is not None
    return claimed


def test_every_queue_that_is_worked_off_is_in_this_suite(runtime: Runtime) -> None:
    work = Work(runtime=runtime, sender=_nobody, receiver=_nobody, fetcher=_nobody)

    assert {one.queue for one in labours(work)} == set(QUEUES)
    assert [field.queue for field in FIELDS] == list(QUEUES)


async def test_two_relays_never_get_the_same_row(
    runtime: Runtime, field: Field, jobs: Jobs
) -> None:
    planted = {await field.plant(runtime) for _ in range(60)}

    handed = await asyncio.gather(*[jobs.hand_out(100) for _ in range(5)])

    ids = [row_id for batch in handed for row_id in batch]
    assert len(ids) == 60
    assert set(ids) == planted


async def test_rows_go_out_in_the_order_in_which_they_fell_due(
    runtime: Runtime, hands: Hands, field: Field, jobs: Jobs
) -> None:
    later = await field.plant(runtime, at=hands.now - timedelta(minutes=1))
    sooner = await field.plant(runtime, at=hands.now - timedelta(minutes=5))
    not_yet = await field.plant(runtime, at=hands.now + A_MOMENT)

    first = await jobs.hand_out(1)
    rest = await jobs.hand_out(100)

    assert (first, rest) == ([sooner], [later])
    hands.now += A_MOMENT
    assert await jobs.hand_out(100) == [not_yet]


async def test_no_more_than_the_limit_is_queued_over_all_relays(
    runtime: Runtime, field: Field, jobs: Jobs
) -> None:
    for _ in range(5):
        await field.plant(runtime)

    counts = [len(await jobs.hand_out(3)) for _ in range(2)]

    assert counts == [3, 0]


async def test_of_a_lane_only_the_first_row_is_under_way(
    runtime: Runtime, field: Field, jobs: Jobs
) -> None:
    first = await field.plant(runtime, lane="a")
    second = await field.plant(runtime, lane="a")
    other = await field.plant(runtime, lane="b")

    assert set(await jobs.hand_out(100)) == {first, other}
    async with jobs.held(first) as held:
        assert held is not None
        assert await jobs.hand_out(100) == []
        await jobs.settle(held, Settled(status=field.ends_as))
    assert await jobs.hand_out(100) == [second]


async def test_what_follows_in_a_lane_is_announced_when_the_first_is_settled(
    runtime: Runtime, field: Field, jobs: Jobs
) -> None:
    for _ in range(2):
        await field.plant(runtime, lane="a")
    [first] = await jobs.hand_out(100)

    with runtime.bell.waiting(field.queue.topic) as rung:
        async with jobs.held(first) as held:
            assert held is not None
            await jobs.settle(held, Settled(status=field.ends_as))
        assert rung.is_set()


async def test_of_many_equal_messages_one_claims_the_row(
    runtime: Runtime, field: Field, jobs: Jobs
) -> None:
    row_id = await field.plant(runtime)
    await jobs.hand_out(100)

    claims = await asyncio.gather(*[jobs._claimed(row_id) for _ in range(8)])

    assert sum(claimed is not None for claimed in claims) == 1
    async with jobs.held(uuid4()) as nothing:
        assert nothing is None


async def test_what_is_settled_is_written_and_leaves_no_lease(
    runtime: Runtime, hands: Hands, field: Field, jobs: Jobs
) -> None:
    row_id = await field.plant(runtime)
    held = await claim(jobs)

    assert await jobs.settle(held, Settled(status=field.ends_as, error="code 7"))

    row = await field.row(runtime, row_id)
    assert (row["status"], row["attempts"], row["losses"]) == (field.ends_as, 1, 0)
    assert (row["lease_until"], row["last_error"]) == (None, "code 7")
    assert row["updated_at"] == hands.now


async def test_a_fault_of_ours_counts_as_no_attempt(
    runtime: Runtime, hands: Hands, field: Field, jobs: Jobs
) -> None:
    row_id = await field.plant(runtime)
    held = await claim(jobs)
    at = hands.now + timedelta(minutes=1)

    await jobs.settle(held, Settled(status="pending", next_attempt_at=at, counts=False))

    row = await field.row(runtime, row_id)
    assert (row["status"], row["attempts"], row["next_attempt_at"]) == ("pending", 0, at)
    assert await jobs.hand_out(100) == []


async def test_what_a_broker_lost_is_told_again_and_what_it_kept_is_claimed_once(
    runtime: Runtime, hands: Hands, field: Field, jobs: Jobs
) -> None:
    row_id = await field.plant(runtime)
    await jobs.hand_out(100)

    assert await jobs.hand_out_again(100) == []
    hands.now += QUEUED_LEASE + A_MOMENT
    again = [await jobs.hand_out_again(room) for room in (0, 100, 100)]

    assert again == [[], [row_id], []]
    claims = [await jobs._claimed(row_id) for _ in range(2)]
    assert [claimed is not None for claimed in claims] == [True, False]
    assert claims[0] is not None
    assert (claims[0].attempts, claims[0].losses) == (1, 0)


async def test_what_a_dead_worker_held_is_due_again_at_once(
    runtime: Runtime, hands: Hands, field: Field, jobs: Jobs
) -> None:
    row_id = await field.plant(runtime)
    await claim(jobs)

    early = await jobs.sweep()
    hands.now += HELD_LEASE + A_MOMENT
    late = await jobs.sweep()

    assert (early, late) == (0, 1)
    row = await field.row(runtime, row_id)
    assert (row["status"], row["losses"]) == ("pending", 1)
    assert row["last_error"] == "unclear: the worker did not come back"
    assert await jobs.hand_out(100) == [row_id]


async def test_what_takes_its_workers_down_waits_longer_each_time_and_is_poison_then(
    runtime: Runtime, hands: Hands, field: Field, jobs: Jobs
) -> None:
    row_id = await field.plant(runtime)
    waits = []
    for _ in range(MOST_LOSSES):
        held = await claim(jobs)
        assert not held.is_poison
        hands.now += HELD_LEASE + A_MOMENT
        await jobs.sweep()
        due = (await field.row(runtime, row_id))["next_attempt_at"]
        waits.append(due - hands.now)  # type: ignore[operator]  # a moment
        hands.now = due  # type: ignore[assignment]  # a moment

    for wait, seconds in zip(waits, (0, 30, 120, 480), strict=True):
        assert 0.5 * seconds <= wait.total_seconds() <= 1.5 * seconds
    assert (await claim(jobs)).is_poison


async def test_what_was_beside_poison_does_not_come_back_together_with_it(
    runtime: Runtime, hands: Hands, field: Field, jobs: Jobs
) -> None:
    ids = [await field.plant(runtime) for _ in range(2)]
    for row_id in ids:
        await field.change(
            runtime,
            row_id,
            status=field.queue.held,
            losses=2,
            lease_until=hands.now - A_MOMENT,
        )

    await jobs.sweep()

    one, other = [(await field.row(runtime, row_id))["next_attempt_at"] for row_id in ids]
    assert one != other


async def test_one_worker_that_comes_back_clears_the_row_of_suspicion(
    runtime: Runtime, hands: Hands, field: Field, jobs: Jobs
) -> None:
    await field.plant(runtime)
    await claim(jobs)
    hands.now += HELD_LEASE + A_MOMENT
    await jobs.sweep()

    await jobs.settle(await claim(jobs), Settled(status="pending"))

    assert (await claim(jobs)).losses == 0


async def test_a_living_worker_keeps_its_row_however_long_it_takes(
    runtime: Runtime, hands: Hands, field: Field, jobs: Jobs
) -> None:
    row_id = await field.plant(runtime)
    await jobs.hand_out(100)

    async with jobs.held(row_id) as held:
        assert held is not None
        hands.now += HELD_LEASE - A_MOMENT
        await asyncio.sleep(RENEWED_EVERY.total_seconds() + 0.5)
        hands.now += HELD_LEASE - A_MOMENT
        assert await jobs.sweep() == 0
        assert await jobs.settle(held, Settled(status=field.ends_as))


async def test_who_comes_back_late_counts_as_long_as_nobody_else_began(
    runtime: Runtime, hands: Hands, field: Field, jobs: Jobs
) -> None:
    row_id = await field.plant(runtime)
    late = await claim(jobs)
    hands.now += HELD_LEASE + A_MOMENT
    await jobs.sweep()
    await jobs.hand_out(100)

    assert await jobs.settle(late, Settled(status=field.ends_as))

    assert (await field.row(runtime, row_id))["status"] == field.ends_as


async def test_who_comes_back_after_somebody_else_began_changes_nothing(
    runtime: Runtime, hands: Hands, field: Field, jobs: Jobs
) -> None:
    row_id = await field.plant(runtime)
    late = await claim(jobs)
    hands.now += HELD_LEASE + A_MOMENT
    await jobs.sweep()
    await claim(jobs)

    assert not await jobs.settle(late, Settled(status="pending", error="late"))
    async with transaction(runtime.database) as session:
        assert not await jobs.settle_within(session, late, Settled(status=field.ends_as))

    row = await field.row(runtime, row_id)
    assert (row["status"], row["attempts"]) == (field.queue.held, 2)


async def test_patience_counts_from_when_a_row_was_opened_again(
    runtime: Runtime, hands: Hands, field: Field, jobs: Jobs
) -> None:
    row_id = await field.plant(runtime)
    made = hands.now
    hands.move(days=30)

    assert (await claim(jobs)).since == made
    opened = {"status": "pending", "reopened_at": hands.now, "next_attempt_at": hands.now}
    await field.change(runtime, row_id, **opened)

    assert (await claim(jobs)).since == hands.now


async def test_every_row_is_tried_by_a_schedule_that_there_is(
    runtime: Runtime, field: Field, jobs: Jobs
) -> None:
    await field.plant(runtime)

    assert (await claim(jobs)).patience in SCHEDULES


async def test_what_a_wrong_clock_wrote_is_brought_back(
    runtime: Runtime, hands: Hands, field: Field, jobs: Jobs
) -> None:
    """The clock jumps a day ahead for one look of every kind, and comes back."""
    hands.move(days=1)
    waiting, queued, held = [await field.plant(runtime) for _ in range(3)]
    await field.change(runtime, waiting, next_attempt_at=hands.now + timedelta(hours=1))
    await jobs.hand_out(100)
    assert await jobs._claimed(held)
    hands.move(days=-1)

    await jobs.sweep()
    assert await jobs.hand_out(100) == [waiting]
    hands.now += HELD_LEASE + A_MOMENT
    assert await jobs.sweep() == 1
    assert set(await jobs.hand_out_again(100)) == {waiting, queued}
    assert await jobs.hand_out(100) == [held]


def _nobody(_name: str) -> None:
    return None
