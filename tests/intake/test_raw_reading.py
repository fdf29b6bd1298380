import asyncio
import contextlib
from datetime import timedelta

import pytest

from core.ground.database import DatabaseAwayError
from core.ground.ids import uuid7
from core.ground.storage import StorageFull
from core.jobs.inbound import INBOUND
from core.jobs.leasing import Jobs
from core.jobs.queue import MOST_LOSSES
from core.jobs.raw_messages import RawMessages
from core.jobs.retry_schedule import SCHEDULES, backoff
from core.runtime import Runtime
from core.tickets.desk import Desk
from intake import raw_reading
from intake.channel import Processed, Raw
from intake.registry import Registry
from notifier.worker import background
from tests.builders import MONDAY, Hands
from tests.intake.raw import CHANNEL, Reader, file_it, run_once, states, store
from tests.notifier.posting import rows, until
from tests.serving import WAKES

WAITS = tuple(1.2 * backoff(SCHEDULES["reading"], attempts) for attempts in (1, 2, 3))
"""The longest that may pass until the next reading."""


async def test_what_was_stored_is_committed_and_becomes_a_ticket(runtime: Runtime) -> None:
    row_id, is_new = await RawMessages(runtime).store(
        CHANNEL, "m1", b"AC mati.", {"peer": "198.51.100.7"}, MONDAY
    )
    reader = Reader()

    await run_once(runtime, reader)

    assert is_new
    [raw] = reader.read
    assert (raw.id, raw.external_id, raw.content) == (row_id, "m1", b"AC mati.")
    assert (raw.envelope, raw.received_at, raw.attempts) == ({"peer": "198.51.100.7"}, MONDAY, 1)
    [row] = await rows(
        runtime, "SELECT i.status, i.ticket_id = t.id AS same FROM inbound i, tickets t"
    )
    assert row == {"status": "done", "same": True}


async def test_what_cannot_be_read_is_tried_thrice_and_then_given_up(
    runtime: Runtime, hands: Hands, caplog: pytest.LogCaptureFixture
) -> None:
    reader = Reader(*[ValueError("kata rahasia")] * 3)
    await store(runtime)

    waited = []
    for wait in (*WAITS, timedelta()):
        await run_once(runtime, reader)
        waited.append((await states(runtime))[0])
        assert await run_once(runtime, reader) == 0  # it waits, and longer each time
        hands.now += wait

    assert waited == [("pending", 1), ("pending", 2), ("pending", 3), ("done", 4)]
    assert len(reader.given_up) == 1
    assert len(await rows(runtime, "SELECT id FROM tickets")) == 1
    assert "rahasia" not in caplog.text


async def test_what_cannot_even_be_given_up_waits_for_an_operator(
    runtime: Runtime, hands: Hands
) -> None:
    reader = Reader(*[ValueError()] * 3, giving_up=[KeyError("x")] * 3)
    row_id = await store(runtime)
    for _ in range(8):
        await run_once(runtime, reader)
        hands.move(minutes=10)
    assert await states(runtime) == [("quarantined", 6)]

    assert await RawMessages(runtime).retry(row_id)
    await run_once(runtime, reader)

    assert await states(runtime) == [("done", 1)]
    assert not await RawMessages(runtime).retry(row_id)
    assert not await RawMessages(runtime).retry(uuid7())


@pytest.mark.parametrize("fault", [DatabaseAwayError(), StorageFull()])
async def test_a_fault_of_ours_means_later_and_counts_for_nothing(
    runtime: Runtime, hands: Hands, fault: Exception
) -> None:
    reader = Reader(*[fault] * 10)
    await store(runtime)

    for _ in range(10):
        await run_once(runtime, reader)
        hands.now += raw_reading.LATER
    assert await states(runtime) == [("pending", 0)]

    await run_once(runtime, reader)
    assert await states(runtime) == [("done", 1)]
    assert reader.given_up == []


async def test_a_message_that_takes_its_workers_down_waits_for_a_person(
    runtime: Runtime, hands: Hands
) -> None:
    async def die(_raw: Raw, _desk: Desk) -> Processed:
        raise asyncio.CancelledError

    reader = Reader(*[die] * (MOST_LOSSES + 1), giving_up=[asyncio.CancelledError()] * 9)
    await store(runtime)
    for _ in range(MOST_LOSSES + 1):
        with contextlib.suppress(asyncio.CancelledError):
            await run_once(runtime, reader)
        hands.move(seconds=11)
        await Jobs(runtime, INBOUND).sweep()
        hands.move(hours=1)

    [row] = await rows(runtime, "SELECT last_error FROM inbound WHERE status = 'quarantined'")
    assert row == {"last_error": "no worker that read it came back"}
    assert len(reader.read) + len(reader.given_up) == MOST_LOSSES


async def test_a_channel_that_is_off_keeps_its_messages(runtime: Runtime, hands: Hands) -> None:
    await store(runtime)
    nobody = Reader()
    nobody.name = "email"

    await run_once(runtime, nobody)

    [row] = await rows(runtime, "SELECT status, attempts, last_error FROM inbound")
    assert row == {"status": "pending", "attempts": 0, "last_error": "the channel is off"}
    hands.now += raw_reading.CHANNEL_OFF
    await run_once(runtime, Reader())
    assert await states(runtime) == [("done", 1)]


async def test_a_message_that_the_broker_repeats_is_read_once(runtime: Runtime) -> None:
    await store(runtime)
    [row_id] = await Jobs(runtime, INBOUND).hand_out(100)
    reader = Reader()

    await asyncio.gather(*[raw_reading.process(runtime, reader.find, row_id) for _ in range(8)])

    assert len(reader.read) == 1


async def test_a_worker_that_comes_back_late_changes_nothing(
    runtime: Runtime, hands: Hands
) -> None:
    async def be_overtaken(_raw: Raw, _desk: Desk) -> Processed:
        hands.move(minutes=5)
        await Jobs(runtime, INBOUND).sweep()
        await run_once(runtime, Reader(file_it))
        return Processed(status="dropped", note="late")

    await store(runtime)

    await run_once(runtime, Reader(be_overtaken))

    [row] = await rows(runtime, "SELECT status, attempts FROM inbound")
    assert row["status"] == "done"
    assert row["attempts"] == 2


async def test_beside_a_server_messages_are_understood_at_once(runtime: Runtime) -> None:
    reader = Reader()
    async with background(runtime, Registry({CHANNEL: reader}), wakes=WAKES):
        for number in range(3):
            await store(runtime, f"m{number}", lane="chat-1")

        async def all_done() -> bool:
            return [status for status, _ in await states(runtime)] == ["done"] * 3

        await until(all_done)

    assert [raw.external_id for raw in reader.read] == ["m0", "m1", "m2"]
