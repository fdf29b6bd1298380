"""Killed at any point, a file is in the spool or in the store, and its row says so in the end."""

import asyncio
import hashlib
import signal
import sys
from pathlib import Path

import pytest

from core.ground.carrier import Carrier
from core.ground.database import transaction
from core.ground.storage import Storage
from core.ground.waiting_files import WaitingFiles, machines_of
from core.runtime import Runtime
from tests.core.ground.test_storage import read
from tests.root import ROOT

WORDS = b"foto bangsal"
DIGEST = hashlib.sha256(WORDS).hexdigest()
KEY = f"{DIGEST[:2]}/{DIGEST}"

PROGRAM = """
import asyncio, sys
from pathlib import Path
from core.ground.carrier import Carrier
from core.ground.clock import system_clock
from core.ground.database import open_database
from core.ground.settings import Settings
from core.ground.storage import Storage
from core.ground.waiting_files import WaitingFiles
async def words():
    yield b"foto bangsal"
async def main(url, folder, away):
    database = await open_database(url, Settings(database_timeout=30), system_clock)
    ledger = WaitingFiles(database=database, machine="lama", clock=system_clock)
    storage = Storage.open(folder / "store", spool=folder / "own", reserve=0, ledger=ledger)
    if away:
        (folder / "store").write_text("no folder")
        await storage.put_stream(words())
        (folder / "store").unlink()
        return
    await Carrier(storage, ledger).round()
    await database.close()
asyncio.run(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3] == "away"))
"""


async def run(url: str, folder: Path, what: str, fault: str = "") -> int:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, url, str(folder), what),
        env={"PYTHONPATH": str(ROOT), "KISS_TEST": "1", "FAULT_AT": fault},
        stdout=asyncio.subprocess.PIPE,
    )
    await child.communicate()
    assert child.returncode is not None
    return child.returncode


@pytest.mark.fault
@pytest.mark.parametrize("at", ["file.carried", "file.struck"])
async def test_a_carrier_killed_anywhere_leaves_the_file_and_the_next_one_ends_it(
    runtime: Runtime,
    database_url: str,
    tmp_path: Path,
    at: str,
) -> None:
    ledger = WaitingFiles(database=runtime.database, machine="baru", clock=runtime.clock)
    storage = Storage.open(
        tmp_path / "store", spool=tmp_path / "own", reserve=0, ledger=ledger, clock=runtime.clock
    )
    assert await run(database_url, tmp_path, "away") == 0
    assert storage.spool.holds(KEY)

    assert await run(database_url, tmp_path, "carry", at) == -signal.SIGKILL

    assert storage.spool.holds(KEY)
    assert (tmp_path / "store" / KEY).read_bytes() == WORDS
    assert bool(await rows(runtime)) == (at == "file.carried")
    assert await read(storage, KEY) == WORDS

    await Carrier(storage, ledger).round()

    assert not storage.spool.holds(KEY)
    assert (tmp_path / "store" / KEY).read_bytes() == WORDS
    assert not await rows(runtime)
    assert list((tmp_path / "store" / ".incoming").iterdir()) == []


@pytest.mark.fault
async def test_a_process_killed_before_it_could_say_that_a_file_waits_leaves_that_to_the_carrier(
    runtime: Runtime, database_url: str, tmp_path: Path
) -> None:
    assert await run(database_url, tmp_path, "away", "file.spooled") == -signal.SIGKILL
    ledger = WaitingFiles(database=runtime.database, machine="baru", clock=runtime.clock)
    storage = Storage.open(tmp_path / "store", spool=tmp_path / "own", reserve=0, ledger=ledger)
    assert storage.spool.holds(KEY)
    assert not await rows(runtime)

    await Carrier(storage, ledger).round()  # "store" is still a file where a folder should be
    assert await rows(runtime) == {KEY: "baru"}

    (tmp_path / "store").unlink()
    await Carrier(storage, ledger).round()
    assert (tmp_path / "store" / KEY).read_bytes() == WORDS
    assert not await rows(runtime)


async def test_what_was_damaged_here_replaces_no_good_copy_there(
    runtime: Runtime, database_url: str, tmp_path: Path
) -> None:
    assert await run(database_url, tmp_path, "away") == 0
    ledger = WaitingFiles(database=runtime.database, machine="baru", clock=runtime.clock)
    storage = Storage.open(tmp_path / "store", spool=tmp_path / "own", reserve=0, ledger=ledger)
    good = tmp_path / "store" / KEY
    good.parent.mkdir(parents=True)
    good.write_bytes(WORDS)
    storage.spool.path(KEY).write_bytes(b"foto rusak")
    (storage.spool.path(KEY).parent / "notes.txt").write_text("nothing of ours")

    await Carrier(storage, ledger).round()

    assert good.read_bytes() == WORDS
    assert storage.spool.backlog().files == 1
    await storage.close()


async def rows(runtime: Runtime) -> dict[str, str]:
    async with transaction(runtime.database) as session:
        return dict(await machines_of(session, [KEY]))
