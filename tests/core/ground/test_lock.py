"""A lock has one holder, who is told when it is lost."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import text

from core.ground.database import DatabaseAwayError, open_database, transaction
from core.ground.lock import alone
from core.runtime import Runtime

SPACE = 7


async def test_a_name_is_held_by_one_and_free_again_after_them(runtime: Runtime) -> None:
    async with alone(runtime.database, SPACE, "a") as first:
        async with alone(runtime.database, SPACE, "a") as second:
            assert second is None
        async with alone(runtime.database, SPACE, "b") as other:
            assert other is not None
        async with alone(runtime.database, SPACE + 1, "a") as elsewhere:
            assert elsewhere is not None

    assert first is not None
    async with alone(runtime.database, SPACE, "a") as again:
        assert again is not None


async def test_whoever_loses_it_is_told(runtime: Runtime) -> None:
    holders = text(
        "SELECT pg_terminate_backend(pid) FROM pg_locks"
        " WHERE locktype = 'advisory' AND classid = :space"
    )
    async with alone(runtime.database, SPACE, "a") as lost:
        assert lost is not None
        async with transaction(runtime.database) as session:
            await session.execute(holders, {"space": SPACE})
        async with asyncio.timeout(5):
            await lost.wait()


async def test_a_database_that_is_away_says_so(runtime: Runtime) -> None:
    url = "postgresql://postgres@/kiss?host=/nowhere"
    nowhere = replace(runtime, database=await open_database(url, runtime.settings, runtime.clock))

    with pytest.raises(DatabaseAwayError):
        async with alone(nowhere.database, SPACE, "a"):
            pass
    await nowhere.database.close()
