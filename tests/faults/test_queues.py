"""Every queue on every broker: workers are killed, brokers lose everything; what is due moves on.

The times are bounds of the promise ("moving within 15 s"), not measurements: `bench/settling.py`.
"""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from core.jobs.queue import MOST_LOSSES
from core.runtime import Runtime
from core.tickets.cleaning import CLEANINGS
from tests.core.jobs.planting import FIELDS, Field
from tests.faults.crews import Crew, plant, settled
from tests.notifier import brokers
from tests.notifier.posting import until

pytestmark = [pytest.mark.fault, pytest.mark.broker, pytest.mark.timeout(120)]

SETTLED_SECONDS = 15.0
"""Within which everything due is moving again, whatever died."""
FAULTS = {
    # the step at which the process kills itself, by queue
    "deliveries": ("relay.leased", "deliver.claimed", "deliver.sent"),
    "inbound": ("relay.leased", "inbound.claimed", "inbound.processed"),
    "chat-files": ("relay.leased", "fetch.claimed"),
    "cleanings": ("relay.leased", "clean.claimed"),
}
CASES = [
    pytest.param(field, step, id=f"{field.queue.topic}-{step}")
    for field in FIELDS
    for step in FAULTS[field.queue.topic]
]


@pytest.fixture(params=tuple(brokers.URLS))
def broker(request: pytest.FixtureRequest) -> str:
    brokers.demand(request.param)
    return str(request.param)


@pytest.fixture
def namespace(broker: str) -> Iterator[str]:
    name = f"crew{uuid4().hex[:10]}"
    with brokers.tidied(broker, name):
        yield name


@pytest.fixture
async def crew(
    database_url: str, tmp_path: Path, broker: str, namespace: str
) -> AsyncIterator[Crew]:
    made = Crew(database_url, tmp_path, broker, namespace)
    yield made
    await made.end()


@pytest.mark.slow
@pytest.mark.parametrize(("field", "step"), CASES)
async def test_what_a_killed_worker_held_moves_within_the_promise(
    runtime: Runtime, crew: Crew, field: Field, step: str
) -> None:
    victim = await crew.start(step)
    row_id = await plant(runtime, field)
    assert await asyncio.wait_for(victim.wait(), 30) == -signal.SIGKILL
    died = time.monotonic()

    await crew.start()
    await settled(runtime, field, row_id)

    assert time.monotonic() - died < SETTLED_SECONDS
    times = sum(line.startswith(field.queue.topic) for line in crew.done())
    assert times <= (2 if step in {"deliver.sent", "inbound.processed"} else 1)


@pytest.mark.slow
@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.queue.topic)
async def test_what_a_broker_lost_moves_within_the_promise(
    runtime: Runtime, crew: Crew, field: Field, broker: str, namespace: str
) -> None:
    if broker == "in-process":
        pytest.skip("a queue in the process dies with it: the other test")
    planted = [await plant(runtime, field) for _ in range(5)]
    victim = await crew.start("relay.leased")
    await asyncio.wait_for(victim.wait(), 30)  # handed out, and no message told
    brokers.empty(broker, namespace)
    lost = time.monotonic()

    await crew.start()
    await settled(runtime, field, *planted)

    assert time.monotonic() - lost < SETTLED_SECONDS
    if field.queue is CLEANINGS:  # it asks no channel, which would write down what it did
        ended = [(await field.row(runtime, row_id))["status"] for row_id in planted]
        assert (ended, crew.done()) == ([field.ends_as] * 5, [])
    else:
        assert len(crew.done()) == 5


async def dead_or_at_rest(
    runtime: Runtime, process: asyncio.subprocess.Process, field: Field, row_id: UUID
) -> bool:
    """Whether a process died or the row ended; what waits for its next attempt is made due."""
    row = await field.row(runtime, row_id)
    if row["status"] == "pending":
        await field.change(runtime, row_id, next_attempt_at=runtime.clock())
    return process.returncode is not None or row["status"] not in field.queue.under_way


@pytest.mark.slow
async def test_a_row_that_kills_its_workers_ends_and_holds_up_no_other(
    runtime: Runtime, database_url: str, tmp_path: Path
) -> None:
    crew = Crew(database_url, tmp_path, "in-process", f"crew{uuid4().hex[:10]}")
    [_, inbound, *_] = FIELDS
    poison, innocent = await plant(runtime, inbound), await plant(runtime, inbound)
    await inbound.change(runtime, poison, external_id="poison")
    deaths = 0
    try:
        while (await inbound.row(runtime, poison))["status"] != "quarantined":
            process = await crew.start()
            await until(partial(dead_or_at_rest, runtime, process, inbound, poison), 60)
            deaths += process.returncode == -signal.SIGKILL
        await until(partial(dead_or_at_rest, runtime, process, inbound, innocent), 60)
    finally:
        await crew.end()

    assert deaths == MOST_LOSSES
    assert (await inbound.row(runtime, innocent))["status"] == "done"


@pytest.mark.slow
async def test_a_slow_worker_that_lives_is_never_overtaken(
    runtime: Runtime, database_url: str, tmp_path: Path
) -> None:
    crew = Crew(database_url, tmp_path, "in-process", f"crew{uuid4().hex[:10]}")
    [_, inbound, *_] = FIELDS
    row_id = await plant(runtime, inbound)
    await inbound.change(runtime, row_id, external_id="slow")
    try:
        await asyncio.gather(crew.start(), crew.start())
        await settled(runtime, inbound, row_id)
        done = crew.done()
    finally:
        await crew.end()

    assert done == ["inbound slow"]
