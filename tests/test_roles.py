"""The application's role owns nothing: it writes rows, and to history and audit it only adds."""

from collections.abc import AsyncIterator
from typing import TypeAlias

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from core.ground.database import alchemy_url, open_database, plain_url
from core.runtime import Runtime
from core.schema import SCHEMAS, metadata
from core.tickets.desk import Desk
from intake import embedded
from intake.commands.checks.database import roles
from intake.embedded.server import psql
from migrations.roles import ADDED_TO, Application, RoleIsMissingError, application_of
from migrations.upgrade import SchemaState, schema_state, upgrade
from tests import builders

TABLES = [*sorted(metadata().tables), "alembic_version"]
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@pytest.fixture
async def application(database_url: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(plain_url(database_url))
    yield connection
    await connection.close()


async def test_the_application_empties_no_table_and_switches_no_trigger_off(
    application: Connection,
) -> None:
    allowed = []
    for table in TABLES:
        for attack in (
            f"TRUNCATE {table} CASCADE",
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
            f"ALTER TABLE {table} ADD COLUMN more text",
            f"ALTER TABLE {table} OWNER TO CURRENT_USER",
            f"CREATE TRIGGER mine BEFORE INSERT ON {table} EXECUTE FUNCTION keep_history()",
            f"DROP TABLE {table} CASCADE",
        ):
            try:
                await application.execute(attack)
            except asyncpg.InsufficientPrivilegeError:
                continue
            allowed.append(attack)

    assert allowed == []


@pytest.mark.parametrize(
    "attack",
    [
        *(f"CREATE TABLE {schema}.mine (id int)" for schema in SCHEMAS),
        *(f"UPDATE {table} SET data = '{{}}'" for table in ADDED_TO),
        *(f"DELETE FROM {table}" for table in ADDED_TO),
        "UPDATE alembic_version SET version_num = 'mine'",
        "DROP FUNCTION keep_history CASCADE",
        "CREATE OR REPLACE FUNCTION keep_history() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
        "DROP SCHEMA audit CASCADE",
        "ALTER SEQUENCE ticket_number_seq RESTART",
        "SELECT setval('ticket_number_seq', 1)",
        "SET session_replication_role = replica",
        "SET ROLE postgres",
        "CREATE ROLE mine",
        "CREATE EXTENSION pg_trgm",
    ],
)
async def test_the_application_changes_neither_shape_nor_history(
    application: Connection, attack: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await application.execute(attack)


async def test_the_same_is_refused_to_a_psql_of_that_role(
    postgres_server: embedded.Server, worker_database: object, worker_id: str
) -> None:
    assert worker_database
    sql = f'\\c "worker_{worker_id}" kiss\nTRUNCATE events'

    told = psql(postgres_server.place, postgres_server.binaries, sql)

    assert told.returncode != 0
    assert "42501" in told.stderr  # insufficient_privilege


async def test_a_ticket_that_is_erased_takes_its_history_along(
    runtime: Runtime, application: Connection
) -> None:
    await Desk(runtime).submit(builders.submission())

    await application.execute("DELETE FROM tickets")

    assert await application.fetchval("SELECT count(*) FROM events") == 0


@pytest.fixture
async def empty(
    postgres_server: embedded.Server, worker_id: str
) -> AsyncIterator[tuple[str, Application]]:
    """Give the owner's URL of an empty database, and a role that nobody has made."""
    name, role = f"roles_{worker_id}", f"application of {worker_id}"
    postgres_server.create_database(name)
    url = postgres_server.owner_dsn(name)
    yield url, Application(name=role, password="o'clock")
    admin = await asyncpg.connect(plain_url(postgres_server.owner_dsn("postgres")))
    await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.execute(f'DROP ROLE "{role}"')
    await admin.close()


async def test_migrating_makes_the_role_where_it_is_missing_and_again_changes_nothing(
    empty: tuple[str, Application],
) -> None:
    url, role = empty
    engine = create_async_engine(alchemy_url(url))

    await upgrade(engine, role)
    once = await _rights(url)
    await upgrade(engine, role)

    assert len(once) > len(TABLES)
    assert await _rights(url) == once
    await engine.dispose()
    assert "o'clock" not in repr(role)


async def test_a_role_that_may_not_read_the_tables_is_told_so(
    empty: tuple[str, Application], postgres_server: embedded.Server, worker_id: str
) -> None:
    url, role = empty
    owner = create_async_engine(alchemy_url(url))
    other = create_async_engine(alchemy_url(postgres_server.dsn(f"roles_{worker_id}")))

    await upgrade(owner, role)

    assert await schema_state(other) is SchemaState.CLOSED
    await owner.dispose()
    await other.dispose()


async def test_an_owner_who_may_make_no_role_says_what_to_do(
    empty: tuple[str, Application],
) -> None:
    url, role = empty
    connection = await asyncpg.connect(plain_url(url))
    await connection.execute(f'CREATE ROLE "{role.name}" LOGIN')
    await connection.execute(
        f'ALTER DATABASE "{connection._params.database}" OWNER TO "{role.name}"'
    )
    await connection.close()
    engine = create_async_engine(alchemy_url(url.replace("postgres@", f"{role.name}@")))

    with pytest.raises(RoleIsMissingError, match='CREATE ROLE "nobody" LOGIN'):
        await upgrade(engine, Application(name="nobody"))

    await engine.dispose()


async def test_doctor_says_who_owns_the_tables(runtime: Runtime, owner_url: str) -> None:
    apart = await roles(runtime.database)
    owners = await open_database(owner_url, runtime.settings, runtime.clock)
    same = await roles(owners)
    await owners.close()

    assert (apart.state, same.state) == ("ok", "warn")
    assert "DATABASE_OWNER_URL" in same.sentence


async def test_doctor_says_where_history_is_open(runtime: Runtime, owner_url: str) -> None:
    owner = await asyncpg.connect(plain_url(owner_url))
    try:
        await owner.execute("GRANT UPDATE ON events TO kiss")
        opened = await roles(runtime.database)
    finally:
        await owner.execute("REVOKE UPDATE ON events FROM kiss")
        await owner.close()

    assert (opened.state, (await roles(runtime.database)).state) == ("warn", "ok")


def test_a_role_is_read_from_its_url() -> None:
    told = application_of("postgresql+asyncpg://kiss:p%40ss@db:5432/kiss")

    assert told == Application(name="kiss", password="p@ss")
    assert application_of("postgresql:///kiss") is None


async def _rights(url: str) -> "list[asyncpg.Record]":
    connection = await asyncpg.connect(plain_url(url))
    found = await connection.fetch(
        "SELECT grantee, table_schema, table_name, privilege_type"
        "  FROM information_schema.role_table_grants WHERE grantee LIKE 'application of %'"
        " ORDER BY 1, 2, 3, 4"
    )
    await connection.close()
    return list(found)
