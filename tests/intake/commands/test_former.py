"""A demo of a build before the first release begins anew; nobody else's data is touched."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from core.ground.database import plain_url
from intake import embedded
from intake.commands.former import set_aside
from intake.commands.run import DEMO
from intake.hospital.check import check_file

HOUSE = check_file(DEMO)[0]
DEMO_S = (HOUSE.hospital.name, HOUSE.hospital.phone, HOUSE.hospital.email)
MAKE = """
CREATE TABLE alembic_version AS SELECT $1::text AS version_num;
CREATE TABLE hospital (name text, phone text, email text);
CREATE TABLE units (code text PRIMARY KEY);
CREATE TABLE tickets (words text, unit text CONSTRAINT fk_tickets_unit_id REFERENCES units);
INSERT INTO units VALUES ('PENGADUAN');
INSERT INTO tickets VALUES ('AC mati.', 'PENGADUAN');
"""


async def made_by_a_former_build(
    url: str, revision: str = "0007", hospital: tuple[str, ...] = DEMO_S, unit: str = "MELATI"
) -> None:
    connection = await asyncpg.connect(plain_url(url))
    await connection.execute(MAKE.replace("$1", f"'{revision}'"))
    await connection.execute("INSERT INTO hospital VALUES ($1, $2, $3)", *hospital)
    await connection.execute("INSERT INTO units VALUES ($1)", unit)
    await connection.close()


async def tables(url: str) -> set[str]:
    connection = await asyncpg.connect(plain_url(url))
    rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    await connection.close()
    return {str(row[0]) for row in rows}


@pytest.fixture
async def name(postgres_server: embedded.Server, worker_id: str) -> AsyncIterator[str]:
    name = f"former_{worker_id}"
    postgres_server.create_database(name)
    yield name
    admin = await asyncpg.connect(plain_url(postgres_server.owner_dsn("postgres")))
    for row in await admin.fetch(
        "SELECT datname FROM pg_database WHERE datname LIKE $1", f"{name}%"
    ):
        await admin.execute(f'DROP DATABASE "{row[0]}" WITH (FORCE)')
    await admin.close()


async def test_the_demo_s_database_is_kept_under_another_name_and_made_anew(
    postgres_server: embedded.Server, name: str
) -> None:
    await made_by_a_former_build(postgres_server.owner_dsn(name))

    kept = await set_aside(postgres_server, HOUSE, name)

    assert kept == f"{name}_0007_1"
    assert await tables(postgres_server.owner_dsn(name)) == set()
    assert "tickets" in await tables(postgres_server.owner_dsn(kept))


@pytest.mark.parametrize(
    "changes",
    [
        {"revision": "kiss1"},
        {"revision": "tomorrow"},
        {"hospital": ("RS Sungguhan", *DEMO_S[1:])},
        {"hospital": (DEMO_S[0], "021-555", DEMO_S[2])},
        {"unit": "BANGSAL-BARU"},
    ],
)
async def test_what_is_not_the_demo_s_or_not_of_such_a_build_is_left_alone(
    postgres_server: embedded.Server, name: str, changes: dict[str, str]
) -> None:
    url = postgres_server.owner_dsn(name)
    await made_by_a_former_build(url, **changes)  # type: ignore[arg-type]  # a row each

    assert await set_aside(postgres_server, HOUSE, name) is None
    assert "tickets" in await tables(url)


async def test_an_empty_database_is_nobody_s(postgres_server: embedded.Server, name: str) -> None:
    assert await set_aside(postgres_server, HOUSE, name) is None
