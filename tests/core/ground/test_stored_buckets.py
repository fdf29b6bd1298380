"""Buckets in the database: counted before it is tried, one for all processes."""

import asyncio
from datetime import timedelta

from sqlalchemy import select

from core.ground.database import transaction
from core.ground.limit import BucketLimit
from core.ground.secret import Secret
from core.ground.stored_buckets import Bucket, StoredBucket, forgive, give_back, take, take_each
from core.runtime import Runtime
from tests.builders import MONDAY

MINUTE = timedelta(minutes=1)
LIMIT = BucketLimit(name="a test", burst=3, refill=MINUTE, per="-", beyond="-", applied_in="-")
AYU, BUDI = Bucket(LIMIT, ("ayu",)), Bucket(LIMIT, ("budi",))


async def taken(
    runtime: Runtime, bucket: Bucket = AYU, after: timedelta = timedelta()
) -> timedelta | None:
    async with transaction(runtime.database) as session:
        return await take(session, runtime.secret, bucket, MONDAY + after)


async def keys(runtime: Runtime) -> list[str]:
    async with transaction(runtime.database) as session:
        return list(await session.scalars(select(StoredBucket.key)))


async def test_the_burst_is_free_and_then_one_follows_each_refill(runtime: Runtime) -> None:
    first = [await taken(runtime) for _ in range(5)]
    soon = await taken(runtime, after=MINUTE / 2)
    later = [await taken(runtime, after=MINUTE) for _ in range(2)]
    rested = [await taken(runtime, after=60 * MINUTE) for _ in range(4)]

    assert first == [None] * 3 + [MINUTE] * 2
    assert soon == MINUTE / 2
    assert later == [None, MINUTE]
    assert rested == [None] * 3 + [MINUTE]


async def test_many_at_the_same_moment_are_many(runtime: Runtime) -> None:
    waits = await asyncio.gather(*[taken(runtime) for _ in range(12)])

    assert sorted(wait is None for wait in waits) == [False] * 9 + [True] * 3


async def test_buckets_do_not_pay_for_each_other(runtime: Runtime) -> None:
    for _ in range(4):
        await taken(runtime)

    assert await taken(runtime, BUDI) is None
    assert await taken(runtime, Bucket(LIMIT, ("ayu", ""))) is None
    assert await taken(runtime) == MINUTE


async def test_after_a_success_a_bucket_is_full_again(runtime: Runtime) -> None:
    for _ in range(4):
        await taken(runtime)
    await taken(runtime, BUDI)

    async with transaction(runtime.database) as session:
        await forgive(session, runtime.secret, AYU)

    assert await keys(runtime) == [BUDI.key(runtime.secret)]
    assert await taken(runtime) is None


async def test_a_row_names_nobody(runtime: Runtime) -> None:
    await taken(runtime)

    [key] = await keys(runtime)

    assert len(bytes.fromhex(key)) == 32
    assert key != AYU.key(Secret.of(b"another"))


async def test_what_was_taken_while_a_clock_was_ahead_makes_nobody_wait_till_then(
    runtime: Runtime,
) -> None:
    tomorrow = timedelta(days=1)
    for _ in range(4):
        await taken(runtime, after=tomorrow)

    back = [await taken(runtime) for _ in range(2)]
    soon = await taken(runtime, after=MINUTE / 2)
    later = [await taken(runtime, after=MINUTE) for _ in range(2)]
    rested = [await taken(runtime, after=4 * MINUTE) for _ in range(4)]

    assert back == [MINUTE, MINUTE]
    assert soon == MINUTE / 2
    assert later == [None, MINUTE]
    assert rested == [None] * 3 + [MINUTE]


async def test_of_several_the_first_that_is_full_leaves_the_others_uncounted(
    runtime: Runtime,
) -> None:
    async def each() -> bool:
        return None is await take_each(runtime.database, runtime.secret, (AYU, BUDI), MONDAY)

    room = [await each() for _ in range(LIMIT.burst + 5)]

    assert room == [True] * LIMIT.burst + [False] * 5
    assert await taken(runtime, BUDI) == MINUTE
    await taken(runtime, BUDI, after=MINUTE)
    assert await taken(runtime, BUDI, after=MINUTE) == MINUTE
    assert await taken(runtime, BUDI, after=60 * MINUTE) is None


async def test_what_is_given_back_can_be_taken_again_and_no_more(runtime: Runtime) -> None:
    for _ in range(3):
        await taken(runtime)
    async with transaction(runtime.database) as session:
        await give_back(session, runtime.secret, AYU)

    assert [await taken(runtime) for _ in range(2)] == [None, MINUTE]
