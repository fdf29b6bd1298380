"""Models and migrations say the same, and several starts at once migrate once."""

import asyncio
import shutil
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from core.ground.database import alchemy_url, open_database
from core.ground.settings import Settings
from intake import embedded
from intake.commands.checks.database import shape
from migrations import upgrade as migrations
from migrations.catalogue import Drift, drift
from tests.builders import Hands
from tools.catalogue import RELEASED, VERSIONS, unlike


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


def test_an_applied_migration_is_frozen() -> None:
    assert unlike() == [], "a released revision never changes; a new one: python -m tools.catalogue"


@pytest.mark.parametrize(
    ("file", "words", "fault"),
    [
        ("kiss1_the_first_schema.sql", "-- more", "kiss1_the_first_schema.sql was changed"),
        ("mood.py", "revision = 'mood'", "mood.py has no line"),
        ("kiss1_the_first_schema.py", None, "kiss1_the_first_schema.py is gone"),
    ],
)
def test_a_changed_a_new_and_a_lost_revision_are_noticed(
    tmp_path: Path, file: str, words: str | None, fault: str
) -> None:
    versions = tmp_path / "versions"
    shutil.copytree(VERSIONS, versions, ignore=shutil.ignore_patterns("__pycache__"))
    if words is None:
        (versions / file).unlink()
    else:
        with (versions / file).open("a") as opened:
            opened.write(words)

    assert unlike(versions, RELEASED) == [fault]


@pytest.mark.parametrize("revision", migrations.revisions())
async def test_from_every_revision_the_way_leads_to_the_shape_of_this_release(
    engine: AsyncEngine, revision: str
) -> None:
    folder = Path(migrations.__file__).parent

    await upgraded(engine, folder, revision)
    await migrations.upgrade(engine)

    async with engine.connect() as connection:
        assert await drift(connection) == Drift()
    await engine.dispose()


[HEAD] = set(migrations.revisions()) - set(migrations.revisions().values())

MOOD = """
from alembic import op
revision, down_revision = "mood", "%s"
branch_labels = depends_on = None

def upgrade():
    op.execute("ALTER TABLE tickets ADD COLUMN mood text")
    op.execute("DROP INDEX idx_units_is_active")
"""


async def test_a_revision_that_changes_the_shape_unnoticed_is_named_and_told_by_doctor(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(Path(migrations.__file__).parent, folder)
    (folder / "versions" / "mood.py").write_text(MOOD % HEAD)

    await upgraded(engine, folder, HEAD)
    await upgraded(engine, folder, "head")

    async with engine.connect() as connection:
        found = await drift(connection)
    index = "index CREATE INDEX idx_units_is_active ON units USING btree (is_active)"
    assert found == Drift(missing=(index,), extra=("column tickets.mood text",))
    url = engine.url.render_as_string(hide_password=False)
    opened = await open_database(url, Settings(), Hands())
    told = await shape(opened)
    await opened.close()
    assert (told.state, index in told.sentence) == ("fail", True)
    await engine.dispose()


async def upgraded(engine: AsyncEngine, folder: Path, revision: str) -> None:
    """Bring an empty or older database to a revision of the migrations in a folder."""
    config = migrations.configuration(folder)

    def to_it(connection: Connection) -> None:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    async with engine.begin() as connection:
        await connection.run_sync(to_it)
