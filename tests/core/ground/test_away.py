"""With the store away a file waits on this machine, and follows; nobody waits for it."""

import asyncio
import fcntl
import logging
import os
import shutil
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from core.ground.carrier import LOOK_SECONDS, Carrier
from core.ground.database import Database, transaction
from core.ground.storage import FileMissing, Storage, StorageFull, StorageUnavailable
from core.ground.waiting_files import WaitingFiles, machines_of
from core.runtime import Runtime
from tests.builders import Hands
from tests.core.ground.fake_s3 import FakeS3, Fault, fake_s3
from tests.core.ground.test_storage import read, stream
from tests.stores import on_bucket

FAULTS: tuple[Fault, ...] = get_args(Fault)


@pytest.fixture
async def s3(runtime: Runtime) -> AsyncIterator[FakeS3]:
    del runtime  # opened first and closed last: it counts what still runs
    async with fake_s3() as server:
        yield server


@pytest.fixture
def ledger(runtime: Runtime, hands: Hands) -> WaitingFiles:
    return WaitingFiles(database=runtime.database, machine="ruang-server", clock=hands)


@pytest.fixture
async def bucket(s3: FakeS3, ledger: WaitingFiles, tmp_path: Path) -> AsyncIterator[Storage]:
    opened = on_bucket(s3, tmp_path / "own", ledger)
    yield opened
    await opened.close()


def waiting(tmp_path: Path) -> list[str]:
    return [path.name for path in (tmp_path / "own" / "waiting").glob("??/*")]


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records if record.message.startswith("files:")]


async def machine_of(database: Database, key: str) -> str | None:
    async with transaction(database) as session:
        return (await machines_of(session, [key])).get(key)


async def until(happened: Callable[[], object], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while not happened():  # noqa: ASYNC110 - it happens in a file, not in this loop
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_file_waits_here_and_nobody_waits_for_it(
    bucket: Storage, s3: FakeS3, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    now = asyncio.get_running_loop().time
    s3.fault = fault

    began = now()
    first = await bucket.put_stream(stream(b"foto"))
    first_at = now()
    second = await bucket.put_stream(stream(b"foto lain"))

    assert bucket.spool.holds(first.key)
    assert bucket.spool.holds(second.key)
    assert first_at - began < 3
    assert now() - first_at < 0.5
    assert await read(bucket, first.key) == b"foto"
    assert await bucket.size(second.key) == 9
    await until(lambda: bucket.away, 1.5)
    assert [record.levelno for record in caplog.records if record.message in said(caplog)] == [
        logging.ERROR
    ]


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_waits_follows_once_the_store_is_back(
    bucket: Storage,
    s3: FakeS3,
    ledger: WaitingFiles,
    fault: Fault,
) -> None:
    s3.fault = fault
    stored = await bucket.put_stream(stream(b"foto"))
    await until(lambda: bucket.away, 3)
    assert await machine_of(ledger.database, stored.key) == "ruang-server"

    s3.fault = None
    await Carrier(bucket, ledger).round()

    assert not bucket.spool.holds(stored.key)
    assert s3.objects[f"lampiran/{stored.key}"] == b"foto"
    assert await read(bucket, stored.key) == b"foto"
    assert await machine_of(ledger.database, stored.key) is None
    again = await bucket.put_stream(stream(b"lagi"))
    assert not bucket.spool.holds(again.key)


async def test_a_store_that_goes_away_is_noticed_with_nobody_asking_it(
    bucket: Storage, s3: FakeS3, ledger: WaitingFiles, caplog: pytest.LogCaptureFixture
) -> None:
    carrier = asyncio.create_task(Carrier(bucket, ledger).run())
    await asyncio.sleep(LOOK_SECONDS + 0.3)
    assert bucket.away is None

    s3.fault = "hangs"
    await until(lambda: said(caplog), 3)

    s3.fault = None
    await until(lambda: len(said(caplog)) == 2, 3)

    carrier.cancel()
    await asyncio.gather(carrier, return_exceptions=True)
    assert [line.split(" (")[0] for line in said(caplog)] == [
        "files: the store is away",
        "files: the store is back; what waits on this machine follows",
    ]


async def test_a_store_that_goes_away_with_a_file_in_its_hands_is_noticed(
    bucket: Storage, s3: FakeS3, ledger: WaitingFiles, caplog: pytest.LogCaptureFixture
) -> None:
    s3.fault = "refuses"
    stored = await bucket.put_stream(stream(b"foto"))
    await until(lambda: bucket.away, 1.5)
    s3.fault, s3.hangs_at = None, stored.sha256
    carrier = asyncio.create_task(Carrier(bucket, ledger).round())
    await until(lambda: bucket.away is None, 1.5)

    s3.fault = "hangs"
    async with asyncio.timeout(LOOK_SECONDS + 1.5):
        await carrier

    assert bucket.away is not None
    assert bucket.spool.holds(stored.key)
    assert len(said(caplog)) == 3


async def test_two_processes_of_one_machine_say_it_once_and_carry_one_at_a_time(
    bucket: Storage, s3: FakeS3, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = on_bucket(s3, tmp_path / "own")
    s3.fault = "breaks"

    await asyncio.gather(bucket.look(), other.look(), bucket.look())

    assert len(said(caplog)) == 1
    assert other.away == bucket.away
    with bucket.spool.carried() as first, other.spool.carried() as second:
        assert (first, second) == (True, False)


async def test_what_only_hands_out_is_still_read_from(bucket: Storage, s3: FakeS3) -> None:
    stored = await bucket.put_stream(stream(b"lama"))

    s3.fault = "read only"
    await bucket.put_stream(stream(b"baru"))
    await bucket.look()

    assert bucket.away is not None
    assert bucket.away.reads
    assert await read(bucket, stored.key) == b"lama"


async def test_a_file_that_waits_elsewhere_is_not_missing(
    bucket: Storage, s3: FakeS3, ledger: WaitingFiles, tmp_path: Path
) -> None:
    s3.fault = "refuses"
    stored = await bucket.put_stream(stream(b"di mesin lain"))
    s3.fault = None
    elsewhere = on_bucket(s3, tmp_path / "elsewhere", ledger)

    with pytest.raises(StorageUnavailable):
        await read(elsewhere, stored.key)
    await Carrier(bucket, ledger).round()
    assert await read(elsewhere, stored.key) == b"di mesin lain"
    with pytest.raises(FileMissing):
        await elsewhere.size(f"00/{'0' * 64}")


async def test_a_read_of_a_store_that_hangs_is_a_temporary_fault(
    bucket: Storage, s3: FakeS3
) -> None:
    stored = await bucket.put_stream(stream(b"lama"))
    s3.fault = "hangs"
    await bucket.look()

    async with asyncio.timeout(1):
        with pytest.raises(StorageUnavailable):
            await read(bucket, stored.key)


async def test_a_file_that_is_carried_away_while_it_is_read_is_read_to_its_end(
    bucket: Storage, s3: FakeS3, ledger: WaitingFiles
) -> None:
    content = os.urandom(3_000_000)
    s3.fault = "refuses"
    stored = await bucket.put_stream(stream(content))
    s3.fault = None

    pieces = bucket.read(stored.key)
    heard = await anext(pieces)
    await Carrier(bucket, ledger).round()
    heard += b"".join([piece async for piece in pieces])

    assert heard == content


async def test_a_store_that_mangles_a_file_does_not_get_it(
    bucket: Storage, s3: FakeS3, ledger: WaitingFiles, tmp_path: Path
) -> None:
    s3.fault = "refuses"
    stored = await bucket.put_stream(stream(b"utuh"))
    s3.fault, s3.mangles = None, True

    await Carrier(bucket, ledger).round()

    assert len(waiting(tmp_path)) == 1
    assert await read(bucket, stored.key) == b"utuh"
    assert bucket.away is None


async def test_what_waits_and_nobody_names_is_swept_with_the_store_away(
    bucket: Storage, s3: FakeS3, ledger: WaitingFiles, tmp_path: Path
) -> None:
    s3.fault = "breaks"
    named, orphan = [await bucket.put_stream(stream(text)) for text in (b"bernama", b"yatim")]
    await bucket.look()
    for path in (tmp_path / "own" / "waiting").glob("??/*"):
        os.utime(path, (0, 0))

    async def rows(_: object) -> list[str]:
        return [named.key]

    swept = await bucket.sweep_orphans(rows, datetime(2026, 1, 1, tzinfo=UTC))

    assert swept.files == 1
    assert waiting(tmp_path) == [named.sha256]
    await Carrier(bucket, ledger).round()
    assert await machine_of(ledger.database, named.key) == "ruang-server"
    assert await machine_of(ledger.database, orphan.key) is None


async def test_a_folder_that_is_gone_is_away_and_what_waited_follows(
    ledger: WaitingFiles, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shared = tmp_path / "shared"
    storage = Storage.open(shared, spool=tmp_path / "own", reserve=0, ledger=ledger)
    early = await storage.put_stream(stream(b"sebelum"))
    shared.rename(tmp_path / "aside")
    shared.write_text("a file where a folder was")

    late = await storage.put_stream(stream(b"sesudah"))
    away = await storage.look()

    assert storage.spool.holds(late.key)
    assert away is not None
    assert await read(storage, late.key) == b"sesudah"
    with pytest.raises(StorageUnavailable):
        await read(storage, early.key)
    assert "shared" not in "".join(said(caplog))

    shared.unlink()
    (tmp_path / "aside").rename(shared)
    await Carrier(storage, ledger).round()
    assert (shared / late.key).read_bytes() == b"sesudah"
    assert await read(storage, early.key) == b"sebelum"
    await storage.close()


async def test_an_empty_mount_point_is_no_store_for_the_next_process_either(
    ledger: WaitingFiles, tmp_path: Path
) -> None:
    shared, own = tmp_path / "mounted" / "shared", tmp_path / "own"
    storage = Storage.open(shared, spool=own, reserve=0, ledger=ledger)
    await storage.put_stream(stream(b"sebelum"))
    await storage.close()
    shared.rename(tmp_path / "aside")
    shared.mkdir()  # where it was mounted

    later = Storage.open(shared, spool=own, reserve=0, ledger=ledger)
    away = await later.look()
    kept = await later.put_stream(stream(b"sesudah"))
    await Carrier(later, ledger).round()

    assert away is not None
    assert later.spool.holds(kept.key)
    assert list(shared.iterdir()) == []
    await later.close()


async def test_a_folder_that_hangs_keeps_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    storage = Storage.open(tmp_path / "shared", spool=tmp_path / "own", reserve=0)
    await storage.put_stream(stream(b"sebelum"))
    now = asyncio.get_running_loop().time

    with (tmp_path / "shared" / ".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # whoever touches the folder now hangs
        began = now()
        first = await storage.put_stream(stream(b"sesudah"))
        first_at = now()
        second = await storage.put_stream(stream(b"kemudian"))
        second_at = now()
        await until(lambda: said(caplog), 1.5)

    assert storage.spool.holds(first.key)
    assert storage.spool.holds(second.key)
    assert first_at - began < 3
    assert second_at - first_at < 0.5
    assert storage.away is not None
    await storage.look()
    assert storage.away is None
    await storage.close()


async def test_where_neither_place_takes_it_the_fault_is_temporary(
    s3: FakeS3, tmp_path: Path
) -> None:
    s3.fault = "refuses"
    reserve = shutil.disk_usage(tmp_path).free * 2

    with pytest.raises(StorageFull):
        await on_bucket(s3, tmp_path / "own", reserve=reserve).put_stream(stream(b"x"))
