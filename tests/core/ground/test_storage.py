"""Files are durable under their key or not there at all, on a disk and in a bucket."""

import asyncio
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.ground.storage import FileMissing, Storage, StorageFull, StorageUnavailable
from tests.core.ground.fake_s3 import BUCKET, FakeS3, fake_s3
from tests.stores import on_bucket

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
FAR_AHEAD = datetime(2100, 1, 1, tzinfo=UTC)


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def read(storage: Storage, key: str, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([chunk async for chunk in storage.read(key, start, end)])


def stored_files(folder: Path) -> list[Path]:
    return [path for path in folder.glob("??/*") if path.is_file()]


def leftovers(folder: Path) -> list[Path]:
    return list((folder / ".incoming").iterdir())


def age(path: Path, moment: datetime) -> None:
    os.utime(path, (moment.timestamp(), moment.timestamp()))


async def nobody_knows(_: Collection[str]) -> Collection[str]:
    return ()


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage.open(tmp_path, reserve=0)


async def test_a_stream_is_stored_under_the_hash_of_its_bytes(
    storage: Storage, tmp_path: Path
) -> None:
    stored = await storage.put_stream(stream(b"satu ", b"dua", b""))

    digest = hashlib.sha256(b"satu dua").hexdigest()
    assert (stored.key, stored.sha256, stored.size) == (f"{digest[:2]}/{digest}", digest, 8)
    assert await read(storage, stored.key) == b"satu dua"
    assert [path.stat().st_mode & 0o777 for path in stored_files(tmp_path)] == [0o600]
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize(("start", "end"), [(0, 4), (3, 4), (5, None), (0, None), (2, 3_000_000)])
async def test_any_range_can_be_read(storage: Storage, start: int, end: int | None) -> None:
    content = os.urandom(3_000_000)
    stored = await storage.put_stream(stream(content))

    assert await read(storage, stored.key, start, end) == content[start:end]


async def test_an_empty_file_and_the_same_file_twice_are_fine(
    storage: Storage, tmp_path: Path
) -> None:
    await asyncio.gather(*[storage.put_stream(stream(b"sama")) for _ in range(20)])
    empty = await storage.put_stream(stream())

    assert len(stored_files(tmp_path)) == 2
    assert await storage.size(empty.key) == 0


async def test_a_stream_that_breaks_leaves_nothing(storage: Storage, tmp_path: Path) -> None:
    async def breaking() -> AsyncIterator[bytes]:
        yield b"x" * 2_000_000
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await storage.put_stream(breaking())

    assert stored_files(tmp_path) == leftovers(tmp_path) == []


async def test_a_cancelled_upload_leaves_nothing(storage: Storage, tmp_path: Path) -> None:
    arrived = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 700_000
            arrived.set()

    task = asyncio.create_task(storage.put_stream(endless()))
    await arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert stored_files(tmp_path) == leftovers(tmp_path) == []


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "ab/abc", "AB/" + "A" * 64, "ab/\0"])
async def test_a_key_that_is_not_ours_is_missing(storage: Storage, key: str) -> None:
    with pytest.raises(FileMissing):
        await read(storage, key)
    assert not await storage.exists(key)


async def test_what_is_gone_is_missing(storage: Storage, tmp_path: Path) -> None:
    stored = await storage.put_stream(stream(b"x"))

    (tmp_path / stored.key).unlink()

    assert not await storage.exists(stored.key)
    with pytest.raises(FileMissing):
        await read(storage, stored.key)


@pytest.mark.fault
@pytest.mark.parametrize("written", [10, 5_000_000])
async def test_a_process_killed_while_writing_leaves_no_key_and_the_sweep_cleans_up(
    storage: Storage, tmp_path: Path, written: int
) -> None:
    program = f"""
import asyncio, sys
from core.ground.storage import Storage
async def main():
    async with Storage.open({str(tmp_path)!r}, reserve=0).draft() as draft:
        await draft.write(b"x" * {written})
        print("written", flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    assert await child.stdout.readline() == b"written\n"
    child.send_signal(signal.SIGKILL)
    await child.wait()

    assert stored_files(tmp_path) == []
    assert len(leftovers(tmp_path)) == 1
    swept = await storage.sweep_orphans(nobody_knows, FAR_AHEAD)
    assert (swept.files, swept.leftovers) == (0, 1)
    assert leftovers(tmp_path) == []


async def test_the_sweep_takes_old_files_that_no_row_names(
    storage: Storage, tmp_path: Path
) -> None:
    named, orphan, young = [
        await storage.put_stream(stream(content)) for content in (b"bernama", b"yatim", b"muda")
    ]
    for stored in (named, orphan):
        age(tmp_path / stored.key, LONG_AGO)

    async def rows(keys: Collection[str]) -> Collection[str]:
        return {named.key}.intersection(keys)

    swept = await storage.sweep_orphans(rows, LONG_AGO + timedelta(days=1))

    assert swept.files == 1
    assert [await storage.exists(stored.key) for stored in (named, orphan, young)] == [
        True,
        False,
        True,
    ]


async def test_an_orphan_that_is_sent_again_is_young_again(
    storage: Storage, tmp_path: Path
) -> None:
    stored = await storage.put_stream(stream(b"lagi"))
    age(tmp_path / stored.key, LONG_AGO)

    async def sent_again_meanwhile(_: Collection[str]) -> Collection[str]:
        await storage.put_stream(stream(b"lagi"))
        return ()

    swept = await storage.sweep_orphans(sent_again_meanwhile, LONG_AGO + timedelta(days=1))

    assert swept.files == 0
    assert await read(storage, stored.key) == b"lagi"


async def test_the_reserve_of_the_disk_is_not_touched(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free

    with pytest.raises(StorageFull):
        await Storage.open(tmp_path, reserve=free * 2).put_stream(stream(b"x"))

    assert stored_files(tmp_path) == leftovers(tmp_path) == []


async def test_a_full_disk_is_said_and_recovers(tmp_path: Path) -> None:
    program = f"""
import asyncio
from core.ground.storage import Storage, StorageFull
async def chunks(count):
    for n in range(count):
        yield n.to_bytes(4, "big") * 250_000
async def main():
    storage = Storage.open({str(tmp_path)!r}, reserve=0)
    try:
        await storage.put_stream(chunks(8))
    except StorageFull as full:
        print(type(full.__cause__).__name__)
    print((await storage.put_stream(chunks(2))).size)
asyncio.run(main())
"""
    in_small_disk = f"mount -t tmpfs -o size=4m none {tmp_path} && exec {sys.executable} -"
    done = subprocess.run(  # noqa: ASYNC221 - the test has nothing else to do
        ["unshare", "--map-root-user", "--mount", "sh", "-c", in_small_disk],
        input=program.encode(),
        env={"PYTHONPATH": str(Path.cwd()), "PATH": os.environ["PATH"]},
        capture_output=True,
        timeout=60,
        check=False,
    )
    if b"unshare" in done.stderr or b"mount" in done.stderr:
        pytest.skip("no small disk can be mounted here")
    lines = done.stdout.decode().split()

    assert lines in (["OSError", "2000000"], ["NoneType", "2000000"]), done.stderr


async def test_a_lost_folder_is_a_temporary_fault_without_a_path_in_it(tmp_path: Path) -> None:
    storage = Storage.open(tmp_path / "secret-place", reserve=0)
    shutil.rmtree(tmp_path / "secret-place")

    with pytest.raises(StorageUnavailable) as fault:
        await storage.put_stream(stream(b"x"))

    assert "secret-place" not in str(fault.value)


@pytest.fixture
async def s3() -> AsyncIterator[FakeS3]:
    async with fake_s3() as server:
        yield server


@pytest.fixture
def bucket(s3: FakeS3, tmp_path: Path) -> Storage:
    return on_bucket(s3, tmp_path / "spool")


@pytest.mark.parametrize("size", [0, 11], ids=["empty", "small"])
async def test_a_bucket_keeps_what_a_folder_keeps(
    bucket: Storage, s3: FakeS3, tmp_path: Path, size: int
) -> None:
    content = os.urandom(size)

    stored = await bucket.put_stream(stream(content[:7], content[7:]))

    assert s3.objects[f"lampiran/{stored.key}"] == content
    assert await bucket.size(stored.key) == size
    assert await read(bucket, stored.key) == content
    assert list((tmp_path / "spool").iterdir()) == []
    if size:
        assert await read(bucket, stored.key, 3, 9) == content[3:9]


async def test_a_large_file_goes_to_a_bucket_in_parts(bucket: Storage, s3: FakeS3) -> None:
    block, times = os.urandom(1_000_000), 17
    told = hashlib.sha256(block * times).hexdigest()

    stored = await bucket.put_stream(stream(*[block] * times))

    heard = hashlib.sha256()
    async for chunk in bucket.read(stored.key):
        heard.update(chunk)
    assert heard.hexdigest() == told
    assert sum("partNumber" in request for request in s3.requests) == 3


async def test_a_bucket_is_swept(bucket: Storage, s3: FakeS3) -> None:
    old, young = [await bucket.put_stream(stream(content)) for content in (b"tua", b"muda")]
    s3.modified[f"lampiran/{old.key}"] = LONG_AGO

    swept = await bucket.sweep_orphans(nobody_knows, LONG_AGO + timedelta(days=1))
    assert swept.files == 1
    assert list(s3.objects) == [f"lampiran/{young.key}"]

    s3.objects.clear()
    with pytest.raises(FileMissing):
        await read(bucket, young.key)


def test_a_bucket_needs_a_spool_folder() -> None:
    with pytest.raises(ValueError, match="spool"):
        Storage.open(f"s3://{BUCKET}")
