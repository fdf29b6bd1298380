import asyncio
from pathlib import Path

import pytest

from core.ground.database import DatabaseAwayError
from core.ground.settings import Settings
from core.jobs.inbound import INBOUND
from core.jobs.leasing import Jobs, Settled
from core.jobs.raw_messages import RawMessages
from core.opening import open_runtime
from core.runtime import Runtime
from intake.channel import Processed
from tests.builders import MONDAY, Hands
from tests.intake.raw import CHANNEL, Reader, run_once, states, store
from tests.notifier.posting import rows


async def test_told_again_it_is_one_row_and_another_content_is_another(runtime: Runtime) -> None:
    first = await store(runtime, "m1", b"sama")

    told = await asyncio.gather(
        *[RawMessages(runtime).store(CHANNEL, "m1", b"sama", {}, MONDAY) for _ in range(20)]
    )
    other, is_new = await RawMessages(runtime).store(CHANNEL, "m1", b"lain", {}, MONDAY)

    assert set(told) == {(first, False)}
    assert is_new
    assert other != first
    assert len(await states(runtime)) == 2


async def test_twenty_equal_messages_at_once_are_new_once(runtime: Runtime) -> None:
    told = await asyncio.gather(
        *[RawMessages(runtime).store(CHANNEL, "m1", b"sama", {}, MONDAY) for _ in range(20)]
    )

    assert len({row_id for row_id, _ in told}) == 1
    assert sum(is_new for _, is_new in told) == 1


@pytest.mark.parametrize(
    "name", ["nol \0 di sini", "\ud800 sendiri", "x" * 5000, "🩺" * 3000, "", "baris\r\nbaru"]
)
async def test_no_name_from_outside_keeps_a_message_out(runtime: Runtime, name: str) -> None:
    envelope = {"lane": name, name: [name, {"dalam": (name, None, True, 1.5, MONDAY)}]}

    first = await RawMessages(runtime).store(CHANNEL, name, b"Halo", envelope, MONDAY)
    again = await RawMessages(runtime).store(CHANNEL, name, b"Halo", envelope, MONDAY)
    await RawMessages(runtime).store(CHANNEL, name + "y", b"Halo", envelope, MONDAY)
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
    [row] = await rows(runtime, "SELECT raw, raw_path, status, last_error FROM inbound")
    assert row["raw"] is None
    assert await runtime.storage.exists(str(row["raw_path"]))
    assert (row["status"], row["last_error"]) == ("dropped", "a repeat")


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
    hands.move(seconds=12)
    for _ in range(4):
        await run_once(runtime, reader)

    assert early == ["m0", "m2", "m3"]
    assert [raw.external_id for raw in reader.read][3:] == ["m0", "m1", "m4"]


async def test_a_message_read_again_is_nobodys_any_more(runtime: Runtime) -> None:
    row_id = await store(runtime)
    jobs = Jobs(runtime, INBOUND)
    await jobs.hand_out(1)
    async with jobs.held(row_id) as held:
        assert held is not None
        await jobs.settle(held, Settled(status="quarantined"))
        assert await RawMessages(runtime).retry(row_id)

        assert not await jobs.settle(held, Settled(status="pending", counts=False))

    assert await states(runtime) == [("pending", 0)]


async def test_while_the_database_is_away_nothing_is_promised(tmp_path: Path, hands: Hands) -> None:
    settings = Settings(data=tmp_path, secret_key="a secret for tests, and long enough")
    nowhere = f"postgresql://postgres@/kiss?host={tmp_path}/nowhere"
    async with open_runtime(settings, nowhere, clock=hands) as ill:
        with pytest.raises(DatabaseAwayError):
            await store(ill)
