"""Models and migrations say the same, and several starts at once migrate once."""

import asyncio

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from core.ground.database import alchemy_url
from intake import embedded
from migrations import upgrade as migrations


@pytest.fixture
async def engine(postgres_server: embedded.Server, worker_id: str) -> AsyncEngine:
    name = f"migrations_{worker_id}"
    postgres_server.create_database(name)
    engine = create_async_engine(alchemy_url(postgres_server.owner_dsn(name)))
    async with engine.begin() as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
        for schema in ("audit", "analytics", "auth"):
            await connection.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))
    return engine


async def test_models_and_migrations_are_equal(engine: AsyncEngine) -> None:
    await migrations.upgrade(engine)

    await migrations.check(engine)

    await engine.dispose()


async def test_three_starts_at_once_end_at_the_newest_revision(engine: AsyncEngine) -> None:
    await asyncio.gather(*(migrations.upgrade(engine) for _ in range(3)))

    async with engine.connect() as connection:
        versions = list(await connection.scalars(text("SELECT version_num FROM alembic_version")))
    assert len(versions) == 1
    assert await migrations.schema_state(engine) is migrations.SchemaState.CURRENT
    await engine.dispose()


async def test_a_database_says_how_it_stands_to_this_release(engine: AsyncEngine) -> None:
    empty = await migrations.schema_state(engine)
    await migrations.upgrade(engine)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'tomorrow'"))
    newer = await migrations.schema_state(engine)

    assert (empty, newer) == (migrations.SchemaState.EMPTY, migrations.SchemaState.NEWER)
    with pytest.raises(migrations.DatabaseIsNewerError, match="newer release"):
        await migrations.upgrade(engine)
    await engine.dispose()


async def test_a_database_of_a_build_before_the_first_release_is_refused_and_left_as_it_is(
    engine: AsyncEngine,
) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE alembic_version AS SELECT '0007' version_num"))
        await connection.execute(text("CREATE TABLE tickets (words text)"))

    found = await migrations.schema_state(engine)
    with pytest.raises(migrations.DatabaseIsFormerError, match="nothing in it was changed") as told:
        await migrations.upgrade(engine)

    assert found is migrations.SchemaState.FORMER
    assert "newer" not in str(told.value)
    async with engine.connect() as connection:
        tables = await connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        )
        assert list(tables) == ["alembic_version", "tickets"]
    await engine.dispose()


def test_the_revisions_read_from_the_files_are_those_alembic_finds() -> None:
    found = ScriptDirectory.from_config(migrations.configuration()).walk_revisions()

    assert migrations.revisions() == {script.revision: script.down_revision for script in found}
