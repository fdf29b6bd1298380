"""Every row says when it was written, by the clock of whoever writes it."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import create_async_engine

from core.ground.database import alchemy_url, transaction
from core.hospital.unit import UnitType
from core.runtime import Runtime
from tests.builders import MONDAY, Hands

AN_HOUR = timedelta(hours=1)


async def test_what_is_written_is_stamped_by_the_injected_clock(
    runtime: Runtime, hands: Hands
) -> None:
    kind = UnitType(code="X", name="Contoh")
    async with transaction(runtime.database) as session:
        session.add(kind)
        await session.flush()
        await session.execute(insert(UnitType), [{"code": code, "name": code} for code in "YZ"])
    hands.now += AN_HOUR
    async with transaction(runtime.database) as session:
        session.add(kind)
        kind.name = "Contoh lain"
        await session.execute(update(UnitType).where(UnitType.code == "Y").values(name="Lagi"))

    async with transaction(runtime.database) as session:
        query = select(UnitType.code, UnitType.created_at, UnitType.updated_at)
        stamps = await session.execute(query.where(UnitType.code.in_(list("XYZ"))).order_by("code"))
        assert [tuple(row) for row in stamps] == [
            ("X", MONDAY, MONDAY + AN_HOUR),
            ("Y", MONDAY, MONDAY + AN_HOUR),
            ("Z", MONDAY, MONDAY),
        ]


async def test_the_same_connections_can_write_at_another_moment(runtime: Runtime) -> None:
    earlier = runtime.database.at(lambda: MONDAY - AN_HOUR)
    now, before = UnitType(code="X", name="Kini"), UnitType(code="Y", name="Tadi")

    for database, row in ((runtime.database, now), (earlier, before)):
        async with transaction(database) as session:
            session.add(row)

    assert (now.created_at, before.created_at) == (MONDAY, MONDAY - AN_HOUR)


async def test_an_engine_without_a_clock_writes_nothing(database_url: str) -> None:
    engine = create_async_engine(alchemy_url(database_url))
    statement = insert(UnitType).values(code="X", name="Contoh")

    async with engine.connect() as connection:
        with pytest.raises(StatementError, match="no clock"):
            await connection.execute(statement)

    await engine.dispose()
