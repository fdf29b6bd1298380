import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from aiohttp import web

from core.ground.database import DatabaseAwayError
from core.ground.ids import uuid7
from core.ground.settings import Settings
from core.ground.storage import StorageFull
from core.opening import open_runtime
from core.runtime import Runtime
from core.tickets.desk import Desk
from intake import raw_messages
from intake.channel import Processed, Raw, Receiver
from intake.registry import Registry
from notifier.worker import background
from tests.builders import MONDAY, Hands, submission
from tests.notifier.posting import rows, until
from tests.serving import WAKES

CHANNEL = "skeleton"
Answer = Exception | Processed | Callable[[Raw, Desk], Awaitable[Processed]]


class Reader:
    """A channel that understands as it is told, and otherwise files a ticket."""

    name = CHANNEL
    reporting = "tulisan"

    def __init__(self, *answers: Answer, giving_up: list[Exception] | None = None) -> None:
        self.answers = list(answers)
        self.giving_up = giving_up or []
        self.read: list[Raw] = []
        self.given_up: list[Raw] = []

    def mount(self, app: web.Application, desk: Desk) -> None:
        """Nothing to add: the tests store by themselves."""

    async def process(self, raw: Raw, desk: Desk) -> Processed:
        self.read.append(raw)
        answer = self.answers.pop(0) if self.answers else _file
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Processed) else await answer(raw, desk)

    async def give_up(self, raw: Raw, desk: Desk) -> Processed:
        self.given_up.append(raw)
        if self.giving_up:
            raise self.giving_up.pop(0)
        return await _file(raw, desk)

    def find(self, name: str) -> Receiver | None:
        return self if name == self.name else None


async def _file(raw: Raw, desk: Desk) -> Processed:
    words = raw.content[:1000].decode()
    receipt = await desk.submit(submission(channel=CHANNEL, key=raw.external_id, words=words))
    return Processed(ticket_id=receipt.ticket_id)


async def store(
    runtime: Runtime, external_id: str = "m1", content: bytes = b"Halo", **envelope: object
) -> UUID:
    row_id, _ = await raw_messages.store(runtime, CHANNEL, external_id, content, envelope, MONDAY)
    return row_id


async def run_once(runtime: Runtime, reader: Reader) -> int:
    ids = await raw_messages.lease(runtime, timedelta(minutes=1), 100)
    for row_id in ids:
        await raw_messages.process(runtime, reader.find, row_id)
    return len(ids)


async def states(runtime: Runtime) -> list[tuple[object, object]]:
    found = await rows(runtime, "SELECT status, attempts FROM inbound ORDER BY seq")
    return [(row["status"], row["attempts"]) for row in found]


async def test_what_was_stored_is_committed_and_becomes_a_ticket(runtime: Runtime) -> None:
    row_id, is_new = await raw_messages.store(
        runtime, CHANNEL, "m1", b"AC mati.", {"peer": "198.51.100.7"}, MONDAY
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


async def test_told_again_it_is_one_row_and_another_content_is_another(runtime: Runtime) -> None:
    first = await store(runtime, "m1", b"sama")

    told = await asyncio.gather(
        *[raw_messages.store(runtime, CHANNEL, "m1", b"sama", {}, MONDAY) for _ in range(20)]
    )
    other, is_new = await raw_messages.store(runtime, CHANNEL, "m1", b"lain", {}, MONDAY)

    assert set(told) == {(first, False)}
    assert is_new
    assert other != first
    assert len(await states(runtime)) == 2


async def test_twenty_equal_messages_at_once_are_new_once(runtime: Runtime) -> None:
    told = await asyncio.gather(
        *[raw_messages.store(runtime, CHANNEL, "m1", b"sama", {}, MONDAY) for _ in range(20)]
    )

    assert len({row_id for row_id, _ in told}) == 1
    assert sum(is_new for _, is_new in told) == 1


@pytest.mark.parametrize(
    "name", ["nol \0 di sini", "\ud800 sendiri", "x" * 5000, "🩺" * 3000, "", "baris\r\nbaru"]
)
async def test_no_name_from_outside_keeps_a_message_out(runtime: Runtime, name: str) -> None:
    envelope = {"lane": name, name: [name, {"dalam": (name, None, True, 1.5, MONDAY)}]}

    first = await raw_messages.store(runtime, CHANNEL, name, b"Halo", envelope, MONDAY)
    again = await raw_messages.store(runtime, CHANNEL, name, b"Halo", envelope, MONDAY)
    await raw_messages.store(runtime, CHANNEL, name + "y", b"Halo", envelope, MONDAY)
    for _ in range(2):
        await run_once(runtime, Reader(*[Processed(status="dropped")] * 2))

    assert first[1]
    assert again == (first[0], False)
    assert await states(runtime) == [("dropped", 1)] * 2


async def test_a_large_message_lies_in_storage_and_comes_back_whole(runtime: Runtime) -> None:
    content = bytes(range(256)) * 5000  # 1.28 MB
    reader = Reader(Processed(status="dropped", note="a repeat"))

    await store(runtime, content=content)
    await run_once(runtime, reader)

    assert reader.read[0].content == content
    [row] = await rows(runtime, "SELECT raw, raw_path, status, error FROM inbound")
    assert row["raw"] is None
    assert await runtime.storage.exists(str(row["raw_path"]))
    assert (row["status"], row["error"]) == ("dropped", "a repeat")


async def test_what_cannot_be_read_is_tried_thrice_and_then_given_up(
    runtime: Runtime, hands: Hands, caplog: pytest.LogCaptureFixture
) -> None:
    reader = Reader(*[ValueError("kata rahasia")] * 3)
    await store(runtime)

    waited = []
    for wait in (*raw_messages.WAITS, timedelta()):
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

    assert await raw_messages.retry(runtime, row_id)
    await run_once(runtime, reader)

    assert await states(runtime) == [("done", 1)]
    assert not await raw_messages.retry(runtime, row_id)
    assert not await raw_messages.retry(runtime, uuid7())


@pytest.mark.parametrize("fault", [DatabaseAwayError(), StorageFull()])
async def test_a_fault_of_ours_means_later_and_counts_for_nothing(
    runtime: Runtime, hands: Hands, fault: Exception
) -> None:
    reader = Reader(*[fault] * 10)
    await store(runtime)

    for _ in range(10):
        await run_once(runtime, reader)
        hands.now += raw_messages.LATER
    assert await states(runtime) == [("pending", 0)]

    await run_once(runtime, reader)
    assert await states(runtime) == [("done", 1)]
    assert reader.given_up == []


async def test_a_channel_that_is_off_keeps_its_messages(runtime: Runtime, hands: Hands) -> None:
    await store(runtime)
    nobody = Reader()
    nobody.name = "email"

    await run_once(runtime, nobody)

    [row] = await rows(runtime, "SELECT status, attempts, error FROM inbound")
    assert row == {"status": "pending", "attempts": 0, "error": "the channel is off"}
    hands.now += raw_messages.CHANNEL_OFF
    await run_once(runtime, Reader())
    assert await states(runtime) == [("done", 1)]


async def test_a_lane_is_read_in_order_and_holds_up_no_other(
    runtime: Runtime, hands: Hands
) -> None:
    reader = Reader(ValueError())
    for number, lane in enumerate(("chat-1", "chat-1", "chat-2", None, "chat-1")):
        envelope = {} if lane is None else {"lane": lane}
        await store(runtime, f"m{number}", f"pesan {number}".encode(), **envelope)

    for _ in range(2):
        await run_once(runtime, reader)
    early = [raw.external_id for raw in reader.read]
    hands.move(seconds=10)
    for _ in range(4):
        await run_once(runtime, reader)

    assert early == ["m0", "m2", "m3"]
    assert [raw.external_id for raw in reader.read][3:] == ["m0", "m1", "m4"]


async def test_two_relays_never_lease_the_same_message(runtime: Runtime) -> None:
    for number in range(60):
        await store(runtime, f"m{number}")

    leased = await asyncio.gather(
        *[raw_messages.lease(runtime, timedelta(minutes=1), 100) for _ in range(5)]
    )

    ids = [row_id for batch in leased for row_id in batch]
    assert len(ids) == len(set(ids)) == 60


async def test_a_message_that_the_broker_repeats_is_read_once(runtime: Runtime) -> None:
    await store(runtime)
    [row_id] = await raw_messages.lease(runtime, timedelta(minutes=1), 100)
    reader = Reader()

    await asyncio.gather(*[raw_messages.process(runtime, reader.find, row_id) for _ in range(8)])

    assert len(reader.read) == 1


async def test_the_sweeper_brings_back_what_a_dead_worker_held(
    runtime: Runtime, hands: Hands
) -> None:
    async def die(_raw: Raw, _desk: Desk) -> Processed:
        raise asyncio.CancelledError

    await store(runtime)
    [row_id] = await raw_messages.lease(runtime, timedelta(minutes=1), 100)
    with pytest.raises(asyncio.CancelledError):
        await raw_messages.process(runtime, Reader(die).find, row_id)
    assert await states(runtime) == [("processing", 1)]

    hands.move(seconds=149)
    early = await raw_messages.sweep(runtime)
    hands.move(seconds=2)
    late = await raw_messages.sweep(runtime)
    await run_once(runtime, Reader())

    assert (early, late) == (0, 1)
    assert await states(runtime) == [("done", 2)]


async def test_a_worker_that_comes_back_late_changes_nothing(
    runtime: Runtime, hands: Hands
) -> None:
    async def be_overtaken(_raw: Raw, _desk: Desk) -> Processed:
        hands.move(minutes=5)
        await raw_messages.sweep(runtime)
        await run_once(runtime, Reader(_file))
        return Processed(status="dropped", note="late")

    await store(runtime)

    await run_once(runtime, Reader(be_overtaken))

    [row] = await rows(runtime, "SELECT status, error, attempts FROM inbound")
    assert row["status"] == "done"
    assert row["attempts"] == 2


async def test_while_the_database_is_away_nothing_is_promised(tmp_path: Path, hands: Hands) -> None:
    settings = Settings(data=tmp_path, secret_key="a secret for tests")
    nowhere = f"postgresql://postgres@/kiss?host={tmp_path}/nowhere"
    async with open_runtime(settings, nowhere, clock=hands) as ill:
        with pytest.raises(DatabaseAwayError):
            await store(ill)


async def test_beside_a_server_messages_are_understood_at_once(runtime: Runtime) -> None:
    reader = Reader()
    async with background(runtime, Registry({CHANNEL: reader}), wakes=WAKES):
        for number in range(3):
            await store(runtime, f"m{number}", lane="chat-1")

        async def all_done() -> bool:
            return [status for status, _ in await states(runtime)] == ["done"] * 3

        await until(all_done)

    assert [raw.external_id for raw in reader.read] == ["m0", "m1", "m2"]
