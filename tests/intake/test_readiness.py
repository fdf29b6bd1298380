"""What `/readyz` says is true, and said within two seconds, whatever has become of the database."""

import asyncio
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from core.ground.database import alchemy_url, plain_url
from core.ground.readiness import Readiness
from core.ground.storage import Storage
from core.hospital.directory_store import FRESH_SECONDS
from core.runtime import Runtime
from intake import embedded
from migrations.roles import application_of
from migrations.upgrade import upgrade
from tests.intake.channels.web.forms import get, serve


async def asked(readiness: Readiness) -> tuple[str, float]:
    began = time.monotonic()
    return await readiness.trouble(), time.monotonic() - began


async def test_a_house_that_takes_reports_is_ready_and_leaves_no_row_behind(
    runtime: Runtime,
) -> None:
    async with serve(runtime) as visitor:
        page = await get(visitor, "/readyz")

    left = await runtime.database.pool.fetchval("SELECT count(*) FROM rate_limits")
    assert (page.status, page.text, left) == (200, "ok\n", 0)


async def test_a_hundred_who_ask_at_once_are_one_question(runtime: Runtime) -> None:
    readiness = Readiness(runtime.readiness.url)
    before = await runtime.database.pool.fetchval(_INSERTED)

    told = await asyncio.gather(*(readiness.trouble() for _ in range(100)))
    await readiness.close()

    async with asyncio.timeout(20):
        while (now := await runtime.database.pool.fetchval(_INSERTED)) == before:  # noqa: ASYNC110 - statistics tell nobody
            await asyncio.sleep(0.2)
    assert set(told) == {""}
    assert now - before == 8


_INSERTED = "SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'rate_limits'"


async def test_a_database_that_only_reads_is_not_ready(runtime: Runtime, owner_url: str) -> None:
    owner = await asyncpg.connect(plain_url(owner_url))
    name = await owner.fetchval("SELECT current_database()")
    readiness = Readiness(runtime.readiness.url)
    try:
        await owner.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        assert (await asked(readiness))[0] == "read only"
    finally:
        await owner.execute("SET default_transaction_read_only = off")
        await owner.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
        await owner.close()
    await asyncio.sleep(1.1)
    assert (await asked(readiness))[0] == ""
    await readiness.close()


async def test_without_room_for_files_it_is_degraded_and_says_so(
    runtime: Runtime, tmp_path: Path
) -> None:
    full = Storage.open(tmp_path / "files", spool=tmp_path / "spool", reserve=1 << 60)

    async with serve(replace(runtime, storage=full)) as visitor:
        page = await get(visitor, "/readyz")

    assert (page.status, page.text.splitlines()[0]) == (200, "degraded")
    assert "files: no room" in page.text


@pytest.fixture
def server() -> Iterator[embedded.Server]:
    """A PostgreSQL of one's own, which may be frozen."""
    with tempfile.TemporaryDirectory(prefix="kiss-ready-") as name:
        place = Path(name)
        place.chmod(0o755)
        with embedded.running(place / "data", state=place / "state") as one:
            one.create_database("kiss")
            yield one


async def made(server: embedded.Server) -> Readiness:
    engine = create_async_engine(alchemy_url(server.owner_dsn()))
    await upgrade(engine, application_of(server.dsn()))
    await engine.dispose()
    return Readiness(server.dsn())


@pytest.mark.fault
@pytest.mark.parametrize("known", [True, False])
async def test_a_frozen_database_is_told_of_within_two_seconds(
    server: embedded.Server, known: bool
) -> None:
    readiness = await made(server)
    assert server.process is not None
    if known:
        assert await readiness.trouble() == ""
        await asyncio.sleep(1.1)
    os.killpg(server.process.pid, signal.SIGSTOP)
    for child in children(server.process.pid):
        os.kill(child, signal.SIGSTOP)
    try:
        trouble, seconds = await asked(readiness)
    finally:
        for child in children(server.process.pid):
            os.kill(child, signal.SIGCONT)
        os.killpg(server.process.pid, signal.SIGCONT)
    assert trouble == "silent"
    assert seconds < 2

    await asyncio.sleep(1.1)
    assert (await asked(readiness))[0] == ""
    await readiness.close()


@pytest.mark.fault
async def test_a_database_that_is_gone_is_away_and_comes_back(server: embedded.Server) -> None:
    readiness = await made(server)
    assert await readiness.trouble() == ""
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    await asyncio.sleep(1.1)

    assert (await asked(readiness))[0] == "away"

    assert embedded.revive(server)
    await asyncio.sleep(1.1)
    assert (await asked(readiness))[0] == ""
    await readiness.close()


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


async def test_pages_do_not_wait_for_the_hospitals_name(runtime: Runtime, owner_url: str) -> None:
    owner = await asyncpg.connect(plain_url(owner_url))
    try:
        async with serve(runtime) as visitor:
            assert (await get(visitor, "/tracking")).status == 200
            async with owner.transaction():
                await owner.execute("LOCK TABLE directory_version")
                await asyncio.sleep(FRESH_SECONDS)
                began = time.monotonic()
                told = [(await get(visitor, path)).status for path in ("/readyz", "/livez")]
                told += [(await get(visitor, "/tracking")).status for _ in range(5)]
                took = time.monotonic() - began
    finally:
        await owner.close()

    assert told == [200] * 7
    assert took < 4  # half a second once; each of them waited for seconds before
